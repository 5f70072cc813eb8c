import type { PreparedSeries } from '../../prepare/prepared';
import { LARGEST_SCORE } from '../../scoring/scores';

/**
 * A_t = (mean of s_u⁴ over u = t−(span−window)..t)^(1/4): covers exactly the `span` rows that end at t. The aggregation of every window
 * detector, so that they can be compared at equal window, aggregation and threshold rule. `span` = `window`: A_t = s_t.
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
  for (const { start, end } of segments) {
    if (end - start < span) continue;
    result.set(powerMeans(points.subarray(start + window - 1, end), span - window + 1), start + span - 1);
  }
  return result;
}

/**
 * A later, calmer look at the same points: the power mean over 2·span rows, shifted back by `span`, then the mean of 2·span of these
 * around t. It covers the rows less than 2·span away from t on both sides: for review, never for an alarm.
 *
 * @param points - as for `causalScore`. @returns [n] NaN where a segment holds fewer rows before or after t.
 */
export function reviewScore(
  points: Float64Array,
  { segments }: Pick<PreparedSeries, 'segments'>,
  window: number,
  span: number,
): Float32Array {
  const result = new Float32Array(points.length).fill(Number.NaN);
  const both = 2 * span;
  for (const { start, end } of segments) {
    if (end - start < 2 * both - 1) continue;
    // t takes those that end at t..t+both−1: an unusual row is in all of them exactly when t is that row.
    const means = powerMeans(points.subarray(start + window - 1, end), both - window + 1);
    const score = slidingSums(means, both).map((sum) => Math.min(sum / both, LARGEST_SCORE));
    result.set(score, start + both - 1);
  }
  return result;
}

/** (mean of s⁴)^(1/4) of each `count` points in a row. */
function powerMeans(points: Float64Array, count: number): Float64Array {
  const powers = points.map((s) => s ** 4);
  // Not finite only where a value left the range of float32: as anomalous as can be said.
  return slidingSums(powers, count).map((sum) =>
    Number.isFinite(sum) ? Math.min((sum / count) ** 0.25, LARGEST_SCORE) : LARGEST_SCORE,
  );
}

/**
 * Sums of each `count` values in a row, in two passes whatever `count` is: the end of one block of `count` values and the beginning of
 * the next (van Herk 1992, Gil and Werman 1993). Nothing is ever subtracted: a running sum of fourth powers would lose all digits after
 * one large score.
 *
 * @returns [n − count + 1], empty when there are fewer values.
 */
function slidingSums(values: Float64Array, count: number): Float64Array {
  if (count === 1) return values;
  const n = values.length;
  const sums = new Float64Array(Math.max(0, n - count + 1));
  let ending = 0;
  for (let i = Math.floor(n / count) * count - 1; i >= 0; i--) {
    ending = values[i]! + (i % count === count - 1 ? 0 : ending);
    if (i < sums.length) sums[i] = ending;
  }
  let beginning = 0;
  for (let i = count; i < n; i++) {
    beginning = values[i]! + (i % count === 0 ? 0 : beginning);
    if (i % count < count - 1) sums[i - count + 1] = sums[i - count + 1]! + beginning;
  }
  return sums;
}

/** Rows whose shares are taken at once. */
const ROWS_AT_ONCE = 8192;

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
  /** Bounds the memory whatever the length of the series. */
  const block = Math.max(ROWS_AT_ONCE, 4 * count);
  const shareOut = (from: number, to: number): void => {
    const first = from - count + 1;
    const powers = points.subarray(first, to).map((s) => s ** 4);
    const sums = Array.from({ length: c > 1 ? c : 0 }, (_, j) => {
      const weighted = new Float64Array(powers.length);
      for (let i = 0, at = first * c + j; i < powers.length; i++, at += c) weighted[i] = powers[i]! * shares[at]!;
      return slidingSums(weighted, count);
    });
    for (let row = from; row < to; row++) {
      let total = 0;
      for (const part of sums) total += part[row - from]!;
      const known = total > 0 && Number.isFinite(total);
      for (let j = 0; j < c; j++) result[row * c + j] = known ? sums[j]![row - from]! / total : 1 / c;
    }
  };
  for (let from = 0, to = 0; from < score.length; from = to + 1) {
    // A run of scores lies in one segment, and so do the points behind it.
    for (to = from; to < score.length && !Number.isNaN(score[to]!); to++);
    for (let at = from; at < to; at += block) shareOut(at, Math.min(to, at + block));
  }
  return result;
}

/** Energy of each tag in a residual of whole rows ([rows·c], tag fastest) as shares that sum to 1, written to `into` from `at` on. */
export function writeEnergyShares(energy: Float64Array, into: Float32Array, at: number): void {
  let total = 0;
  for (let j = 0; j < energy.length; j++) total += energy[j]!;
  const known = total > 0 && Number.isFinite(total);
  for (let j = 0; j < energy.length; j++) into[at + j] = known ? energy[j]! / total : 1 / energy.length;
}
