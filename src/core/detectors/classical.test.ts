import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import reference from '../../../test/reference/classical.json';
import { knnScores } from './knn';
import { densitiesOf, outlierFactors } from './lof';
import { fisherQuantile, normalQuantile } from './pca/limits';
import { controlOf, fitComponents, Statistics, type Statistic } from './pca/model';
import { NearestRows } from './shared/nearest';
import { fitWhitening, Whitener } from './shared/whitening';

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
  const withMemory = async (check: (memory: NearestRows) => void | Promise<void>): Promise<void> => {
    const memory = new NearestRows(tf, train, d);
    await check(memory);
    memory.dispose();
    expect(tf.memory().numTensors).toBe(0);
  };

  it.each(['largest', 'mean', 'median'] as const)('KNN, %s distance, is that of PyOD', (method) =>
    withMemory((memory) => expectClose(knnScores(memory.find(test, 6), 6, method), given.knn[method], 1e-9)),
  );

  it('LOF is that of scikit-learn', () =>
    withMemory(async (memory) => {
      const densities = await densitiesOf(memory, 20, { checkpoint: pause });
      expectClose(outlierFactors(memory.find(test, 20), densities, 20), given.lof, 1e-9);
    }));

  it('components are those of scikit-learn', async () => {
    const { variances, vectors } = await fitComponents(train, d, pause);
    expectClose(variances, given.pca.variances, 1e-9);
    // Entries near 0 carry the rounding of the whole vector of length 1.
    given.pca.components.forEach((entry, i) => expect(Math.abs(vectors[i]! - entry), `entry ${i}`).toBeLessThan(1e-9));
  });

  it('T², Q and both limits are those of NumPy and SciPy, the weighted score that of PyOD', async () => {
    const components = await fitComponents(train, d, pause);
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
    const every = Int32Array.from({ length: train.length / d }, (_, i) => i);
    const whitener = new Whitener(tf, fitWhitening(tf, train, d, every));
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
