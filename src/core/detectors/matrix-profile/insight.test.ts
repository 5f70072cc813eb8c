import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Discord, ShapesInsight } from '../../insight/insight';
import type { PreparedSeries, Segment } from '../../prepare/prepared';
import { randomFrom } from '../../random';
import { resolveParams } from '../params';
import { causalScore } from '../shared/aggregate';
import { matrixProfile, type MatrixProfileParams } from '.';
import { CHUNK } from './blocks';
import { findDiscords } from './discords';
import { findMotifs } from './motifs';
import { subsequencesOf } from './subsequences';

/** Values of STUMPY and NumPy: test/reference/matrix_profile_insight.py. Two tags, row by row. */
const reference = JSON.parse(
  readFileSync(new URL('../../../../test/reference/matrix_profile_insight.json', import.meta.url), 'utf8'),
) as {
  readonly m: number;
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly one: readonly (readonly [position: number, distance: number, nearest: number])[];
  readonly two: readonly (readonly [number, number, byTag: readonly number[], nearest: readonly number[]])[];
  readonly motifs: readonly { readonly distance: number; readonly positions: readonly number[] }[];
};
const { m } = reference;
const tagOf = (values: readonly number[], tag: number): number[] => values.filter((_, i) => i % 2 === tag);
const context = {
  ...{ checkpoint: () => Promise.resolve(), report: () => undefined, fusedLstm: false, random: randomFrom(1) },
  tensorflow: () => Promise.reject(new Error('not needed')),
};
/** One row a minute, from the given one on. */
const series = (values: readonly number[], channels: readonly string[], first: number, segments?: Segment[]): PreparedSeries => {
  const rows = values.length / channels.length;
  return {
    timestamps: Float64Array.from({ length: rows }, (_, row) => (first + row) * 60_000),
    values: Float32Array.from(values),
    channels,
    segments: segments ?? [{ start: 0, end: rows }],
    stepMs: 60_000,
  };
};
const TEST_FROM = 1000;
const spanFrom = (row: number) => ({ start: row * 60_000, end: (row + m - 1) * 60_000 });

async function shapes(train: PreparedSeries, scored: PreparedSeries, params: object): Promise<ShapesInsight> {
  const chosen = resolveParams(matrixProfile.info.params, { window: m, ...params }) as MatrixProfileParams;
  const model = await matrixProfile.train(train, chosen, context);
  const { score } = await model.score(scored, context);
  return (await model.insight!({ train, scored, score }, context)) as ShapesInsight;
}
const expectPlaces = (found: readonly Discord[], expected: readonly (readonly [number, number, ...unknown[]])[]): void => {
  expect(found.slice(0, expected.length).map(({ span }) => span)).toEqual(expected.map(([at]) => spanFrom(TEST_FROM + at)));
  expected.forEach(([, distance], i) => expect(found[i]!.distance).toBeCloseTo(distance, 6));
};

it('finds the discords of STUMPY with their nearest windows', async () => {
  const train = series(tagOf(reference.train, 0), ['a'], 0);
  const { discords } = await shapes(train, series(tagOf(reference.test, 0), ['a'], TEST_FROM), {});
  expectPlaces(discords, reference.one);
  reference.one.forEach(([, distance, nearest], i) => {
    const [tag, ...others] = discords[i]!.tags;
    expect(others).toEqual([]);
    expect([tag!.tag, tag!.among, tag!.nearest]).toEqual([0, 'training', spanFrom(nearest)]);
    expect(tag!.distance).toBeCloseTo(distance, 6);
    // Both are drawn as they are compared: their plain distance is the z-normalised one.
    const gap = tag!.shape.reduce((sum, value, k) => sum + (value - tag!.nearestShape[k]!) ** 2, 0);
    expect(Math.sqrt(gap)).toBeCloseTo(distance, 6);
  });
});

it('of several tags takes the root mean square, names each tag with its own nearest window, and does so with joined scores too', async () => {
  const names = ['a', 'b'];
  for (const span of [0, 40]) {
    const { discords } = await shapes(series(reference.train, names, 0), series(reference.test, names, TEST_FROM), { span });
    expectPlaces(discords, reference.two);
    reference.two.forEach(([, , byTag, nearest], i) => {
      const tags = discords[i]!.tags.toSorted((a, b) => a.tag - b.tag);
      expect(tags.map((tag) => tag.nearest)).toEqual(nearest.map(spanFrom));
      tags.forEach((tag, j) => expect(tag.distance).toBeCloseTo(byTag[j]!, 6));
      expect(discords[i]!.tags[0]!.distance).toBe(Math.max(...discords[i]!.tags.map(({ distance }) => distance)));
    });
  }
});

it('is exact where scores compare a part of the pairs', async () => {
  const [train, test] = [series(reference.train, ['a', 'b'], 0), series(reference.test, ['a', 'b'], TEST_FROM)];
  const scores = async (share: number): Promise<Float32Array> => {
    const params = resolveParams(matrixProfile.info.params, { window: m, share }) as MatrixProfileParams;
    return (await (await matrixProfile.train(train, params, context)).score(test, context)).score;
  };
  expect(await scores(10)).not.toEqual(await scores(100));
  expect(await shapes(train, test, { share: 10 })).toEqual(await shapes(train, test, { share: 100 }));
});

it('reads only blocks whose scores leave something open, and finds what reading all of them finds', async () => {
  const random = randomFrom(3);
  const n = 3 * CHUNK;
  const distances = Float64Array.from({ length: n - m + 1 }, () => 1 + random.next());
  for (const at of [CHUNK + 5, CHUNK + 500, 2 * CHUNK + 7]) distances[at] = 4;
  const segments = [{ start: 0, end: n }];
  const points = new Float64Array(n).fill(Number.NaN);
  points.set(distances, m - 1);
  const data = { segments, timestamps: new Float64Array(n), channels: ['a'] };
  const params = { window: m, span: m + 3 };
  const find = async (score: Float32Array, count: number) => {
    const read: number[] = [];
    const found = await findDiscords(
      data,
      score,
      params,
      (from) => {
        read.push(from / CHUNK);
        return Promise.resolve(distances.slice(from, from + CHUNK).map((distance) => distance ** 2));
      },
      count,
    );
    return { read: read.sort(), positions: found.map(({ position }) => position) };
  };
  const score = causalScore(points, data, m, m + 3);
  const unknown = new Float32Array(n).fill(Number.NaN);
  expect(await find(score, 3)).toEqual({ read: [1, 2], positions: [CHUNK + 5, CHUNK + 500, 2 * CHUNK + 7] });
  expect(await find(unknown, 3)).toEqual({ read: [0, 1, 2], positions: [CHUNK + 5, CHUNK + 500, 2 * CHUNK + 7] });
  expect((await find(score, 20)).positions).toEqual((await find(unknown, 20)).positions);
});

it('looks for the nearest among what came before where that counts', async () => {
  const odd = Array.from({ length: 2 * m }, (_, k) => (k % 3 === 0 ? 8 : -8) + k);
  const test = tagOf(reference.test, 0);
  test.splice(40, 2 * m, ...odd);
  test.splice(140, 2 * m, ...odd);
  const train = series(tagOf(reference.train, 0), ['a'], 0);
  const inSecond = ({ span }: Discord): boolean =>
    span.start >= (TEST_FROM + 140) * 60_000 && span.end < (TEST_FROM + 140 + 2 * m) * 60_000;
  const plain = (await shapes(train, series(test, ['a'], TEST_FROM), {})).discords;
  expect(plain.find(inSecond)!.tags[0]!.among).toBe('training');
  const past = (await shapes(train, series(test, ['a'], TEST_FROM), { compare: 'past' })).discords;
  expect(past[0]!.span.start).toBeLessThan((TEST_FROM + 40 + 2 * m) * 60_000);
  // The second appearance is the first one again: its distance is 0, so that no window within it is a discord.
  expect(past.some(inSecond)).toBe(false);
  const near = past.filter(({ tags }) => tags[0]!.among === 'scored');
  expect(near.length).toBeGreaterThan(0);
  for (const { span, tags } of near) expect(tags[0]!.nearest!.end).toBeLessThan(span.start);
});

it('finds the motifs of STUMPY, and no two windows of them share a row', async () => {
  const values = Float32Array.from(tagOf(reference.train, 1));
  const set = subsequencesOf(values, 1, [{ start: 0, end: values.length }], m);
  const found = await findMotifs(set, 4, context);
  expect(found.map(({ positions }) => positions)).toEqual(reference.motifs.map(({ positions }) => positions));
  found.forEach(({ square }, i) => expect(Math.sqrt(square)).toBeCloseTo(reference.motifs[i]!.distance, 6));
  const all = found.flatMap(({ positions }) => positions).sort((a, b) => a - b);
  expect(all.every((at, i) => i === 0 || at - all[i - 1]! >= m)).toBe(true);
});

it('takes no flat stretch for a motif', async () => {
  const values = Float32Array.from(tagOf(reference.train, 1));
  values.fill(3, 100, 100 + 3 * m);
  const [first] = await findMotifs(subsequencesOf(values, 1, [{ start: 0, end: 300 }], m), 1, context);
  expect(first!.square).toBeGreaterThan(0);
  expect(first!.positions.every((at) => at < 100 + 2 * m || at > 100)).toBe(true);
});

it('gives no times of training windows when the rows that train are others now', async () => {
  const values = tagOf(reference.train, 0);
  const chosen = resolveParams(matrixProfile.info.params, { window: m }) as MatrixProfileParams;
  const model = await matrixProfile.train(series(values, ['a'], 0), chosen, context);
  const scored = series(tagOf(reference.test, 0), ['a'], TEST_FROM);
  const score = new Float32Array(scored.timestamps.length).fill(Number.NaN);
  const ask = async (train: PreparedSeries) => (await model.insight!({ train, scored, score }, context)) as ShapesInsight;
  const same = await ask(series([5, 5, ...values], ['a'], 0));
  // Rows before those that are remembered do not matter.
  expect(same.discords[0]!.tags[0]!.nearest).toEqual(spanFrom(2 + reference.one[0]![2]));
  const other = await ask(series([...values.slice(0, -1), 5], ['a'], 0));
  expect(other.discords[0]!.tags[0]!.nearest).toBeNull();
  expect(other.motifs[0]!.windows.every((span) => span === null)).toBe(true);
  expect(other.discords[0]!.span).toEqual(same.discords[0]!.span);
});
