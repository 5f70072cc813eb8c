import { expect, it } from 'vitest';
import type { PreparedSeries } from '../../prepare/prepared';
import { invertedTransposedCholesky } from './whitening';
import { gatherWindows, quantile, spread, windowEnds } from './windows';

it('windows end inside their segment, and inside the asked rows', () => {
  const segments = [
    { start: 0, end: 4 },
    { start: 4, end: 5 },
    { start: 5, end: 9 },
  ];
  // Length 3: rows 2 3 of the first segment, none of the second, 7 8 of the third.
  expect([...windowEnds(segments, 3)]).toEqual([2, 3, 7, 8]);
  // Rows 1..7 only: 1-3 in the first, 5-7 in the third.
  expect([...windowEnds(segments, 3, 1, 8)]).toEqual([3, 7]);
});

it('gathers windows row by row', () => {
  const data: PreparedSeries = {
    timestamps: Float64Array.of(0, 1, 2),
    values: Float32Array.of(1, 10, 2, 20, 3, 30),
    channels: ['a', 'b'],
    segments: [{ start: 0, end: 3 }],
    stepMs: 1,
  };
  expect([...gatherWindows(data, 2, Int32Array.of(2, 1))]).toEqual([2, 20, 3, 30, 1, 10, 2, 20]);
  expect([...gatherWindows(data, 1, Int32Array.of(1, 2, 0, 2))]).toEqual([2, 20, 3, 30, 1, 10, 3, 30]);
});

it('interpolates quantiles between order statistics', () => {
  // Position 0.9 * 4 = 3.6 in 1 2 3 4 10: 4 + 0.6 * 6.
  expect(quantile([10, 1, 3, 2, 4], 0.9)).toBeCloseTo(7.6, 12);
  expect(quantile([10, 1, 3, 2, 4], 0.5)).toBe(3);
});

it('spreads a choice evenly over all items', () => {
  expect([...spread(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 4)]).toEqual([0, 2, 5, 7]);
  expect([...spread(Int32Array.of(1, 2), 4)]).toEqual([1, 2]);
});

it('inverts the Cholesky factor', () => {
  // [[4, 2], [2, 5]] = G Gᵀ with G = [[2, 0], [1, 2]]; G⁻¹ = [[0.5, 0], [-0.25, 0.5]], transposed.
  expect([...invertedTransposedCholesky(Float64Array.of(4, 2, 2, 5), 2)]).toEqual([0.5, -0.25, 0, 0.5]);
});
