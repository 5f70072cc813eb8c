import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { randomFrom } from '../random';
import { bagFitter, drawSubsets, openBag } from './feature-bagging';

/** Values of PyOD and scikit-learn: test/reference/feature_bagging.py. */
const reference = JSON.parse(readFileSync(new URL('../../../test/reference/feature_bagging.json', import.meta.url), 'utf8')) as {
  readonly d: number;
  readonly k: number;
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly label: readonly number[];
  readonly subsets: readonly (readonly number[])[];
  readonly mean: readonly number[];
  readonly maximum: readonly number[];
  readonly pyod: { readonly scores: readonly number[]; readonly auc: readonly number[]; readonly spearman: readonly number[] };
};
const { d, k } = reference;
const [train, test] = [Float32Array.from(reference.train), Float32Array.from(reference.test)];
const everyRow = Int32Array.from({ length: train.length / d }, (_, i) => i);
const run = { checkpoint: () => Promise.resolve() };

beforeAll(async () => {
  await tf.setBackend('cpu');
});

async function read(subsets: readonly Int32Array[], combine: 'mean' | 'maximum') {
  const fitted = await bagFitter(tf, train, d, subsets, k, run)(everyRow);
  const reader = openBag(tf, fitted, { channels: d, width: d }, { neighbours: k, combine });
  const reading = reader.read(test);
  reader.dispose();
  expect(tf.memory().numTensors).toBe(0);
  return reading;
}

it.each(['mean', 'maximum'] as const)('the %s of the standardised factors is that of scikit-learn', async (combine) => {
  const subsets = reference.subsets.map((subset) => Int32Array.from(subset));
  const { points } = await read(subsets, combine);
  // score = 1 + z/z0 for one z0: any two rows tell it.
  const z = reference[combine];
  const [low, high] = [z.indexOf(Math.min(...z)), z.indexOf(Math.max(...z))];
  const zero = (z[high]! - z[low]!) / (points[high]! - points[low]!);
  // What is stored is float32.
  z.forEach((value, row) =>
    expect(Math.abs((points[row]! - 1) * zero - value), `row ${row}`).toBeLessThan(1e-5 * (1 + Math.abs(value))),
  );
});

it('lies within the seed spread of PyOD', async () => {
  for (const seed of [1, 2, 3]) {
    const { points } = await read(drawSubsets(d, 10, randomFrom(seed)), 'mean');
    expect(correlation(ranks(points), ranks(reference.pyod.scores))).toBeGreaterThan(reference.pyod.spearman[0]!);
    const auc = areaOf(points);
    expect(auc).toBeGreaterThanOrEqual(reference.pyod.auc[0]!);
  }
});

it('blames the tags whose relation broke', async () => {
  const { energy, points } = await read(drawSubsets(d, 10, randomFrom(1)), 'mean');
  const worst = points.indexOf(Math.max(...points));
  const parts = energy.subarray(worst * d, (worst + 1) * d);
  expect(reference.label[worst]).toBe(1);
  expect(parts.indexOf(Math.max(...parts))).toBeLessThan(4);
});

it('draws from half of the columns to all but one, each once, and more of them for a longer list', () => {
  const subsets = drawSubsets(7, 200, randomFrom(3));
  expect(new Set(subsets.map(({ length }) => length))).toEqual(new Set([3, 4, 5, 6]));
  for (const subset of subsets) expect([...new Set(subset)].sort((a, b) => a - b)).toEqual([...subset]);
  expect(drawSubsets(7, 3, randomFrom(3))).toEqual(subsets.slice(0, 3));
  expect(drawSubsets(1, 1, randomFrom(3))[0]).toEqual(Int32Array.of(0));
});

function ranks(values: ArrayLike<number>): number[] {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result = new Array<number>(order.length);
  order.forEach((row, rank) => (result[row] = rank));
  return result;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (a.length - 1) / 2;
  const sum = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((total, value, i) => total + (value - mean) * (y[i]! - mean), 0);
  return sum(a, b) / Math.sqrt(sum(a, a) * sum(b, b));
}

/** Share of pairs of an outlier and a normal row in the right order. */
function areaOf(points: Float64Array): number {
  const of = (label: number): Float64Array => points.filter((_, row) => reference.label[row] === label);
  const [normal, odd] = [of(0), of(1)];
  return odd.reduce((sum, score) => sum + normal.filter((other) => other < score).length, 0) / (normal.length * odd.length);
}
