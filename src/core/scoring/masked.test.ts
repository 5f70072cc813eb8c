import { expect, it } from 'vitest';
import type { RunContext, TrainedDetector } from '../detectors/detector';
import type { Label } from '../labels/label';
import type { PreparedSeries } from '../prepare/prepared';
import { scoreUnmasked } from './masked';
import type { Scores } from './scores';

const data: PreparedSeries = {
  timestamps: Float64Array.of(0, 10, 20, 30, 40, 50, 60),
  values: Float32Array.of(1, 2, 3, 4, 5, 6, 7),
  channels: ['x'],
  segments: [
    { start: 0, end: 5 },
    { start: 5, end: 7 },
  ],
  stepMs: 10,
};
const ignore: Label = { id: 'a', start: 15, end: 35, class: 'ignore', comment: '', channels: [], origin: 'user' };

/** Answers with its input, so that it shows which rows it was given. */
function echo(): { readonly trained: TrainedDetector; readonly seen: PreparedSeries[] } {
  const seen: PreparedSeries[] = [];
  const score = (given: PreparedSeries): Promise<Scores> => {
    seen.push(given);
    return Promise.resolve({ score: given.values, review: given.values, byChannel: given.values });
  };
  return { trained: { score } as unknown as TrainedDetector, seen };
}
const run = {} as RunContext;

it('gives masked rows no score and cuts the segments there', async () => {
  const { trained, seen } = echo();
  const scores = await scoreUnmasked(trained, data, [ignore], run);
  expect([...scores.score]).toEqual([1, 2, NaN, NaN, 5, 6, 7]);
  expect([...scores.review!]).toEqual([1, 2, NaN, NaN, 5, 6, 7]);
  expect([...scores.byChannel!]).toEqual([1, 2, NaN, NaN, 5, 6, 7]);
  expect(seen[0]!.segments).toEqual([
    { start: 0, end: 2 },
    { start: 2, end: 3 },
    { start: 3, end: 5 },
  ]);
});

it('hands the series on as it is where nothing is masked', async () => {
  const { trained, seen } = echo();
  await scoreUnmasked(trained, data, [{ ...ignore, class: 'anomaly' }], run);
  expect(seen[0]).toBe(data);
});
