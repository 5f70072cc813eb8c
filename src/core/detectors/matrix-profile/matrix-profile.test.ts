import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PreparedSeries, Segment } from '../../prepare/prepared';
import { randomFrom } from '../../random';
import { resolveParams } from '../params';
import { matrixProfile, type MatrixProfileParams } from '.';
import { quantile } from '../shared/windows';
import { least, meanSquares, squaresByTag } from './distances';
import { nearestSquares, NOTHING } from './join';
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
  readonly self: readonly (readonly number[])[];
  readonly selfJoint: readonly number[];
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
  const squares = await nearestSquares(queries, known, { joint: false, excluded: NOTHING }, context);
  for (const tag of [0, 1]) {
    const distances = Array.from({ length: queries.count }, (_, i) => Math.sqrt(squares[2 * i + tag]!));
    expectClose(distances, reference.profiles[tag]!);
  }
});

it('the joint profile is that of a direct search', async () => {
  const squares = await nearestSquares(queries, known, { joint: true, excluded: NOTHING }, context);
  const distances = Array.from({ length: queries.count }, (_, i) => Math.sqrt((squares[2 * i]! + squares[2 * i + 1]!) / 2));
  expectClose(distances, reference.joint);
});

it('a series with itself has the profile of STUMPY, the joint one that of a direct search', async () => {
  const excluded = [-zone, zone + 1] as const;
  const own = await nearestSquares(known, known, { joint: false, excluded }, context);
  for (const tag of [0, 1]) {
    const distances = Array.from({ length: known.count }, (_, i) => Math.sqrt(own[2 * i + tag]!));
    expectClose(distances, reference.self[tag]!);
  }
  const joint = await nearestSquares(known, known, { joint: true, excluded }, context);
  const distances = Array.from({ length: known.count }, (_, i) => Math.sqrt((joint[2 * i]! + joint[2 * i + 1]!) / 2));
  expectClose(distances, reference.selfJoint);
});

it.each([false, true])('a series longer than a block has the distances of its values, joint %s', async (joint) => {
  const random = randomFrom(5);
  const values = Float32Array.from({ length: 2 * 8300 }, (_, i) => 1000 * Math.sin(i / 40) + random.normal());
  const set = subsequencesOf(values, 2, whole(values), m);
  const [squares, done] = [
    await nearestSquares(set, set, { joint, excluded: [1 - m, m] }, context),
    [0, 4090, 4096, 8191, set.count - 1],
  ];
  for (const i of done) {
    const direct = squaresByTag(set, i, set).map((tag) => tag.fill(Number.NaN, Math.max(0, i - m + 1), i + m));
    const at = least(meanSquares(direct));
    direct.forEach((tag, j) => expect(squares[2 * i + j], `${i}`).toBeCloseTo(tag[joint ? at : least(tag)]!, 6));
  }
});

it('a tenth of the pairs gives distances that are at least the exact ones, and close to them where shapes repeat', async () => {
  const [exact, some] = [
    await nearestSquares(queries, known, { joint: false, excluded: NOTHING }, context),
    await nearestSquares(queries, known, { joint: false, excluded: NOTHING, share: 0.1 }, context),
  ];
  const ratios = Array.from(some, (square, i) => square / exact[i]!).filter(Number.isFinite);
  expect(Math.min(...ratios)).toBeGreaterThan(1 - 1e-9);
  expect(ratios.filter((ratio) => ratio > 1).length).toBeGreaterThan(0.5 * ratios.length);
  expect(quantile(ratios, 0.5)).toBeLessThan(4);
});

it('stops when asked to, and says how far it is', async () => {
  const values = Float32Array.from({ length: 6000 }, (_, i) => Math.sin(i / 7) + (i % 11));
  const set = subsequencesOf(values, 1, [{ start: 0, end: 6000 }], m);
  const told: number[] = [];
  const options = { joint: false, excluded: [1 - m, m] as const, tell: (done: number) => told.push(done) };
  await nearestSquares(set, set, options, context);
  expect(told.length).toBeGreaterThan(3);
  expect(told.every((done, i) => done < 1 && done >= (told[i - 1] ?? 0))).toBe(true);
  let looks = 0;
  const checkpoint = () => (++looks > 2 ? Promise.reject(new Error('stop')) : Promise.resolve());
  await expect(nearestSquares(set, set, options, { checkpoint })).rejects.toThrow('stop');
  expect(looks).toBe(3);
});

it('the profile of what came before is the left one of STUMPY', async () => {
  const squares = await nearestSquares(queries, queries, { joint: false, excluded: [-zone, Number.POSITIVE_INFINITY] }, context);
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
  const squares = await nearestSquares(queries, split, { joint: false, excluded: NOTHING }, context);
  const [first, second] = await Promise.all(
    parts.map(({ start, end }) => {
      const part = train.slice(2 * start, 2 * end);
      return nearestSquares(queries, subsequencesOf(part, 2, whole(part), m), { joint: false, excluded: NOTHING }, context);
    }),
  );
  squares.forEach((square, i) => expect(square).toBeCloseTo(Math.min(first![i]!, second![i]!), 8));
});
