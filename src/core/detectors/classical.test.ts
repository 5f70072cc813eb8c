import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { knnScores } from './knn';
import { densitiesOf, neighboursAmong, neighboursOfPart, outlierFactors } from './lof';
import { fisherQuantile, normalQuantile } from './pca/limits';
import { componentsFitter, controlOf, Statistics, type Statistic } from './pca/model';
import { NearestRows } from './shared/nearest';
import { fitWhitening, Whitener } from './shared/whitening';
import { chosenRows } from './shared/window-detector';

interface Case {
  readonly name: string;
  readonly d: number;
  readonly kept: number;
  readonly confidence: number;
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly knn: Readonly<Record<'largest' | 'mean' | 'median', readonly number[]>>;
  readonly lof: readonly number[];
  readonly pca: Readonly<Record<'variances' | 'components' | 't2' | 'q' | 'weighted' | 'rebuilt', readonly number[]>> & {
    readonly t2Limit: number;
    readonly qLimit: number;
  };
  readonly mahalanobis: readonly number[];
}

/** Values of PyOD, scikit-learn, SciPy and NumPy: test/reference/classical.py. */
const reference = JSON.parse(readFileSync(new URL('../../../test/reference/classical.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
  readonly fisher: readonly (readonly number[])[];
  readonly normal: readonly (readonly number[])[];
};

const pause = (): Promise<void> => Promise.resolve();

/** Each value within `relative` of its expected one. */
function expectClose(values: ArrayLike<number>, expected: readonly number[], relative: number): void {
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(values[i]! - value) / Math.abs(value), `value ${i}`).toBeLessThan(relative));
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe.each(reference.cases)('$name', (given) => {
  const { d, kept, confidence } = given;
  const [train, test] = [Float32Array.from(given.train), Float32Array.from(given.test)];
  const everyRow = Int32Array.from({ length: train.length / d }, (_, i) => i);
  const withMemory = async (check: (memory: NearestRows) => void | Promise<void>): Promise<void> => {
    const memory = new NearestRows(tf, train, d);
    await check(memory);
    memory.dispose();
    expect(tf.memory().numTensors).toBe(0);
  };

  it.each(['largest', 'mean', 'median'] as const)('KNN, %s distance, is that of PyOD', (method) =>
    withMemory((memory) => expectClose(knnScores(memory.find(test, 6), method), given.knn[method], 1e-9)),
  );

  it('LOF is that of scikit-learn', () =>
    withMemory(async (memory) => {
      const densities = densitiesOf(await neighboursAmong(memory, everyRow, 20, { checkpoint: pause }));
      expectClose(outlierFactors(memory.find(test, 20), densities), given.lof, 1e-9);
    }));

  it('LOF of a part, from what is known of all, is that of a direct search', () =>
    withMemory(async (all) => {
      // A block out of the middle: some rows lose more neighbours than were known in reserve.
      const use = everyRow.filter((row) => row < 30 || row >= 60);
      const known = await neighboursAmong(all, everyRow, 8, { checkpoint: pause });
      const part = new NearestRows(tf, chosenRows(train, d, use), d);
      const direct = await neighboursAmong(
        part,
        Int32Array.from(use, (_, i) => i),
        5,
        { checkpoint: pause },
      );
      expect(await neighboursOfPart(known, use, part, 5, { checkpoint: pause })).toEqual(direct);
      part.dispose();
    }));

  it('components are those of scikit-learn', async () => {
    const { variances, vectors } = await (await componentsFitter(train, d, pause))(everyRow);
    expectClose(variances, given.pca.variances, 1e-9);
    // Entries near 0 carry the rounding of the whole vector of length 1.
    given.pca.components.forEach((entry, i) => expect(Math.abs(vectors[i]! - entry), `entry ${i}`).toBeLessThan(1e-9));
  });

  it.each([
    ['few', (row: number) => row % 4 === 0],
    ['most', (row: number) => row % 4 !== 0],
  ])('components of %s of the rows are those of these rows alone', async (_, chosen) => {
    const use = everyRow.filter(chosen);
    const alone = chosenRows(train, d, use);
    const direct = await (await componentsFitter(alone, d, pause))(Int32Array.from(use, (__, i) => i));
    const part = await (await componentsFitter(train, d, pause))(use);
    expectClose(part.variances, [...direct.variances], 1e-9);
    expectClose(part.mean, [...direct.mean], 1e-9);
    expectClose(part.scale, [...direct.scale], 1e-9);
    direct.vectors.forEach((entry, i) => expect(Math.abs(part.vectors[i]! - entry), `entry ${i}`).toBeLessThan(1e-9));
  });

  it('T², Q and both limits are those of NumPy and SciPy, the weighted score that of PyOD', async () => {
    const components = await (await componentsFitter(train, d, pause))(everyRow);
    const control = controlOf(components, train.length / d, { components: kept, variance: 0.9, confidence });
    expectClose([control.t2Limit, control.qLimit], [given.pca.t2Limit, given.pca.qLimit], 1e-9);
    const of = (statistic: Statistic) => {
      const statistics = new Statistics(components, control, statistic);
      return Array.from({ length: test.length / d }, (_, row) => statistics.of(test, row));
    };
    const [both, t2, q, weighted] = [of('combined'), of('t2'), of('q'), of('weighted')];
    const total = (parts: Float64Array): number => parts.reduce((sum, part) => sum + part, 0);
    expectClose(
      both.map((row) => row.t2),
      given.pca.t2,
      1e-9,
    );
    expectClose(
      both.map((row) => row.q),
      given.pca.q,
      1e-9,
    );
    expectClose(
      weighted.map((row) => row.weighted),
      given.pca.weighted,
      1e-9,
    );
    expectClose(
      both.flatMap(({ rebuilt }) => [...rebuilt]),
      given.pca.rebuilt,
      1e-9,
    );
    // Parts add up to the statistic they explain.
    expectClose(
      t2.map(({ parts }) => total(parts)),
      given.pca.t2,
      1e-9,
    );
    expectClose(
      q.map(({ parts }) => total(parts)),
      given.pca.q,
      1e-9,
    );
    expectClose(
      weighted.map(({ parts }) => total(parts)),
      given.pca.weighted,
      1e-9,
    );
    expectClose(
      both.map(({ parts }) => total(parts)),
      given.pca.t2.map((value, row) => value / given.pca.t2Limit + given.pca.q[row]! / given.pca.qLimit),
      1e-9,
    );
  });

  it('the whitened length is the Mahalanobis distance of scikit-learn’s shrunk covariance, to float32', () => {
    const whitener = new Whitener(tf, fitWhitening(tf, train, d, everyRow));
    const whitened = whitener.apply(test);
    whitener.dispose();
    const lengths = Array.from({ length: test.length / d }, (_, row) => Math.hypot(...whitened.subarray(row * d, (row + 1) * d)));
    expectClose(lengths, given.mahalanobis, 1e-4);
  });
});

it('quantiles of the F and the normal distribution are those of SciPy', () => {
  for (const [p, d1, d2, quantile] of reference.fisher) expectClose([fisherQuantile(p!, d1!, d2!)], [quantile!], 1e-9);
  for (const [p, quantile] of reference.normal) expectClose([normalQuantile(p!)], [quantile!], 1e-12);
});
