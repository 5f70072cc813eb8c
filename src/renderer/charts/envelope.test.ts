import { describe, expect, it } from 'vitest';
import type { DecimatedLine } from '../../core/series/series';
import { envelopePoints, extent, indexAt, nearestIndex, readAt, withBand } from './envelope';

const line = (time: number[], min: number[], max: number[], raw = false): DecimatedLine => ({
  time: Float64Array.from(time),
  min: Float32Array.from(min),
  max: Float32Array.from(max),
  raw,
});

describe('points of a line', () => {
  it('hold both ends of every bucket, so that a spike cannot vanish', () => {
    // Second bucket 1..9: the line comes from 2, which is nearer to 1, so 1 is drawn before 9. Third: from 9, 3 is nearer than 2.
    expect([...envelopePoints(line([0, 10, 20], [1, 1, 2], [2, 9, 3]), { start: 0, end: 30 })]).toEqual([
      0, 1, 0, 2, 10, 1, 10, 9, 20, 3, 20, 2,
    ]);
  });
  it('break at a bucket without value', () => {
    expect([...envelopePoints(line([0, 10, 20], [1, Number.NaN, 1], [1, Number.NaN, 1]), { start: 0, end: 30 })]).toEqual([
      0,
      1,
      10,
      Number.NaN,
      20,
      1,
    ]);
  });
  it('hold one point beyond each edge of the range and no more', () => {
    const ramp = line([0, 10, 20, 30, 40], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4], true);
    expect([...envelopePoints(ramp, { start: 12, end: 25 })]).toEqual([10, 1, 20, 2, 30, 3]);
    expect([...envelopePoints(line([], [], []), { start: 0, end: 1 })]).toEqual([]);
  });
});

describe('reading a line', () => {
  const times = Float64Array.of(0, 10, 20);
  it('finds neighbours by binary search', () => {
    expect([-1, 0, 9, 10, 25].map((t) => indexAt(times, t))).toEqual([-1, 0, 0, 1, 2]);
    expect([-1, 4, 6, 99].map((t) => nearestIndex(times, t))).toEqual([0, 0, 1, 2]);
    expect(nearestIndex(new Float64Array(0), 5)).toBe(-1);
  });
  it('gives the nearest sample, the held step, or the range of a bucket', () => {
    const raw = line([0, 10, 20], [1, 2, 3], [1, 2, 3], true);
    expect(readAt(raw, 8, false)?.min).toBe(2);
    expect(readAt(raw, 8, true)?.min).toBe(1);
    expect(readAt(line([0, 10], [1, 4], [2, 6]), 9, false)).toEqual({ min: 1, max: 2 });
    expect(readAt(line([0, 10], [1, Number.NaN], [2, Number.NaN]), 12, false)).toBeNull();
  });
  it('finds the extent inside a range only', () => {
    expect(extent(line([0, 10, 20], [1, -4, 3], [2, 6, 9]), { start: 5, end: 15 })).toEqual([-4, 6]);
    expect(extent(line([0], [Number.NaN], [Number.NaN]), { start: 0, end: 1 })).toBeNull();
  });
});

describe('value axis with an expected band', () => {
  const range = { start: 0, end: 30 };
  const band = (low: number[], high: number[]) => ({
    time: Float64Array.of(0, 10, 20),
    low: Float32Array.from(low),
    high: Float32Array.from(high),
  });
  it('shows the band, but never squeezes the data below a fifth of the lane', () => {
    expect(withBand([4, 6], band([3, 2, 3], [5, 7, 5]), range)).toEqual([2, 7]);
    expect(withBand([4, 6], band([-90, -90, -90], [90, 90, 90]), range)).toEqual([0, 10]);
    expect(withBand([4, 6], band([4.5, 4.5, 4.5], [5, 5, 5]), range)).toEqual([4, 6]);
  });
  it('is the data alone where nothing is expected', () => {
    expect(withBand([4, 6], undefined, range)).toEqual([4, 6]);
    expect(withBand([4, 6], band([Number.NaN, Number.NaN, Number.NaN], [7, 7, 7]), range)).toEqual([4, 6]);
  });
});
