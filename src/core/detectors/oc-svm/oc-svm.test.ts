import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveParams } from '../params';
import type { PreparedSeries } from '../../prepare/prepared';
import { randomFrom } from '../../random';
import { ocSvm, type OcSvmParams } from '.';
import { GaussianRows, RbfKernel, scaleGamma } from './kernel';
import { LandmarkKernels, solveLandmarks, type LandmarkBoundary } from './nystrom';
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
const { cases, nystroem } = JSON.parse(readFileSync(new URL('../../../../test/reference/svm.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
  readonly nystroem: Pick<Case, 'd' | 'nu' | 'gamma' | 'train' | 'test' | 'decision' | 'rho'> & {
    readonly landmarks: readonly number[];
  };
};
const run = { checkpoint: () => Promise.resolve() };

const context = {
  ...run,
  random: randomFrom(1),
  tensorflow: () => Promise.resolve(tf),
  fusedLstm: false,
  report: () => undefined,
};
const paramsOf = (given: object): OcSvmParams => resolveParams(ocSvm.info.params, { window: 1, span: 0, ...given }) as OcSvmParams;
const numbers = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

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
  const everything = numbers(n);
  const from = { alpha: new Float64Array(n), gradient: new Float64Array(n) };

  const withKernel = async <T>(work: (kernel: RbfKernel) => Promise<T>, cacheBytes?: number): Promise<T> => {
    const rows = new GaussianRows(tf, train, d, gamma);
    try {
      return await work(new RbfKernel(tf, rows, cacheBytes));
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
    const model = await ocSvm.train(series(train, d), paramsOf({ nu, gamma: given.gamma }), context);
    const { score } = await model.score(series(test, d), context);
    model.dispose();
    score.forEach((distance, row) => {
      const decision = nu * n * Math.exp(-gamma * distance ** 2) - given.rho;
      expect(Math.abs(decision - given.decision[row]!), `row ${row}`).toBeLessThan(1e-3 * range);
    });
  });
});

describe('Nyström', () => {
  const { d, nu, gamma } = nystroem;
  const [train, test] = [Float32Array.from(nystroem.train), Float32Array.from(nystroem.test)];
  const n = train.length / d;
  const kernelsWith = (landmarks: Int32Array): Promise<LandmarkKernels> => LandmarkKernels.of(tf, train, d, landmarks, gamma, run);
  /** Σ beta_l k(landmark_l, x) − rho by its definition. */
  const decisions = (landmarks: Int32Array, { beta, rho }: LandmarkBoundary): number[] =>
    Array.from({ length: test.length / d }, (_, row) => {
      let sum = 0;
      landmarks.forEach((landmark, l) => {
        let square = 0;
        for (let j = 0; j < d; j++) square += (train[landmark * d + j]! - test[row * d + j]!) ** 2;
        sum += beta[l]! * Math.exp(-gamma * square);
      });
      return sum - rho;
    });
  const range = Math.max(...nystroem.decision) - Math.min(...nystroem.decision);

  it('has the decision values of a linear one-class SVM on the features of scikit-learn', async () => {
    const landmarks = Int32Array.from(nystroem.landmarks);
    const solution = await solveLandmarks(tf, await kernelsWith(landmarks), numbers(n), nu, numbers(landmarks.length), run);
    expect(tf.memory().numTensors).toBe(0);
    expect(Math.abs(solution.rho - nystroem.rho)).toBeLessThan(2e-3 * range);
    decisions(landmarks, solution).forEach((value, row) =>
      expect(Math.abs(value - nystroem.decision[row]!), `row ${row}`).toBeLessThan(5e-3 * range),
    );
  });

  it('is the exact machine when every window is a landmark', async () => {
    const some = 150;
    const everything = numbers(some);
    const sample = train.subarray(0, some * d);
    const kernels = await LandmarkKernels.of(tf, sample, d, everything, gamma, run);
    const solution = await solveLandmarks(tf, kernels, everything, nu, everything, run);
    const rows = new GaussianRows(tf, sample, d, gamma);
    const start = { alpha: new Float64Array(some), gradient: new Float64Array(some) };
    const { alpha, rho } = await solveOneClass(new RbfKernel(tf, rows), everything, nu * some, start, run);
    rows.dispose();
    const exact = decisions(everything, { beta: alpha.map((weight) => weight / (nu * some)), rho: rho / (nu * some) });
    decisions(everything, solution).forEach((value, row) =>
      expect(Math.abs(value - exact[row]!), `row ${row}`).toBeLessThan(5e-3 * range),
    );
  });

  it('from the solution over all, finds that over a part without its landmarks', async () => {
    const landmarks = Int32Array.from(nystroem.landmarks);
    const kernels = await kernelsWith(landmarks);
    const part = numbers(n).filter((i) => i < n / 3 || i > n / 2);
    const known = numbers(landmarks.length).filter((l) => part.includes(landmarks[l]!));
    const whole = await solveLandmarks(tf, kernels, numbers(n), nu, numbers(landmarks.length), run);
    const [warm, cold] = [
      await solveLandmarks(tf, kernels, part, nu, known, run, whole.beta),
      await solveLandmarks(tf, kernels, part, nu, known, run),
    ];
    expect(warm.beta.every((weight, l) => weight === 0 || known.includes(l))).toBe(true);
    const expected = decisions(landmarks, cold);
    decisions(landmarks, warm).forEach((value, row) => expect(Math.abs(value - expected[row]!)).toBeLessThan(2e-3 * range));
  });

  it('takes over above the windows that the exact machine takes, says so, and scores grow without end', async () => {
    const told: string[] = [];
    const report = ({ log }: { readonly log?: string }): void => void (log && told.push(log));
    const given = { nu, gamma, memory: 100, beyond: 'nystrom', landmarks: 40 };
    const model = await ocSvm.train(series(train, d), paramsOf(given), { ...context, report });
    expect(told.join(' ')).toContain('Nyström approximation with 40 landmarks for 400 windows');
    expect(model.parameterCount).toBe(ocSvm.size(n, d, paramsOf(given)).weights);
    const ray = Float32Array.from({ length: 30 * d }, (_, at) => 1.5 + 4 * Math.floor(at / d));
    const { score } = await model.score(series(ray, d), context);
    model.dispose();
    expect(score.every((value, row) => row < 2 || value > score[row - 1]!)).toBe(true);
  });

  it('refuses more windows where no approximation is wanted, before anything is calculated, and says how many would do', () => {
    const given = paramsOf({ memory: 100, beyond: 'refuse' });
    expect(() => ocSvm.size(n, d, given)).toThrow(/400 windows.*100/);
    expect(() => ocSvm.size(100, d, given)).not.toThrow();
    return expect(ocSvm.train(series(train, d), given, context)).rejects.toThrow(/may learn from 100/);
  });
});
