import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../random';
import { growForest, meanPathLength } from './isolation-forest/forest';
import { ForestReader } from './isolation-forest/reader';
import { knnScores } from './knn';
import { densitiesOf, outlierFactors } from './lof';
import { fisherQuantile, normalQuantile } from './shared/distributions';
import { componentsFitter, controlOf, Statistics, type Scaling, type Statistic } from './pca/model';
import { NearestRows } from './shared/nearest';
import { missingBlock, neighboursAmong, neighboursWithout } from './shared/own-neighbours';
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
  readonly pca: PrincipalCase;
  readonly covariancePca: PrincipalCase;
  readonly mahalanobis: readonly number[];
}

type PrincipalCase = Readonly<Record<'variances' | 'components' | 't2' | 'q' | 'weighted' | 'rebuilt', readonly number[]>> & {
  readonly t2Limit: number;
  readonly qLimit: number;
};

/** Values of PyOD, scikit-learn, SciPy and NumPy: test/reference/classical.py. */
const reference = JSON.parse(readFileSync(new URL('../../../test/reference/classical.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
  readonly forest: {
    readonly d: number;
    readonly train: readonly number[];
    readonly test: readonly number[];
    readonly label: readonly number[];
    readonly scores: readonly number[];
    readonly auc: number;
  };
  readonly fisher: readonly (readonly number[])[];
  readonly normal: readonly (readonly number[])[];
};

const scalings: readonly (readonly [Scaling, 'pca' | 'covariancePca'])[] = [
  ['standard', 'pca'],
  ['none', 'covariancePca'],
];
const pause = (): Promise<void> => Promise.resolve();

/** Each value within `relative` of its expected one. */
function expectClose(values: ArrayLike<number>, expected: readonly number[], relative: number): void {
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(values[i]! - value) / Math.abs(value), `value ${i}`).toBeLessThan(relative));
}

/** Rank of each value among all; there are no ties. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = values.map(() => 0);
  order.forEach((i, rank) => (ranks[i] = rank));
  return ranks;
}

/** 1 − 6 Σ (difference of ranks)² / (n³ − n). */
function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  return 1 - (6 * x.reduce((sum, rank, i) => sum + (rank - y[i]!) ** 2, 0)) / (a.length ** 3 - a.length);
}

/** Share of the pairs of an anomalous and a normal row that are in the right order. */
function areaUnderRoc(scores: readonly number[], label: readonly number[]): number {
  const [odd, normal] = [1, 0].map((kind) => scores.filter((_, i) => label[i] === kind)) as [number[], number[]];
  return odd.reduce((sum, x) => sum + normal.filter((y) => x > y).length, 0) / (odd.length * normal.length);
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

  it('neighbours outside of a block, from what is known of all, are those of a direct search', () =>
    withMemory(async (memory) => {
      // A block out of the middle: some rows lose more neighbours than were known in reserve.
      const use = everyRow.filter((row) => row < 30 || row >= 60);
      const leftOut = missingBlock(use, memory.count);
      expect(leftOut).toEqual({ from: 30, to: 60 });
      const known = await neighboursAmong(memory, everyRow, 8, { checkpoint: pause });
      const found = await neighboursWithout(leftOut, known, memory, 5, { checkpoint: pause });
      const part = new NearestRows(tf, chosenRows(train, d, use), d);
      const direct = part.find(
        train,
        5,
        everyRow.map((row) => use.indexOf(row)),
      );
      part.dispose();
      expect(found).toEqual({ ...direct, index: direct.index.map((entry) => use[entry]!) });
    }));

  it.each(scalings)('components, scaling %s, are those of scikit-learn', async (scaling, key) => {
    const expected = given[key];
    const { variances, vectors } = await (await componentsFitter(train, d, pause, scaling))(everyRow);
    expectClose(variances, expected.variances, 1e-9);
    // Entries near 0 carry the rounding of the whole vector of length 1.
    expected.components.forEach((entry, i) => expect(Math.abs(vectors[i]! - entry), `entry ${i}`).toBeLessThan(1e-9));
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

  it.each(scalings)(
    'scaling %s: T², Q and both limits are those of NumPy and SciPy, the weighted score that of PyOD',
    async (scaling, key) => {
      const expected = given[key];
      const components = await (await componentsFitter(train, d, pause, scaling))(everyRow);
      const control = controlOf(components, train.length / d, { components: kept, variance: 0.9, confidence });
      expectClose([control.t2Limit, control.qLimit], [expected.t2Limit, expected.qLimit], 1e-9);
      const of = (statistic: Statistic) => {
        const statistics = new Statistics(components, control, statistic);
        return Array.from({ length: test.length / d }, (_, row) => {
          const found = statistics.of(test, row);
          return { ...found, parts: found.parts.slice(), rebuilt: found.rebuilt.slice() };
        });
      };
      const [both, t2, q, weighted] = [of('combined'), of('t2'), of('q'), of('weighted')];
      const total = (parts: Float64Array): number => parts.reduce((sum, part) => sum + part, 0);
      expectClose(
        both.map((row) => row.t2),
        expected.t2,
        1e-9,
      );
      expectClose(
        both.map((row) => row.q),
        expected.q,
        1e-9,
      );
      expectClose(
        weighted.map((row) => row.weighted),
        expected.weighted,
        1e-9,
      );
      expectClose(
        both.flatMap(({ rebuilt }) => [...rebuilt]),
        expected.rebuilt,
        1e-9,
      );
      // Parts add up to the statistic they explain.
      expectClose(
        t2.map(({ parts }) => total(parts)),
        expected.t2,
        1e-9,
      );
      expectClose(
        q.map(({ parts }) => total(parts)),
        expected.q,
        1e-9,
      );
      expectClose(
        weighted.map(({ parts }) => total(parts)),
        expected.weighted,
        1e-9,
      );
      expectClose(
        both.map(({ parts }) => total(parts)),
        expected.t2.map((value, row) => value / expected.t2Limit + expected.q[row]! / expected.qLimit),
        1e-9,
      );
    },
  );

  it('the whitened length is the Mahalanobis distance of scikit-learn’s shrunk covariance, to float32', () => {
    const whitener = new Whitener(tf, fitWhitening(tf, train, d, everyRow));
    const whitened = whitener.apply(test);
    whitener.dispose();
    const lengths = Array.from({ length: test.length / d }, (_, row) => Math.hypot(...whitened.subarray(row * d, (row + 1) * d)));
    expectClose(lengths, given.mahalanobis, 1e-4);
  });
});

it('the isolation forest ranks as one of 1,000 trees of scikit-learn', async () => {
  const { d, label, scores, auc } = reference.forest;
  const [train, test] = [Float32Array.from(reference.forest.train), Float32Array.from(reference.forest.test)];
  const everyRow = Int32Array.from({ length: train.length / d }, (_, i) => i);
  const forest = await growForest(train, d, everyRow, { trees: 300, size: 256 }, randomFrom(4), pause);
  const reader = new ForestReader(forest, d, 256, 256);
  const own = [...reader.read(test, d).points];
  expect(spearman(own, scores)).toBeGreaterThan(0.98);
  expect(Math.abs(areaUnderRoc(own, label) - auc)).toBeLessThan(0.01);
});

it('the parts of a path add up to what it is shorter than usual', async () => {
  // One column: a window far outside is alone after the first cut or two, and all of that is the column's.
  const train = Float32Array.from({ length: 64 }, (_, i) => i);
  const everyRow = Int32Array.from(train, (_, i) => i);
  const forest = await growForest(train, 1, everyRow, { trees: 50, size: 64 }, randomFrom(4), pause);
  const reader = new ForestReader(forest, 1, 64, 64);
  const { points, energy } = reader.read(Float32Array.of(1000), 1);
  const score = points[0]!;
  const nodes = forest.length.length / 50;
  const usual = Array.from({ length: 50 }, (_, tree) => forest.length[tree * nodes]!).reduce((sum, length) => sum + length, 0);
  // score = c · trees / total path, so the total path is c · trees / score.
  expect(energy[0]).toBeCloseTo(usual - (meanPathLength(64) * 50) / score, 3);
  expect(score).toBeGreaterThan(1);
});

it('mean path lengths are those of the source', () => {
  // 2 H(n − 1) − 2 (n − 1) / n with H(i) = ln i + 0.5772156649: 2 (ln 255 + 0.5772156649) − 510 / 256.
  expect(meanPathLength(256)).toBeCloseTo(10.2448, 4);
  expect([meanPathLength(1), meanPathLength(2)]).toEqual([0, 1]);
});

it('quantiles of the F and the normal distribution are those of SciPy', () => {
  for (const [p, d1, d2, quantile] of reference.fisher) expectClose([fisherQuantile(p!, d1!, d2!)], [quantile!], 1e-9);
  for (const [p, quantile] of reference.normal) expectClose([normalQuantile(p!)], [quantile!], 1e-12);
});
