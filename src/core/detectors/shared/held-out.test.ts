import { expect, it } from 'vitest';
import type { PreparedSeries } from '../../prepare/prepared';
import { heldOut, onlyRows } from './held-out';

const data: PreparedSeries = {
  timestamps: Float64Array.of(0, 1, 2, 3, 4, 5),
  values: Float32Array.of(0, 10, 1, 20, 2, 30, 3, 40, 4, 50, 5, 60),
  channels: ['a', 'b'],
  segments: [
    { start: 0, end: 2 },
    { start: 2, end: 6 },
  ],
  stepMs: 1,
};

it('leaves rows out without renumbering the others', () => {
  expect(onlyRows(data, 1, 5).segments).toEqual([
    { start: 1, end: 2 },
    { start: 2, end: 5 },
  ]);
  expect(onlyRows(data, 3).segments).toEqual([{ start: 3, end: 6 }]);
});

it('reads normal scores and the band of each channel from the rows that have them', () => {
  const nan = Number.NaN;
  const scores = {
    score: Float32Array.of(nan, nan, nan, nan, 7, 8),
    expected: Float32Array.of(nan, nan, nan, nan, nan, nan, 3, 42, 4.5, 49, 6, 56),
  };
  const found = heldOut(data, scores);
  expect([...found.normalScores]).toEqual([7, 8]);
  // |residuals| 0 0.5 1 and 2 1 4; 99 % of the way: 0.5 + 0.98 * 0.5 and 2 + 0.98 * 2.
  expect(found.halfWidth[0]).toBeCloseTo(0.99, 6);
  expect(found.halfWidth[1]).toBeCloseTo(3.96, 6);
});
