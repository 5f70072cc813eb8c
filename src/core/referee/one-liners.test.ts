import { expect, it } from 'vitest';
import type { PreparedSeries, Segment } from '../prepare/prepared';
import { randomFrom } from '../random';
import { oneLinerScores } from './one-liners';
import { oneLinerIds } from './report';
import { sliding } from './sliding';

const series = (columns: readonly (readonly number[])[], segments?: readonly Segment[]): PreparedSeries => {
  const n = columns[0]!.length;
  return {
    timestamps: Float64Array.from({ length: n }, (_, i) => i * 1000),
    values: Float32Array.from(
      { length: n * columns.length },
      (_, k) => columns[k % columns.length]![Math.floor(k / columns.length)]!,
    ),
    channels: columns.map((__, j) => `T${j}`),
    segments: segments ?? [{ start: 0, end: n }],
    stepMs: 1000,
  };
};

it('scores by hand', () => {
  // Train: median 0, absolute deviations 1 1 0 1 1, MAD 1, spread 1 / 0.6745 = 1.4826.
  const train = series([[-1, -1, 0, 1, 1]]);
  const scores = oneLinerScores(series([[1, -3, 2, 2]]), train, 3);
  expect([...scores['max-abs-z']]).toEqual([1, 3, 2, 2]);
  expect(scores['robust-z'][1]).toBeCloseTo(3 * 0.67449, 5);
  expect([...scores['first-difference']]).toEqual([NaN, 4, 5, 0]);
  expect([...scores['moving-range']]).toEqual([NaN, NaN, 5, 5]);
  // 1, −3, 2: mean 0, squares 14. −3, 2, 2: mean 1/3, squares 17 − 1/3.
  expect(scores['moving-std'][2]).toBeCloseTo(Math.sqrt(14 / 3), 6);
  expect(scores['moving-std'][3]).toBeCloseTo(Math.sqrt((17 - 1 / 3) / 3), 6);
  expect([...scores.constant]).toEqual([0, 0, 0, 0]);
});

it('takes the largest score of several tags', () => {
  const train = series([
    [-1, 0, 1],
    [-1, 0, 1],
  ]);
  const scores = oneLinerScores(
    series([
      [0, 1, 0],
      [0, -2, 5],
    ]),
    train,
    2,
  );
  expect([...scores['max-abs-z']]).toEqual([0, 2, 5]);
  expect([...scores['moving-range']]).toEqual([NaN, 2, 7]);
});

it('does not look across a gap, nor ahead', () => {
  const segments = [
    { start: 0, end: 3 },
    { start: 3, end: 6 },
  ];
  const train = series([[-1, 0, 1]]);
  const before = oneLinerScores(series([[0, 1, 0, 9, 9, 9]], segments), train, 2);
  expect([...before['moving-range']]).toEqual([NaN, 1, 1, NaN, 0, 0]);
  expect(before['first-difference'][3]).toBeNaN();
  const after = oneLinerScores(series([[0, 1, 0, 9, 9, -50]], segments), train, 2);
  for (const id of oneLinerIds) expect(after[id].subarray(0, 5)).toEqual(before[id].subarray(0, 5));
});

it('measures a tag that hardly moves in train rows by its standard deviation', () => {
  const scores = oneLinerScores(series([[3]]), series([[0, 0, 0, 0, 5]]), 2);
  expect(scores['robust-z'][0]).toBe(3);
});

it('gives range and deviation of every window of random rows, whatever the block', () => {
  const random = randomFrom(3);
  const values = Float64Array.from({ length: 61 }, () => random.normal() + (random.next() < 0.05 ? 1e6 : 0));
  for (const width of [2, 3, 7, 24, 61, 80]) {
    const found = sliding((i) => values[i]!, values.length, width);
    for (let i = 0; i < values.length; i++) {
      if (i < width - 1) {
        expect(found.range[i]).toBeNaN();
        continue;
      }
      const rows = [...values.subarray(i - width + 1, i + 1)];
      const mean = rows.reduce((sum, v) => sum + v, 0) / width;
      const deviation = Math.sqrt(rows.reduce((sum, v) => sum + (v - mean) ** 2, 0) / width);
      expect(found.range[i]).toBe(Math.fround(Math.max(...rows) - Math.min(...rows)));
      expect(found.deviation[i]! / deviation).toBeCloseTo(1, 6);
    }
  }
});
