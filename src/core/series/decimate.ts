import { lowerBound } from './search';
import type { DecimatedLine, TimeRange } from './series';
import { usualGapMs } from './statistics';

/** Neighbouring blocks of samples: first time, smallest and largest value of each. A block of one sample has min === max. */
export interface Blocks {
  /** [b] strictly increasing. */
  readonly time: Float64Array;
  /** [b] NaN for a block without a value. */
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
}

/**
 * The line a chart draws for a range: at most `buckets` points, each with the smallest **and** largest value, so that a spike of one
 * sample is seen at every zoom.
 *
 * The samples themselves when they fit, otherwise equal time buckets. A bucket without a value, and a place where rows are further
 * apart than `gapMs`, is NaN: nothing is drawn across a gap.
 *
 * @param time - [n] ms, strictly increasing.
 * @param values - [n] NaN where there is no value.
 * @param range - half-open.
 * @param gapMs - distance of rows that is a gap; by default `usualGapMs(time)`.
 */
export function decimate(
  time: Float64Array,
  values: ArrayLike<number>,
  range: TimeRange,
  buckets: number,
  gapMs: number = usualGapMs(time),
): DecimatedLine {
  const first = lowerBound(time, range.start);
  const last = lowerBound(time, range.end);
  return decimateBlocks({ time, min: values, max: values }, first, last, range, buckets, gapMs, true);
}

/** Decimation of the blocks `first` to `last` (exclusive); shared with the pyramid. @param single - blocks are single samples. */
export function decimateBlocks(
  blocks: Blocks,
  first: number,
  last: number,
  range: TimeRange,
  buckets: number,
  gapMs: number,
  single: boolean,
): DecimatedLine {
  if (last - first <= buckets) {
    const gaps = gapRows(blocks.time, first, last, gapMs);
    if (last - first + gaps.length <= buckets) return whole(blocks, first, last, gaps, single);
  }
  return bucketed(blocks, first, last, range, buckets, gapMs);
}

/** Rows (absolute) after which a gap begins. */
function gapRows(time: Float64Array, first: number, last: number, gapMs: number): number[] {
  const rows: number[] = [];
  for (let i = first; i + 1 < last; i++) if (time[i + 1]! - time[i]! > gapMs) rows.push(i);
  return rows;
}

function whole(blocks: Blocks, first: number, last: number, gaps: readonly number[], raw: boolean): DecimatedLine {
  const n = last - first + gaps.length;
  const line = { time: new Float64Array(n), min: new Float32Array(n).fill(NaN), max: new Float32Array(n).fill(NaN), raw };
  let at = 0;
  let gap = 0;
  for (let i = first; i < last; i++, at++) {
    line.time[at] = blocks.time[i]!;
    line.min[at] = blocks.min[i]!;
    line.max[at] = blocks.max[i]!;
    if (gaps[gap] === i) {
      gap++;
      at++;
      // The NaN point lies inside the gap, so that times stay increasing.
      line.time[at] = (blocks.time[i]! + blocks.time[i + 1]!) / 2;
    }
  }
  return line;
}

function bucketed(blocks: Blocks, first: number, last: number, range: TimeRange, buckets: number, gapMs: number): DecimatedLine {
  const width = (range.end - range.start) / buckets;
  const time = new Float64Array(buckets);
  const min = new Float32Array(buckets).fill(NaN);
  const max = new Float32Array(buckets).fill(NaN);
  let used = 0;
  let row = first;
  for (let b = 0; b < buckets; b++) {
    const until = b === buckets - 1 ? Infinity : range.start + (b + 1) * width;
    const begin = row;
    let low = NaN;
    let high = NaN;
    for (; row < last && blocks.time[row]! < until; row++) {
      // Written so that NaN loses every comparison against a value.
      if (!(blocks.min[row]! >= low)) low = Number.isNaN(blocks.min[row]!) ? low : blocks.min[row]!;
      if (!(blocks.max[row]! <= high)) high = Number.isNaN(blocks.max[row]!) ? high : blocks.max[row]!;
    }
    if (row === begin) {
      // Before the first row, after the last one, or between two: a gap, unless sampling is merely coarser than the buckets.
      const inside = row > first && row < last;
      if (inside && blocks.time[row]! - blocks.time[row - 1]! <= gapMs) continue;
      time[used] = range.start + b * width;
    } else {
      time[used] = blocks.time[begin]!;
      min[used] = low;
      max[used] = high;
    }
    used++;
  }
  return { time: time.slice(0, used), min: min.slice(0, used), max: max.slice(0, used), raw: false };
}
