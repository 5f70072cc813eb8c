import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PreparedSeries, Segment } from '../../prepare/prepared';
import { randomFrom } from '../../random';
import { resolveParams } from '../params';
import { matrixProfile, type MatrixProfileParams } from '.';
import { nearestSquares } from './join';
import { subsequencesOf } from './subsequences';

/** Values of STUMPY and NumPy: test/reference/matrix_profile.py. */
const reference = JSON.parse(readFileSync(new URL('../../../../test/reference/matrix_profile.json', import.meta.url), 'utf8')) as {
  readonly m: number;
  readonly zone: number;
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly profiles: readonly (readonly number[])[];
  readonly left: readonly (number | null)[];
  readonly joint: readonly number[];
};
const { m, zone } = reference;
const [train, test] = [Float32Array.from(reference.train), Float32Array.from(reference.test)];
const whole = (values: Float32Array): Segment[] => [{ start: 0, end: values.length / 2 }];
const context = {
  ...{ checkpoint: () => Promise.resolve(), report: () => undefined, fusedLstm: false, random: randomFrom(1) },
  tensorflow: () => Promise.reject(new Error('not needed')),
};
const series = (values: Float32Array, segments = whole(values)): PreparedSeries => ({
  timestamps: Float64Array.from({ length: values.length / 2 }, (_, row) => row),
  values,
  channels: ['a', 'b'],
  segments,
  stepMs: 1,
});
const paramsOf = (given: object): MatrixProfileParams =>
  resolveParams(matrixProfile.info.params, { window: m, ...given }) as MatrixProfileParams;
const known = subsequencesOf(train, 2, whole(train), m);
const queries = subsequencesOf(test, 2, whole(test), m);

function expectClose(values: readonly number[], expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(values[i]! - value), `value ${i}`).toBeLessThan(1e-6));
}

it('each tag has the profile of STUMPY, also where it is flat', async () => {
  const squares = await nearestSquares(queries, known, false, () => [0, 0], context);
  for (const tag of [0, 1]) {
    const distances = Array.from({ length: queries.count }, (_, i) => Math.sqrt(squares[2 * i + tag]!));
    expectClose(distances, reference.profiles[tag]!);
  }
});

it('the joint profile is that of a direct search', async () => {
  const squares = await nearestSquares(queries, known, true, () => [0, 0], context);
  const distances = Array.from({ length: queries.count }, (_, i) => Math.sqrt((squares[2 * i]! + squares[2 * i + 1]!) / 2));
  expectClose(distances, reference.joint);
});

it('the profile of what came before is the left one of STUMPY', async () => {
  const squares = await nearestSquares(queries, queries, false, (i) => [Math.max(0, i - zone), queries.count], context);
  reference.left.forEach((distance, i) => {
    if (distance === null) expect(squares[2 * i], `value ${i}`).toBeNaN();
    else expect(Math.abs(Math.sqrt(squares[2 * i]!) - distance), `value ${i}`).toBeLessThan(1e-6);
  });
});

it.each([
  ['own', (i: number) => Math.sqrt((reference.profiles[0]![i]! ** 2 + reference.profiles[1]![i]! ** 2) / 2)],
  ['joint', (i: number) => reference.joint[i]!],
])('scores rows by the subsequences that end there, neighbour %s', async (neighbour, expected) => {
  const model = await matrixProfile.train(series(train), paramsOf({ neighbour }), context);
  const { score } = await model.score(series(test), context);
  for (let row = 0; row < score.length; row++) {
    if (row < m - 1) expect(score[row]).toBeNaN();
    else expect(score[row]).toBeCloseTo(expected(row - m + 1), 5);
  }
});

it('what came before is never a later row, and only takes distance away', async () => {
  const [plain, past] = [
    await matrixProfile.train(series(train), paramsOf({}), context),
    await matrixProfile.train(series(train), paramsOf({ compare: 'past' }), context),
  ];
  const all = (await past.score(series(test), context)).score;
  const without = (await plain.score(series(test), context)).score;
  const begin = (await past.score(series(test.slice(0, 200)), context)).score;
  expect(all.slice(0, 100)).toEqual(begin);
  const rows = Array.from(all.keys()).filter((row) => row >= m - 1);
  expect(rows.every((row) => all[row]! <= without[row]! + 1e-6)).toBe(true);
  expect(rows.some((row) => all[row]! < 0.9 * without[row]!)).toBe(true);
});

it('no subsequence crosses a border of segments, in the memory neither', async () => {
  const parts = [
    { start: 0, end: 150 },
    { start: 150, end: 300 },
  ];
  const split = subsequencesOf(train, 2, parts, m);
  const squares = await nearestSquares(queries, split, false, () => [0, 0], context);
  const [first, second] = await Promise.all(
    parts.map(({ start, end }) => {
      const part = train.slice(2 * start, 2 * end);
      return nearestSquares(queries, subsequencesOf(part, 2, whole(part), m), false, () => [0, 0], context);
    }),
  );
  squares.forEach((square, i) => expect(square).toBeCloseTo(Math.min(first![i]!, second![i]!), 8));
});
