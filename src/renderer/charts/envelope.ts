import { upperBound } from '../../core/series/search';
import type { DecimatedLine, TimeRange } from '../../core/series/series';

/**
 * Points of a drawn line: each bucket gives its smallest and largest value at its time, the one nearer to the point before first,
 * so that the line does not jump back and forth. A bucket without value leaves the line broken.
 *
 * @param range - only buckets inside, and one beyond each edge, without which the line would end before the edge.
 * @returns flat [x, y, x, y, …]; a NaN y breaks the line.
 */
export function envelopePoints(line: DecimatedLine, range: TimeRange): Float64Array {
  const from = Math.max(0, indexAt(line.time, range.start));
  const to = Math.min(line.time.length, indexAt(line.time, range.end) + 2);
  const points = new Float64Array(4 * Math.max(0, to - from));
  let used = 0;
  let before = Number.NaN;
  for (let i = from; i < to; i++) {
    const min = line.min[i]!;
    const max = line.max[i]!;
    const first = Number.isNaN(before) || Math.abs(min - before) <= Math.abs(max - before) ? min : max;
    before = min + max - first;
    for (const y of before === first || Number.isNaN(min) ? [first] : [first, before]) {
      points[used++] = line.time[i]!;
      points[used++] = y;
    }
  }
  return points.subarray(0, used);
}

/** Points of the upper edge alone (scores: only height matters). Same layout and gaps as `envelopePoints`. */
export function upperPoints(line: DecimatedLine, range: TimeRange): Float64Array {
  return envelopePoints({ ...line, min: line.max }, range);
}

/** Smallest and largest value inside a range; null when there is none. */
export function extent(line: DecimatedLine, range: TimeRange): readonly [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < line.time.length; i++) {
    if (line.time[i]! < range.start || line.time[i]! > range.end || Number.isNaN(line.min[i]!)) continue;
    low = Math.min(low, line.min[i]!);
    high = Math.max(high, line.max[i]!);
  }
  return low <= high ? [low, high] : null;
}

/**
 * Limits that show the expected band beside the data. A band far wider than the data may take twice their height on either side, no
 * more: the line must keep its shape.
 */
export function withBand(
  [low, high]: readonly [number, number],
  band: { readonly time: Float64Array; readonly low: Float32Array; readonly high: Float32Array } | undefined,
  range: TimeRange,
): readonly [number, number] {
  const under = band && extent({ time: band.time, min: band.low, max: band.low, raw: false }, range);
  const over = band && extent({ time: band.time, min: band.high, max: band.high, raw: false }, range);
  if (!under || !over) return [low, high];
  const most = 2 * (high - low) || Infinity;
  return [Math.min(low, Math.max(under[0], low - most)), Math.max(high, Math.min(over[1], high + most))];
}

/** Position of the last entry at or before `time` in ascending times; -1 when there is none. */
export const indexAt = (times: Float64Array, time: number): number => upperBound(times, time) - 1;

/** Position of the entry nearest to `time`; -1 when there is none. */
export function nearestIndex(times: Float64Array, time: number): number {
  const before = indexAt(times, time);
  if (before + 1 >= times.length) return before;
  if (before < 0) return 0;
  return time - times[before]! <= times[before + 1]! - time ? before : before + 1;
}

/** What a line reads at an instant: one value, or the range of the bucket; null in a gap. */
export function readAt(line: DecimatedLine, time: number, step: boolean): { readonly min: number; readonly max: number } | null {
  // A bucket and a step hold until the next one begins; of single samples the nearest is read.
  const i = line.raw && !step ? nearestIndex(line.time, time) : indexAt(line.time, time);
  const min = line.min[i];
  const max = line.max[i];
  return min === undefined || max === undefined || Number.isNaN(min) ? null : { min, max };
}

/** Ends of a value axis: the data with a little air, never empty. */
export function valueLimits(low: number, high: number): readonly [number, number] {
  if (low === high) {
    const half = Math.max(Math.abs(low) * 0.05, 0.5);
    return [low - half, high + half];
  }
  return [low, high];
}
