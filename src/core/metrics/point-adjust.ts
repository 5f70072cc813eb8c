import type { Segment } from './segments';

/** What point-adjusted metrics need of a prediction: hits of each labelled segment and the false hits. */
export interface SegmentHits {
  /** [s] rows of each labelled segment. */
  readonly lengths: Int32Array;
  /** [s] predicted rows of each. */
  readonly hits: Int32Array;
  /** Predicted rows outside all segments. */
  readonly falseHits: number;
}

export interface PrecisionRecall {
  /** null where nothing is predicted. */
  readonly precision: number | null;
  readonly recall: number;
  readonly f1: number;
}

/**
 * @param segments - labelled, disjoint, at least one.
 * @param before - [n + 1] predicted rows before each row, see `onesBefore`.
 */
export function segmentHits(segments: readonly Segment[], before: Int32Array): SegmentHits {
  const hits = Int32Array.from(segments, ({ start, end }) => before[end + 1]! - before[start]!);
  return {
    lengths: Int32Array.from(segments, ({ start, end }) => end - start + 1),
    hits,
    falseHits: before.at(-1)! - hits.reduce((sum, hit) => sum + hit, 0),
  };
}

/**
 * PA%K: all rows of a labelled segment count as predicted when more than `k` per cent of them are. The comparison is strict and in whole
 * numbers, so k = 0 is plain point adjust and k = 100 is no adjustment.
 *
 * @see Kim et al., "Towards a rigorous evaluation of time-series anomaly detection", AAAI 2022 (arXiv 2109.05257), which also shows that
 *   random scores reach the state of the art with k = 0.
 */
export function pointAdjusted({ lengths, hits, falseHits }: SegmentHits, k: number): PrecisionRecall {
  let found = 0;
  let rows = 0;
  for (let i = 0; i < lengths.length; i++) {
    const [length, hit] = [lengths[i]!, hits[i]!];
    rows += length;
    found += hit * 100 > k * length ? length : hit;
  }
  return {
    precision: found + falseHits === 0 ? null : found / (found + falseHits),
    recall: found / rows,
    f1: (2 * found) / (found + falseHits + rows),
  };
}

/** [101] F1 of PA%K for K = 0..100, all at the one threshold of the prediction. */
export function paKCurve({ lengths, hits, falseHits }: SegmentHits): Float64Array {
  // gains[K]: rows that adjusting adds up to and including K.
  const gains = new Float64Array(101);
  let rows = 0;
  let found = 0;
  for (let i = 0; i < lengths.length; i++) {
    const [length, hit] = [lengths[i]!, hits[i]!];
    rows += length;
    found += hit;
    // Largest whole K with 100·hit > K·length.
    if (hit > 0) gains[Math.ceil((100 * hit) / length) - 1]! += length - hit;
  }
  const curve = new Float64Array(101);
  let gain = 0;
  for (let k = 100; k >= 0; k--) {
    gain += gains[k]!;
    curve[k] = (2 * (found + gain)) / (found + gain + falseHits + rows);
  }
  return curve;
}

/** Area under F1 over K = 0..100 by the trapezoid rule, divided by 100: between the last and the first value of the curve. */
export function paKArea(curve: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < 100; k++) sum += (curve[k]! + curve[k + 1]!) / 2;
  return sum / 100;
}
