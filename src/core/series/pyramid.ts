import { decimateBlocks, type Blocks } from './decimate';
import { lowerBound } from './search';
import type { DecimatedLine, TimeRange } from './series';
import { usualGapMs } from './statistics';

/** Samples in one block of each level: 64, then eight times more. A chunk of 65,536 samples has 1024, 128, 16 and 2 blocks. */
export const pyramidFactors = [64, 512, 4096, 32768] as const;

/** One level of the pyramid of one column (or one chunk of it). */
export interface PyramidLevel {
  /** Samples in a block; the last block may hold fewer. */
  readonly factor: number;
  /** [ceil(n / factor)] NaN for a block without a value. */
  readonly min: Float32Array;
  readonly max: Float32Array;
}

/** Smallest and largest value of each block, on every level. @param values - [n] NaN where there is no value. */
export function buildPyramid(values: ArrayLike<number>, factors: readonly number[] = pyramidFactors): PyramidLevel[] {
  const levels: PyramidLevel[] = [];
  let below: { factor: number; min: ArrayLike<number>; max: ArrayLike<number> } = { factor: 1, min: values, max: values };
  for (const factor of factors) {
    const step = factor / below.factor;
    const blocks = Math.ceil(below.min.length / step);
    const level: PyramidLevel = { factor, min: new Float32Array(blocks).fill(NaN), max: new Float32Array(blocks).fill(NaN) };
    for (let b = 0; b < blocks; b++) {
      let low = NaN;
      let high = NaN;
      const end = Math.min(below.min.length, (b + 1) * step);
      for (let i = b * step; i < end; i++) {
        const small = below.min[i]!;
        const large = below.max[i]!;
        if (small < low || Number.isNaN(low)) low = small;
        if (large > high || Number.isNaN(high)) high = large;
      }
      level.min[b] = low;
      level.max[b] = high;
    }
    levels.push(level);
    below = level;
  }
  return levels;
}

/** Time of the first sample of each block. @param time - [n] @returns [ceil(n / factor)] */
export function blockTimes(time: Float64Array, factor: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(time.length / factor) }, (_, b) => time[b * factor]!);
}

/** Levels of neighbouring chunks as one run of blocks. Every chunk but the last must hold whole blocks. */
export function joinBlocks(parts: readonly Blocks[]): Blocks {
  const n = parts.reduce((sum, part) => sum + part.time.length, 0);
  const all = { time: new Float64Array(n), min: new Float32Array(n), max: new Float32Array(n) };
  let at = 0;
  for (const part of parts) {
    all.time.set(part.time, at);
    all.min.set(part.min, at);
    all.max.set(part.max, at);
    at += part.time.length;
  }
  return all;
}

/**
 * The coarsest factor whose blocks still show `rows` samples in `buckets` buckets exactly enough: at least two blocks for a bucket.
 * 1 means that the samples themselves must be read.
 */
export function chooseFactor(rows: number, buckets: number, factors: readonly number[] = pyramidFactors): number {
  return factors.reduce((best, factor) => (rows / factor >= 2 * buckets ? factor : best), 1);
}

/**
 * Like `decimate`, from one level of a pyramid instead of the samples: extremes are exact, edges of the range and of buckets are
 * widened to whole blocks.
 *
 * @param blocks - of one level, neighbouring.
 * @param range - half-open; the block that begins before it and reaches into it is included.
 * @param gapMs - distance of neighbouring **block** starts that is a gap; by default three times the usual one.
 */
export function decimateFromPyramid(
  blocks: Blocks,
  range: TimeRange,
  buckets: number,
  gapMs: number = usualGapMs(blocks.time),
): DecimatedLine {
  const begin = lowerBound(blocks.time, range.start);
  const first = begin > 0 && blocks.time[begin] !== range.start ? begin - 1 : begin;
  const last = lowerBound(blocks.time, range.end);
  return decimateBlocks(blocks, Math.min(first, last), last, range, buckets, gapMs, false);
}
