import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveParams } from '../params';
import type { PreparedSeries } from '../../prepare/prepared';
import { randomFrom } from '../../random';
import { ocSvm } from '.';
import { CentredRows, RbfKernel, scaleGamma } from './kernel';
import { solveOneClass, type Solution } from './solver';

interface Case {
  readonly name: string;
  readonly d: number;
  readonly nu: number;
  readonly gamma: number;
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly scale: number;
  readonly decision: readonly number[];
  readonly rho: number;
  readonly support: number;
  readonly exact: readonly number[];
}

/** Values of scikit-learn: test/reference/svm.py. */
const { cases } = JSON.parse(readFileSync(new URL('../../../../test/reference/svm.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};
const run = { checkpoint: () => Promise.resolve() };

const series = (values: Float32Array, d: number): PreparedSeries => ({
  timestamps: Float64Array.from({ length: values.length / d }, (_, row) => row),
  values,
  channels: Array.from({ length: d }, (_, j) => `tag ${j}`),
  segments: [{ start: 0, end: values.length / d }],
  stepMs: 1,
});

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe.each(cases)('$name', (given) => {
  const { d, nu } = given;
  const [train, test] = [Float32Array.from(given.train), Float32Array.from(given.test)];
  const n = train.length / d;
  const gamma = given.gamma > 0 ? given.gamma : scaleGamma(train, d);
  const everything = Int32Array.from({ length: n }, (_, i) => i);
  const from = { alpha: new Float64Array(n), gradient: new Float64Array(n) };

  const withKernel = async <T>(work: (kernel: RbfKernel) => Promise<T>, cacheBytes?: number): Promise<T> => {
    const rows = new CentredRows(tf, train, d);
    try {
      return await work(new RbfKernel(tf, rows, gamma, cacheBytes));
    } finally {
      rows.dispose();
      expect(tf.memory().numTensors).toBe(0);
    }
  };
  /** Σ alpha_i k(x_i, x) − rho by its definition. */
  const decisions = ({ alpha, rho }: Solution): number[] =>
    Array.from({ length: test.length / d }, (_, row) => {
      let sum = 0;
      alpha.forEach((weight, i) => {
        let square = 0;
        for (let j = 0; j < d; j++) square += (train[i * d + j]! - test[row * d + j]!) ** 2;
        sum += weight * Math.exp(-gamma * square);
      });
      return sum - rho;
    });
  const range = Math.max(...given.decision) - Math.min(...given.decision);

  it('has the decision values of scikit-learn', async () => {
    expect(gamma).toBeCloseTo(given.scale, 6);
    const solution = await withKernel((kernel) => solveOneClass(kernel, everything, nu * n, from, run));
    expect(solution.alpha.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(nu * n, 9);
    expect(Math.abs(solution.rho - given.rho)).toBeLessThan(1e-3 * Math.max(1, given.rho));
    decisions(solution).forEach((value, row) => {
      expect(Math.abs(value - given.decision[row]!), `row ${row}`).toBeLessThan(1e-3 * range);
      expect(Math.abs(value - given.exact[row]!), `row ${row}`).toBeLessThan(1e-3 * range);
    });
  });

  it('is the same with a cache too small for its rows', async () => {
    const solve = (kernel: RbfKernel): Promise<Solution> => solveOneClass(kernel, everything, nu * n, from, run);
    expect((await withKernel(solve, 0)).alpha).toEqual((await withKernel(solve)).alpha);
  });

  it('from the solution over all, finds that over a part', async () => {
    const part = everything.filter((i) => i < n / 3 || i > n / 2);
    const [warm, cold] = await withKernel(async (kernel) => {
      const whole = await solveOneClass(kernel, everything, nu * n, from, run);
      return [
        await solveOneClass(kernel, part, nu * part.length, whole, run),
        await solveOneClass(kernel, part, nu * part.length, from, run),
      ];
    });
    expect(warm.alpha.every((weight, i) => weight === 0 || part.includes(i))).toBe(true);
    const known = decisions(cold);
    decisions(warm).forEach((value, row) => expect(Math.abs(value - known[row]!), `row ${row}`).toBeLessThan(2e-3 * range));
  });

  it('scores rows by the decision value of scikit-learn, read as a distance', async () => {
    const context = {
      ...run,
      random: randomFrom(1),
      tensorflow: () => Promise.resolve(tf),
      fusedLstm: false,
      report: () => undefined,
    };
    const params = resolveParams(ocSvm.info.params, { window: 1, span: 0, nu, gamma: given.gamma });
    const model = await ocSvm.train(series(train, d), params as Parameters<typeof ocSvm.train>[1], context);
    const { score } = await model.score(series(test, d), context);
    model.dispose();
    score.forEach((distance, row) => {
      const decision = nu * n * Math.exp(-gamma * distance ** 2) - given.rho;
      expect(Math.abs(decision - given.decision[row]!), `row ${row}`).toBeLessThan(1e-3 * range);
    });
  });
});
