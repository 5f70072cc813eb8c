import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate } from './decimate';
import { blockTimes, buildPyramid, chooseFactor, decimateFromPyramid, joinBlocks } from './pyramid';

const seconds = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i * 1000);
const extremes = (values: ArrayLike<number>): [number, number] => {
  const known = Array.from(values).filter((v) => !Number.isNaN(v));
  return [Math.min(...known), Math.max(...known)];
};

describe('decimation', () => {
  it('gives the samples themselves when they fit', () => {
    const line = decimate(seconds(4), Float64Array.of(1, NaN, 3, 4), { start: 1000, end: 4000 }, 10);
    expect(line).toEqual({
      time: Float64Array.of(1000, 2000, 3000),
      min: Float32Array.of(NaN, 3, 4),
      max: Float32Array.of(NaN, 3, 4),
      raw: true,
    });
  });

  it('keeps both extremes of each bucket', () => {
    const line = decimate(seconds(6), Float64Array.of(1, 9, 2, 3, NaN, -5), { start: 0, end: 6000 }, 3);
    expect(line).toEqual({
      time: Float64Array.of(0, 2000, 4000),
      min: Float32Array.of(1, 2, -5),
      max: Float32Array.of(9, 3, -5),
      raw: false,
    });
  });

  it('draws nothing across a gap, raw or not', () => {
    const time = Float64Array.of(0, 1000, 2000, 3000, 4000, 20_000, 21_000, 22_000, 23_000, 24_000);
    const values = new Float64Array(10).fill(1);
    const raw = decimate(time, values, { start: 0, end: 25_000 }, 50);
    expect([...raw.time]).toEqual([0, 1000, 2000, 3000, 4000, 12_000, 20_000, 21_000, 22_000, 23_000, 24_000]);
    expect([...raw.min].indexOf(NaN as number)).toBe(-1);
    expect(raw.min[5]).toBeNaN();
    const few = decimate(time, values, { start: 0, end: 25_000 }, 5);
    expect([...few.min]).toEqual([1, NaN, NaN, NaN, 1]);
  });

  it('leaves no hole where rows are merely coarser than buckets', () => {
    // Bursts of three rows 1 ms apart every second: most of the 29 buckets hold no row, but no row is 2 s from the next.
    const time = Float64Array.from({ length: 30 }, (_, i) => Math.floor(i / 3) * 1000 + (i % 3));
    const line = decimate(time, new Float64Array(30).fill(1), { start: 0, end: 9003 }, 29, 2000);
    expect([...line.min].every((v) => v === 1)).toBe(true);
  });

  it('loses no extreme, gives at most the buckets asked for, in order of time', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer({ min: 1, max: 50 }), fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constant(NaN))),
          {
            minLength: 1,
            maxLength: 200,
          },
        ),
        fc.integer({ min: 1, max: 40 }),
        (rows, buckets) => {
          let at = 0;
          const time = Float64Array.from(rows, ([step]) => (at += step));
          const values = Float64Array.from(rows, ([, v]) => v);
          const line = decimate(time, values, { start: time[0]!, end: time.at(-1)! + 1 }, buckets);
          expect(line.time.length).toBeLessThanOrEqual(buckets);
          for (let i = 1; i < line.time.length; i++) expect(line.time[i]!).toBeGreaterThan(line.time[i - 1]!);
          expect(extremes(line.min)[0]).toBe(extremes(values)[0]);
          expect(extremes(line.max)[1]).toBe(extremes(values)[1]);
        },
      ),
    );
  });
});

describe('pyramid', () => {
  const n = 5000;
  const values = Float64Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i / 30) + (i === 3210 ? 40 : 0)));

  it('has the extremes of each block on every level', () => {
    for (const level of buildPyramid(values)) {
      expect(level.min.length).toBe(Math.ceil(n / level.factor));
      level.max.forEach((max, b) => {
        const block = values.subarray(b * level.factor, (b + 1) * level.factor);
        expect([level.min[b], max]).toEqual(extremes(block));
      });
    }
  });

  it('keeps a block without values empty', () => {
    const [level] = buildPyramid(Float64Array.from({ length: 128 }, (_, i) => (i < 64 ? NaN : i)));
    expect([...level!.min]).toEqual([NaN, 64]);
  });

  it('shows the same spike as the samples do', () => {
    const time = seconds(n);
    const [level] = buildPyramid(values);
    const blocks = { time: blockTimes(time, level!.factor), min: level!.min, max: level!.max };
    const range = { start: 3_000_000, end: 3_500_000 };
    const line = decimateFromPyramid(blocks, range, 4);
    expect(line.raw).toBe(false);
    expect(Math.max(...line.max)).toBe(Math.max(...decimate(time, values, range, 4).max));
    // The block that begins before the range is drawn as well.
    expect(line.time[0]).toBeLessThanOrEqual(range.start);
  });

  it('joins the blocks of neighbouring chunks', () => {
    const part = (from: number) => ({ time: Float64Array.of(from), min: Float32Array.of(1), max: Float32Array.of(2) });
    expect(joinBlocks([part(0), part(5)])).toEqual({
      time: Float64Array.of(0, 5),
      min: Float32Array.of(1, 1),
      max: Float32Array.of(2, 2),
    });
  });

  it('reads a level only where it has two blocks for each bucket', () => {
    expect(chooseFactor(100_000, 1000)).toBe(1);
    expect(chooseFactor(128_000, 1000)).toBe(64);
    expect(chooseFactor(10_000_000, 1000)).toBe(4096);
  });
});
