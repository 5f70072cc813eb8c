import { expect, it } from 'vitest';
import type { ProjectStore } from '../store';
import type { RunColumns } from './run-columns';
import { scoreWindow } from './score-window';

/** A run of one channel with mean 10 and standard deviation 2, whose rows are given. */
function windowOf(time: number[], score: number[], share: number[], expected: number[], buckets: number, review?: number[]) {
  const run = { id: 'r', modelId: 'm', channels: ['T'], rows: time.length, expectedHalfWidth: [0.5] };
  const preparation = { channels: ['T'], scaler: { mean: [10], std: [2], flat: [false] } };
  const store = { runs: { get: () => run }, models: { get: () => ({ preparation }) } } as unknown as ProjectStore;
  const columns: RunColumns = {
    rows: () => ({
      time: Float64Array.from(time),
      score: Float32Array.from(score),
      review: () => review && Float32Array.from(review),
      share: () => Float32Array.from(share),
      expected: () => Float32Array.from(expected),
    }),
  };
  return scoreWindow(store, columns, 'r', ['T'], { start: time[0]!, end: time.at(-1)! + 1 }, buckets);
}

it('gives the expected band in the unit of the channel', () => {
  const { expected } = windowOf([0, 1, 2], [1, 1, 1], [1, 1, 1], [0, 1, -1], 10);
  // By hand: 10 + 2 (e ± 0.5).
  expect([...expected[0]!.low]).toEqual([9, 11, 7]);
  expect([...expected[0]!.high]).toEqual([11, 13, 9]);
});

it('weighs the share of a channel by the score and leaves out rows without one', () => {
  const { contribution } = windowOf([0, 1, 2, 3], [1, 3, NaN, NaN], [1, 0.2, NaN, NaN], [0, 0, 0, 0], 2);
  // By hand: (1·1 + 3·0.2) / (1 + 3) = 0.4 in the first two rows; no score in the others.
  expect(contribution.share[0]).toBeCloseTo(0.4, 6);
  expect(contribution.share[1]).toBeNaN();
});

it('keeps a gap a gap', () => {
  const { expected } = windowOf([0, 1, 2, 3, 50, 51], [1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0], 100);
  const [band] = expected;
  expect([...band!.time]).toEqual([0, 1, 2, 3, 26.5, 50, 51]);
  expect(band!.low[4]).toBeNaN();
});

it('gives the review score as its own line, with its gap where later rows are missing, and none where the detector has none', () => {
  const { review, score } = windowOf([0, 1, 2], [1, 2, 3], [1, 1, 1], [0, 0, 0], 10, [4, 5, NaN]);
  expect([...review!.max]).toEqual([4, 5, NaN]);
  expect([...score.max]).toEqual([1, 2, 3]);
  expect(windowOf([0, 1], [1, 1], [1, 1], [0, 0], 10).review).toBeNull();
});
