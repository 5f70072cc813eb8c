import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../random';
import { chosenRows } from '../shared/window-detector';
import { resolveParams } from '../params';
import { cva, type CvaParams } from '.';
import { statesByCriterion, statesByShare, variatesFitter } from './model';
import { formsOf, rootOf, sumOfForms } from './statistic';

interface Case {
  readonly name: string;
  readonly channels: number;
  readonly lags: number;
  readonly ahead: number;
  readonly shrinkage: number;
  readonly confidence: number;
  readonly windows: readonly number[];
  readonly test: readonly number[];
  readonly correlations: readonly number[];
  readonly criterion: number;
  readonly byShare: number;
  readonly states: readonly number[];
  readonly residual: readonly number[];
  readonly q: readonly number[];
  readonly limits: Readonly<Record<'states' | 'residual' | 'q', number>>;
}

/** Values of NumPy: test/reference/cva.py. */
const { cases } = JSON.parse(readFileSync(new URL('../../../../test/reference/cva.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};
const pause = (): Promise<void> => Promise.resolve();

function expectClose(values: ArrayLike<number>, expected: ArrayLike<number>, relative: number): void {
  expect(values).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(values[i]! - expected[i]!) / Math.abs(expected[i]!), `value ${i}`).toBeLessThan(relative);
  }
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe.each(cases)('$name', (given) => {
  const { channels, lags, ahead } = given;
  const past = lags * channels;
  const shape = { past, future: ahead * channels, channels };
  const windows = Float32Array.from(given.windows);
  const everyRow = Int32Array.from({ length: windows.length / (past + shape.future) }, (_, i) => i);
  const fitAll = async () => (await variatesFitter(windows, shape, given.shrinkage, pause))(everyRow);

  /** xᵀMx of each test row. */
  const valuesOf = (matrix: Float64Array, mean: Float64Array, scale: Float64Array): number[] =>
    Array.from({ length: given.test.length / past }, (_, row) => {
      const x = mean.map((middle, j) => (given.test[row * past + j]! - middle) / scale[j]!);
      return x.reduce((sum, value, i) => sum + value * x.reduce((inner, other, j) => inner + other * matrix[i * past + j]!, 0), 0);
    });

  it('has the canonical correlations and numbers of states of NumPy', async () => {
    const variates = await fitAll();
    given.correlations.forEach((value, i) =>
      expect(Math.abs(variates.correlations[i]! - value), `correlation ${i}`).toBeLessThan(1e-8),
    );
    expect(statesByCriterion(variates, channels)).toBe(given.criterion);
    expect(statesByShare(variates, 0.9)).toBe(given.byShare);
  });

  it('has its statistics and limits, and each root gives its form', async () => {
    const variates = await fitAll();
    const forms = formsOf(variates, given.criterion, given.confidence);
    for (const name of ['states', 'residual', 'q'] as const) {
      expectClose(valuesOf(forms[name].matrix, variates.mean, variates.scale), given[name], 1e-8);
      expectClose([forms[name].limit], [given.limits[name]], 1e-8);
    }
    const sum = sumOfForms(Object.values(forms));
    const root = rootOf(sum, past);
    for (let i = 0; i < past; i++) {
      for (let j = 0; j < past; j++) {
        let product = 0;
        for (let l = 0; l < past; l++) product += root[l * past + i]! * root[l * past + j]!;
        expect(product).toBeCloseTo(sum[i * past + j]!, 9);
      }
    }
  });

  it('of a part of the windows is that of these alone', async () => {
    const part = everyRow.filter((row) => row < 20 || row > 40);
    const alone = chosenRows(windows, past + shape.future, part);
    const direct = await (await variatesFitter(alone, shape, given.shrinkage, pause))(everyRow.slice(0, part.length));
    const shared = await (await variatesFitter(windows, shape, given.shrinkage, pause))(part);
    expectClose(shared.precision, direct.precision, 1e-6);
    expectClose(shared.errors, direct.errors, 1e-8);
  });
});

it('foresees a process by few states, and scores what breaks its course', async () => {
  // Two tags turn around each other; a third follows the first, a row later. The noise takes a state of its own at most.
  const random = randomFrom(5);
  const rows = 600;
  const values = new Float32Array(rows * 3);
  let [a, b, before] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    before = a;
    [a, b] = [0.8 * a - 0.5 * b + 0.3 * random.normal(), 0.5 * a + 0.8 * b + 0.3 * random.normal()];
    values.set(
      [a, b, before].map((value) => value + 0.1 * random.normal()),
      row * 3,
    );
  }
  const data = {
    ...{ values, channels: ['a', 'b', 'follower'], segments: [{ start: 0, end: rows }], stepMs: 1 },
    timestamps: Float64Array.from({ length: rows }, (_, row) => row),
  };
  const logs: string[] = [];
  const run = {
    ...{ random: randomFrom(1), tensorflow: () => Promise.resolve(tf), fusedLstm: false, checkpoint: pause },
    report: ({ log }: { readonly log?: string }) => void (log && logs.push(log)),
  };
  const model = await cva.train(data, resolveParams(cva.info.params, { window: 4, span: 0, shrinkage: 0.001 }) as CvaParams, run);
  expect(logs.find((log) => log.includes('states'))).toMatch(/^[23] states, canonical correlations 0\.9/);
  // The follower stands still: a usual value, against what the others did.
  const broken = values.slice();
  for (let row = 300; row < 310; row++) broken[row * 3 + 2] = 0;
  const { score, byChannel } = await model.score({ ...data, values: broken }, run);
  model.dispose();
  const worst = score.indexOf(Math.max(...score.filter((value) => !Number.isNaN(value))));
  expect(worst).toBeGreaterThanOrEqual(300);
  expect(worst).toBeLessThan(314);
  const shares = byChannel!.subarray(worst * 3, worst * 3 + 3);
  expect(shares.indexOf(Math.max(...shares))).toBe(2);
  expect(tf.memory().numTensors).toBe(0);
});
