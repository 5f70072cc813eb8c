import { expect, it } from 'vitest';
import type { PreparedSeries } from '../prepare/prepared';
import { randomFrom } from '../random';
import type { RunContext } from './detector';
import { robustZ } from './robust-z';

const run: RunContext = {
  random: randomFrom(1),
  tensorflow: () => Promise.reject(new Error('not needed')),
  fusedLstm: false,
  report: () => undefined,
  checkpoint: () => Promise.resolve(),
};
const series = (columns: readonly (readonly number[])[]): PreparedSeries => {
  const rows = columns[0]!.length;
  return {
    timestamps: Float64Array.from({ length: rows }, (_, i) => i),
    values: Float32Array.from(
      { length: rows * columns.length },
      (_, i) => columns[i % columns.length]![Math.floor(i / columns.length)]!,
    ),
    channels: columns.map((_, j) => `tag ${j}`),
    segments: [{ start: 0, end: rows }],
    stepMs: 1,
  };
};
/** 25 rows; the first 20 (80 %) are four times 1 2 3 4 5, the last five held out. */
const ramp = Array.from({ length: 25 }, (_, i) => 1 + (i % 5));

it('measures in robust standard deviations from the median of the first 80 % of the rows', async () => {
  const model = await robustZ.train(series([ramp]), { combine: 'max' }, run);
  const { score, expected, expectedHalfWidth } = await model.score(series([[3, 4, 100]]), run);
  // By hand: median 3, deviations 2 1 0 1 2, MAD 1; 0.67449 * 97.
  expect([...score].map((value) => +value.toFixed(3))).toEqual([0, 0.674, 65.426]);
  expect([...expected!]).toEqual([3, 3, 3]);
  // Held-out rows 1 2 3 4 5: |residual| 2 1 0 1 2, 99 % quantile 2.
  expect(expectedHalfWidth![0]).toBeCloseTo(2, 6);
  expect([...model.normalScores].map((value) => +value.toFixed(3))).toEqual([1.349, 0.674, 0, 0.674, 1.349]);
});

it('combines channels by the largest or by the root mean square, and shares by square', async () => {
  const data = series([ramp, ramp]);
  const test = series([[6], [7]]);
  const max = await (await robustZ.train(data, { combine: 'max' }, run)).score(test, run);
  const rms = await (await robustZ.train(data, { combine: 'rms' }, run)).score(test, run);
  // Deviations 3 and 4 MAD: 0.67449 * 4, and 0.67449 * sqrt(25 / 2); shares 9/25 and 16/25.
  expect(max.score[0]).toBeCloseTo(2.69796, 4);
  expect(rms.score[0]).toBeCloseTo(2.38468, 4);
  expect([...max.byChannel!].map((share) => +share.toFixed(2))).toEqual([0.36, 0.64]);
});

it('takes a flat channel in the unit of the scaler', async () => {
  const model = await robustZ.train(series([Array.from({ length: 25 }, () => 2)]), { combine: 'max' }, run);
  expect([...(await model.score(series([[2, 5]]), run)).score]).toEqual([0, 3]);
});
