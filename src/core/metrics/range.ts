import type { Segment } from './segments';

export const rangeBiases = ['flat', 'front', 'middle', 'back'] as const;
export type RangeBias = (typeof rangeBiases)[number];

/**
 * Range-based recall: mean over `ranges` of α·[overlapped] + (1 − α)·γ·ω. ω is the share of a range that `others` cover, weighted by the
 * position inside the range (never the row number in the series: a bias must not depend on where the range stands). γ is 1 when at most
 * one range of `others` overlaps, else 1 / their number. Precision is the same with the roles exchanged and α = 0.
 *
 * @param ranges - ascending, disjoint.
 * @param others - ascending, disjoint.
 * @returns null when there is no range.
 * @see Tatbul et al., "Precision and recall for time series", NeurIPS 2018, equations 4 to 8, γ reciprocal.
 */
export function rangeRecall(ranges: readonly Segment[], others: readonly Segment[], alpha: number, bias: RangeBias): number | null {
  if (ranges.length === 0) return null;
  let sum = 0;
  let first = 0;
  for (const { start, end } of ranges) {
    const length = end - start + 1;
    while (first < others.length && others[first]!.end < start) first++;
    let overlapping = 0;
    let covered = 0;
    for (let j = first; j < others.length && others[j]!.start <= end; j++) {
      overlapping++;
      const from = Math.max(start, others[j]!.start) - start;
      const to = Math.min(end, others[j]!.end) - start + 1;
      covered += weightUpTo(to, length, bias) - weightUpTo(from, length, bias);
    }
    if (overlapping === 0) continue;
    sum += alpha + ((1 - alpha) * (covered / weightUpTo(length, length, bias))) / overlapping;
  }
  return sum / ranges.length;
}

/** Sum of δ(1..i) in a range of `length`: flat 1; front L − i + 1; back i; middle i up to L / 2, L − i + 1 beyond. */
function weightUpTo(i: number, length: number, bias: RangeBias): number {
  const triangle = (k: number): number => (k * (k + 1)) / 2;
  switch (bias) {
    case 'flat':
      return i;
    case 'front':
      return triangle(length) - triangle(length - i);
    case 'back':
      return triangle(i);
    case 'middle': {
      const half = Math.floor(length / 2);
      return i <= half ? triangle(i) : triangle(half) + triangle(length - half) - triangle(length - i);
    }
  }
}
