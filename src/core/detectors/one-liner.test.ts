import { expect, it } from 'vitest';
import type { PreparedSeries, Segment } from '../prepare/prepared';
import { randomFrom } from '../random';
import { oneLinerScores, plainIds } from '../referee/one-liners';
import type { RunContext } from './detector';
import { oneLiner, type OneLinerParams } from './one-liner';
import { resolveParams } from './params';

const run: RunContext = {
  random: randomFrom(1),
  tensorflow: () => Promise.reject(new Error('not needed')),
  fusedLstm: false,
  report: () => undefined,
  checkpoint: () => Promise.resolve(),
};

function series(rows: number, tags: number, segments: readonly Segment[] = [{ start: 0, end: rows }]): PreparedSeries {
  const random = randomFrom(rows);
  return {
    timestamps: Float64Array.from({ length: rows }, (_, i) => i),
    values: Float32Array.from({ length: rows * tags }, () => random.normal()),
    channels: Array.from({ length: tags }, (_, j) => `tag ${j}`),
    segments,
    stepMs: 1,
  };
}
const train = series(80, 3);
const scoresOf = async (params: OneLinerParams, data: PreparedSeries) =>
  (await oneLiner.train(train, params, run)).score(data, run);

it('offers what says something and needs no train rows; robust z is a detector of its own', () => {
  expect(oneLiner.info.params['rule']).toMatchObject({ choices: plainIds.map((value) => ({ value })) });
});

it.each(plainIds)('scores %s as the referee does, and names the tag', async (rule) => {
  const data = series(60, 3, [
    { start: 0, end: 25 },
    { start: 25, end: 60 },
  ]);
  const params: OneLinerParams = { rule, window: 6 };
  const { score, byChannel } = await scoresOf(params, data);
  expect([...score]).toEqual([...oneLinerScores(data, train, 6)[rule]]);
  const alone = (tag: number): PreparedSeries => ({
    ...data,
    channels: ['one'],
    values: data.values.filter((_, i) => i % 3 === tag),
  });
  const own = [0, 1, 2].map((tag) => oneLinerScores(alone(tag), { ...alone(tag) }, 6)[rule][40]!);
  const shares = [...byChannel!.subarray(120, 123)];
  expect(shares.indexOf(Math.max(...shares))).toBe(own.indexOf(Math.max(...own)));
  expect(shares[0]).toBeCloseTo(own[0]! ** 2 / own.reduce((sum, value) => sum + value ** 2, 0), 5);
});

it('expects the mean or the value before, where a rule expects anything', async () => {
  const data = series(40, 3, [
    { start: 0, end: 10 },
    { start: 10, end: 40 },
  ]);
  const largest = await scoresOf({ rule: 'max-abs-z', window: 2 }, data);
  expect(largest.expected!.every((value) => value === 0)).toBe(true);
  const change = await scoresOf({ rule: 'first-difference', window: 2 }, data);
  expect(change.expected![30]).toBeNaN();
  expect(change.expected!.slice(33, 36)).toEqual(data.values.slice(30, 33));
  expect(change.expectedHalfWidth).toHaveLength(3);
  expect((await scoresOf({ rule: 'moving-range', window: 2 }, data)).expected).toBeUndefined();
});

it('proposes the window of the data, but never more than the training part has', () => {
  expect(oneLiner.propose!({ channels: 1, trainRows: 500, windowSamples: 12 })).toEqual({ window: 12 });
  expect(oneLiner.propose!({ channels: 1, trainRows: 3, windowSamples: 24 })).toEqual({ window: 2 });
  expect(() =>
    resolveParams(oneLiner.info.params, oneLiner.propose!({ channels: 1, trainRows: 9, windowSamples: 8 })),
  ).not.toThrow();
});
