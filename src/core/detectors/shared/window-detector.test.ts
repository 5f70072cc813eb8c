import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import type { PreparedSeries } from '../../prepare/prepared';
import { randomFrom } from '../../random';
import type { RunContext } from '../detector';
import { featureBagging } from '../feature-bagging';
import { knn, knnScores, type KnnParams } from '../knn';
import { densitiesOf, lof, outlierFactors } from '../lof';
import { resolveParams } from '../params';
import { pca } from '../pca';
import { whitenedWindows } from '../whitened-windows';
import { NearestRows } from './nearest';
import { neighboursAmong } from './own-neighbours';
import { keptWindows, proposeWindow } from './window-params';
import { chosenRows } from './window-detector';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const logs: string[] = [];
const run: RunContext = {
  random: randomFrom(5),
  tensorflow: () => Promise.resolve(tf),
  fusedLstm: false,
  report: ({ log }) => log && logs.push(log),
  checkpoint: () => Promise.resolve(),
};

function series(values: Float32Array, channels = 1): PreparedSeries {
  const rows = values.length / channels;
  return {
    timestamps: Float64Array.from({ length: rows }, (_, row) => row),
    values,
    channels: Array.from({ length: channels }, (_, j) => `tag ${j}`),
    segments: [{ start: 0, end: rows }],
    stepMs: 1,
  };
}

const params = (given: Partial<KnnParams>): KnnParams =>
  resolveParams(knn.info.params, { window: 1, span: 0, neighbours: 1, ...given }) as KnnParams;

it('keeps one window of each equal part, at places that differ, and says how many', async () => {
  const count = 1000;
  // Each row is its own number, so that the memory names its rows.
  const data = series(Float32Array.from({ length: count }, (_, row) => row));
  const model = await knn.train(data, params({ memory: 50 }), run);
  const { weights } = await model.save();
  const memory = new Float32Array(weights.slice(0, 4 * 50).buffer);
  expect([...memory].map((row) => Math.floor(row / 20))).toEqual(Array.from({ length: 50 }, (_, part) => part));
  expect(new Set([...memory].map((row) => row % 20)).size).toBeGreaterThan(10);
  expect(logs.at(-1)).toBe('Learned from 50 of 1000 windows of the training part: a random subset, one of each equal part.');
  expect(model.parameterCount).toBe(knn.size(count, 1, params({ memory: 50 })).weights);
});

it('no block of normal scores knows its own rows', async () => {
  const random = randomFrom(1);
  // A burst inside one block of 50 rows: as normal data it is its own neighbour, to the other blocks it is not.
  const values = Float32Array.from({ length: 1000 }, (_, row) => (row >= 310 && row < 330 ? 40 : random.normal()));
  const model = await knn.train(series(values), params({}), run);
  expect(Math.max(...model.normalScores)).toBeGreaterThan(30);
  const { score } = await model.score(series(values), run);
  expect(Math.max(...score)).toBe(0);
});

it('normal scores from what is known of the whole sample are those of fits without the block', async () => {
  const random = randomFrom(2);
  const [rows, c, k] = [200, 2, 5];
  const values = Float32Array.from({ length: rows * c }, () => random.normal());
  const given = params({ neighbours: k });
  const normal = {
    knn: (await knn.train(series(values, c), given, run)).normalScores,
    lof: (await lof.train(series(values, c), given, run)).normalScores,
  };
  for (let block = 0; block < 20; block++) {
    // Ten rows; the fits see none less than two rows away.
    const own = Int32Array.from({ length: 10 }, (_, i) => 10 * block + i);
    const use = Int32Array.from({ length: rows }, (_, i) => i).filter((row) => row < own[0]! - 1 || row > own[9]! + 1);
    const memory = new NearestRows(tf, chosenRows(values, c, use), c);
    const numbers = Int32Array.from(use, (_, i) => i);
    const densities = densitiesOf(await neighboursAmong(memory, numbers, k, run));
    const nearest = memory.find(chosenRows(values, c, own), k);
    memory.dispose();
    const expected = { knn: knnScores(nearest, 'largest'), lof: outlierFactors(nearest, densities) };
    own.forEach((row, i) => {
      expect(normal.knn[row]! / expected.knn[i]!).toBeCloseTo(1, 6);
      expect(normal.lof[row]! / expected.lof[i]!).toBeCloseTo(1, 6);
    });
  }
  expect(tf.memory().numTensors).toBe(0);
});

it.each([knn, lof, featureBagging])(
  'refuses more windows than it keeps where no subset is allowed, before it starts',
  async (detector) => {
    const data = series(new Float32Array(1000));
    const given = resolveParams(detector.info.params, { window: 1, span: 0, memory: 50, beyond: 'refuse' }) as never;
    const refusal = { code: 'detector/too-much-data', details: { windows: 1000, most: 50 } };
    await expect(detector.train(data, given, run)).rejects.toMatchObject(refusal);
    // The wizard's estimate asks for the size first.
    expect(() => detector.size(1000, 1, given)).toThrow(expect.objectContaining(refusal));
  },
);

it('wide windows leave room for fewer', () => {
  expect(keptWindows(100_000, 8, 20_000)).toBe(20_000);
  expect(keptWindows(100_000, 1600, 20_000)).toBe(10_000);
  expect(keptWindows(30, 1600, 20_000)).toBe(30);
});

it.each([whitenedWindows, pca])('refuses a covariance too wide to work with before it starts', async (detector) => {
  const wide = series(new Float32Array(200 * 600), 600);
  const given = resolveParams(detector.info.params, { window: 4, span: 16 });
  await expect(detector.train(wide, given as never, run)).rejects.toMatchObject({ code: 'detector/bad-params' });
});

it('proposes windows in a row of one tag, short windows of several, none wider than a method takes', () => {
  expect(proposeWindow({ channels: 1, trainRows: 4000, windowSamples: 24 })).toEqual({ window: 24, span: 168 });
  expect(proposeWindow({ channels: 52, trainRows: 500, windowSamples: 24 })).toEqual({ window: 4, span: 16 });
  expect(proposeWindow({ channels: 1, trainRows: 300, windowSamples: 24 })).toEqual({ window: 24, span: 50 });
  expect(proposeWindow({ channels: 900, trainRows: 500, windowSamples: 24 })).toEqual({ window: 2, span: 16 });
});
