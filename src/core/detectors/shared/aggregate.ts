import type { PreparedSeries } from '../../prepare/prepared';
import { LARGEST_SCORE } from '../../scoring/scores';

/**
 * A_t = (mean of s_u⁴ over u = t−(span−window)..t)^(1/4): covers exactly the `span` rows that end at t. The aggregation of every window
 * detector, so that they can be compared at equal window, aggregation and threshold rule. `span` = `window`: A_t = s_t.
 *
 * Direct sums: a running sum of fourth powers loses all digits after one large score.
 *
 * @param points - [n] s_t, at least 0, from the first full window of each segment on. @returns [n] NaN where fewer rows exist.
 */
export function causalScore(
  points: Float64Array,
  { segments }: Pick<PreparedSeries, 'segments'>,
  window: number,
  span: number,
): Float32Array {
  const result = new Float32Array(points.length).fill(Number.NaN);
  const powers = points.map((s) => s ** 4);
  const count = span - window + 1;
  for (const { start, end } of segments) {
    for (let row = start + span - 1; row < end; row++) {
      let sum = 0;
      for (let u = row - count + 1; u <= row; u++) sum += powers[u]!;
      // Not finite only where a value left the range of float32: as anomalous as can be said.
      result[row] = Number.isFinite(sum) ? Math.min((sum / count) ** 0.25, LARGEST_SCORE) : LARGEST_SCORE;
    }
  }
  return result;
}

/**
 * Shares of the tags over the rows behind each aggregated score, weighted as the score weights them (fourth powers).
 *
 * @param score - of `causalScore`. @param shares - [n, c] of each s_t; not read for one tag. @returns [n, c], rows sum to 1.
 */
export function sharesOverSpan(
  score: Float32Array,
  points: Float64Array,
  shares: Float32Array,
  c: number,
  window: number,
  span: number,
): Float32Array {
  const result = new Float32Array(score.length * c).fill(Number.NaN);
  const count = span - window + 1;
  const sums = new Float64Array(c);
  score.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    if (c === 1) {
      result[row] = 1;
      return;
    }
    sums.fill(0);
    for (let u = row - count + 1; u <= row; u++) {
      const weight = points[u]! ** 4;
      for (let j = 0; j < c; j++) sums[j] = sums[j]! + weight * shares[u * c + j]!;
    }
    const total = sums.reduce((sum, part) => sum + part, 0);
    const known = total > 0 && Number.isFinite(total);
    for (let j = 0; j < c; j++) result[row * c + j] = known ? sums[j]! / total : 1 / c;
  });
  return result;
}

/** Energy of each tag in a residual of whole rows ([rows·c], tag fastest) as shares that sum to 1, written to `into` from `at` on. */
export function writeEnergyShares(energy: Float64Array, into: Float32Array, at: number): void {
  const total = energy.reduce((sum, part) => sum + part, 0);
  const known = total > 0 && Number.isFinite(total);
  for (let j = 0; j < energy.length; j++) into[at + j] = known ? energy[j]! / total : 1 / energy.length;
}
