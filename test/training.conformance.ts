import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Backend, EpochRecord, Progress, RunContext } from '../src/core/detectors/detector';
import { specs } from '../src/core/detectors/hreg-vae-lstm/params';
import { gradientPenalty } from '../src/core/detectors/hreg-vae-lstm/stages';
import { resolveParams } from '../src/core/detectors/params';
import { NeighbourMemory } from '../src/core/detectors/shared/neighbours';
import { decode, encode, vaeSpecs } from '../src/core/detectors/shared/vae-network';
import { negativeElbo } from '../src/core/detectors/shared/vae-stage';
import { fitWhitening, Whitener } from '../src/core/detectors/shared/whitening';
import { isFaultline } from '../src/core/errors';
import { randomFrom } from '../src/core/random';
import { initialise, normals } from '../src/core/tensor/layers';
import { lstm } from '../src/core/tensor/lstm';
import { trainStage, type Stage } from '../src/core/tensor/stage';
import { WeightSet } from '../src/core/tensor/weights';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';

let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadEngine();
});
afterEach(() => {
  expect(engine.tf.memory().numTensors).toBe(0);
});

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);

/** Numbers of tensors that are gone afterwards. */
function numbers(compute: () => readonly Tensor[]): Float32Array[] {
  const result: Float32Array[] = [];
  engine.tf.tidy(() => {
    for (const tensor of compute()) result.push(tensor.dataSync() as Float32Array);
  });
  return result;
}

describe('the LSTM', () => {
  it('gives equal outputs and gradients fused and unrolled', async ({ skip }) => {
    if (!engine.fusedLstm) skip('needs the native engine');
    const { tf } = engine;
    for (const [steps, batch, inputs, hidden] of [
      [1, 1, 1, 1],
      [11, 32, 6, 64],
      [23, 7, 3, 10],
    ] as const) {
      const random = randomFrom(steps);
      const [x, w, b, g] = [
        normals(random, steps * batch * inputs),
        normals(random, (inputs + hidden) * 4 * hidden).map((value) => 0.3 * value),
        normals(random, 4 * hidden),
        normals(random, steps * batch * hidden),
      ];
      const run = (fused: boolean): Float32Array[] =>
        numbers(() => {
          const args = [tf.tensor3d(x, [steps, batch, inputs]), tf.tensor2d(w, [inputs + hidden, 4 * hidden]), tf.tensor1d(b)];
          const weight = tf.tensor3d(g, [steps, batch, hidden]);
          const forward = (...[tx, tw, tb]: Tensor[]): Tensor3D => lstm(tf, tx as Tensor3D, tw as Tensor2D, tb as Tensor1D, fused);
          const { grads } = tf.valueAndGrads((...tensors: Tensor[]) => tf.sum(tf.mul(forward(...tensors), weight)) as Scalar)(args);
          return [forward(...args), ...grads];
        });
      const unrolled = run(false);
      run(true).forEach((found, i) => {
        const scale = Math.max(1, ...unrolled[i]!.map(Math.abs));
        expect(largestDifference(found, unrolled[i]!) / scale, `${steps} steps, output ${i}`).toBeLessThan(2e-6);
      });
    }
  });

  it('follows the equations of one cell by hand', () => {
    const { tf } = engine;
    // One input, one unit, x = 1, 2; weights of x: i 0.1, f 0.2, c 0.3, o 0.4; of h: 0.5 each; biases 0, 1, 0, 0.
    const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
    let [h, c] = [0, 0];
    const expected = [1, 2].map((x) => {
      const [i, f, ci, o] = [0.1, 0.2, 0.3, 0.4].map((weight, gate) => weight * x + 0.5 * h + (gate === 1 ? 1 : 0)) as [
        number,
        number,
        number,
        number,
      ];
      c = sigmoid(f) * c + sigmoid(i) * Math.tanh(ci);
      h = sigmoid(o) * Math.tanh(c);
      return h;
    });
    for (const fused of engine.fusedLstm ? [false, true] : [false]) {
      const [found] = numbers(() => [
        lstm(
          tf,
          tf.tensor3d([1, 2], [2, 1, 1]),
          tf.tensor2d([0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.5], [2, 4]),
          tf.tensor1d([0, 1, 0, 0]),
          fused,
        ),
      ]);
      expect(largestDifference(found!, expected)).toBeLessThan(1e-6);
    }
  });
});

describe.each<Backend | 'best'>(['best', 'wasm', 'cpu'])('the VAE loss on the %s engine', (backend) => {
  let best: LoadedEngine;
  beforeAll(async () => {
    best = engine;
    if (backend !== 'best') engine = await loadEngine({ force: backend });
  });
  afterAll(async () => {
    await best.tf.setBackend(best.info.backend);
    engine = best;
  });

  const inputs = 6;
  const setup = (penalty: string, exponent: number) => {
    const params = resolveParams(specs, { window: 6, hidden: 8, latent: 2, penalty, exponent });
    const weights = new WeightSet(vaeSpecs(inputs, params));
    initialise(weights, randomFrom(1));
    const random = randomFrom(2);
    const [x, noise, projection] = [
      normals(random, 5 * inputs),
      normals(random, 10),
      normals(random, 5 * (penalty === 'encoder' ? 2 : inputs)),
    ];
    const losses = (tensors: readonly Tensor[]) => {
      const { tf } = engine;
      const windows = tf.tensor2d(x, [5, inputs]);
      const elbo = negativeElbo(tf, tensors, windows, tf.tensor2d(noise, [5, 2]), params.sigmaX);
      const v = tf.tensor2d(projection, [5, projection.length / 5]);
      return { ...elbo, hreg: gradientPenalty(tf, tensors, windows, elbo.encoded, v, params) };
    };
    return { params, weights, x, projection, losses };
  };

  it.each([
    ['jacobian', 2],
    ['encoder', 2],
    ['error', 2],
    ['jacobian', 1],
    ['encoder', 1],
    ['error', 1],
    ['error', 3],
  ])('has the right gradient for the penalty %s with exponent %d', (penalty, exponent) => {
    const { tf } = engine;
    const { weights, x, losses } = setup(penalty, exponent);
    // A little of the other losses, because the penalty alone does not reach every weight.
    const total = (tensors: readonly Tensor[]): Scalar => {
      const { reconstruction, kl, hreg } = losses(tensors);
      return tf.add(hreg, tf.mul(tf.add(reconstruction, kl), 0.01));
    };
    const valueOf = (): number => numbers(() => [total(weights.tensors(tf))])[0]![0]!;
    const gradient = numbers(() => {
      const { grads } = tf.valueAndGrads((...tensors: Tensor[]) => total(tensors))(weights.tensors(tf));
      return [tf.concat1d(grads.map((grad) => tf.reshape(grad, [-1]) as Tensor1D))];
    })[0]!;
    // The penalty jumps where an activation changes its side: such weights are left out.
    const sides = (): string =>
      numbers(() => {
        const { mean, slopes } = encode(tf, weights.tensors(tf), tf.tensor2d(x, [5, inputs]));
        return [...slopes, ...decode(tf, weights.tensors(tf), mean).slopes];
      }).join();
    const scale = Math.max(...gradient.map(Math.abs));
    const step = 1e-3;
    const here = sides();
    let [largest, compared] = [0, 0];
    for (let n = 0; n < 60; n++) {
      const at = Math.floor((n * weights.flat.length) / 60);
      const held = weights.flat[at]!;
      const moved = [step, -step].map((by) => {
        weights.flat[at] = held + by;
        return { value: valueOf(), same: sides() === here };
      });
      weights.flat[at] = held;
      if (!moved.every(({ same }) => same)) continue;
      compared++;
      largest = Math.max(largest, Math.abs((moved[0]!.value - moved[1]!.value) / (2 * step) - gradient[at]!) / scale);
    }
    expect(compared).toBeGreaterThan(40);
    expect(scale).toBeGreaterThan(0);
    expect(largest).toBeLessThan(5e-3);
  });

  it.each(['jacobian', 'encoder', 'error'])('penalises the gradient that finite differences of f give for %s', (penalty) => {
    const { tf } = engine;
    const { weights, x, projection, losses } = setup(penalty, 2);
    const width = projection.length / 5;
    /** f(x) of one window, by the definition in the docstring. */
    const f = (window: Float32Array, v: Float32Array): number => {
      const [value] = numbers(() => {
        const input = tf.tensor2d(window, [1, inputs]);
        const layers = weights.tensors(tf) as Tensor2D[];
        const dense = (t: Tensor2D, at: number): Tensor2D => tf.add(tf.matMul(t, layers[at]!), layers[at + 1]!);
        const leaky = (t: Tensor2D): Tensor2D => tf.leakyRelu(t, 0.2);
        const mean = dense(leaky(dense(leaky(dense(input, 0)), 2)), 4);
        const rebuilt = dense(leaky(dense(leaky(dense(mean, 8)), 10)), 12);
        if (penalty === 'error') return [tf.sum(tf.square(tf.sub(input, rebuilt)))];
        return [tf.sum(tf.mul(penalty === 'encoder' ? mean : rebuilt, tf.tensor2d(v, [1, width])))];
      });
      return value![0]!;
    };
    const step = 3e-4;
    let expected = 0;
    for (let row = 0; row < 5; row++) {
      const v = projection.slice(row * width, (row + 1) * width);
      for (let j = 0; j < inputs; j++) {
        const moved = (by: number): number =>
          f(
            x.slice(row * inputs, (row + 1) * inputs).map((value, i) => (i === j ? value + by : value)),
            v,
          );
        expected += ((moved(step) - moved(-step)) / (2 * step)) ** 2 / 5;
      }
    }
    const found = numbers(() => [losses(weights.tensors(tf)).hreg])[0]![0]!;
    expect(found / expected).toBeCloseTo(1, 2);
  });
});

describe('a training stage', () => {
  /** Minimises (w − 3)²; `poison` says at which steps the loss is NaN. */
  const stage = (steps: number, poison: (step: number) => boolean): Stage => ({
    ...{ name: 'toy', steps, rate: 0.1, clipNorm: 100, patience: 0 },
    loss(weights, step) {
      const { tf } = engine;
      const distance = tf.sum(tf.square(tf.sub(weights[0]!, 3))) as Scalar;
      const total = poison(step) ? (tf.mul(distance, Number.NaN) as Scalar) : distance;
      return { total, parts: { distance: total } };
    },
    validation: (weights) => engine.tf.sum(engine.tf.square(engine.tf.sub(weights[0]!, 3))),
  });
  const train = async (toy: Stage) => {
    const reports: Progress[] = [];
    const history: EpochRecord[] = [];
    const weights = new WeightSet([{ name: 'w', shape: [2] }]);
    const run: RunContext = {
      random: randomFrom(1),
      tensorflow: () => Promise.resolve(engine.tf),
      fusedLstm: engine.fusedLstm,
      report: (progress) => reports.push(progress),
      checkpoint: () => Promise.resolve(),
    };
    await trainStage(engine.tf, toy, weights, run, { history, stepsBefore: 100, stepsInAll: 400 });
    return { weights, history, reports };
  };

  it('finds the minimum, and reports each tenth step out of all stages', async () => {
    const { weights, history, reports } = await train(stage(300, () => false));
    expect(weights.flat[0]).toBeCloseTo(3, 2);
    expect(history).toHaveLength(30);
    expect(history[0]).toMatchObject({
      stage: 'toy',
      step: 10,
      losses: { distance: expect.any(Number), validation: expect.any(Number) },
    });
    expect(reports[0]).toMatchObject({ done: 110, total: 400, unit: 'steps' });
  });

  it('goes back to the best state with half the rate when a loss is NaN, and still finds the minimum', async () => {
    const { weights, history, reports } = await train(stage(300, (step) => step === 55 || step === 120));
    expect(weights.flat[0]).toBeCloseTo(3, 1);
    expect(history.every((record) => Object.values(record.losses).every(Number.isFinite))).toBe(true);
    expect(reports.flatMap((report) => report.log ?? []).map((log) => log.slice(0, 8))).toEqual(['Step 56:', 'Step 121']);
    // Rate 0.1 on its cosine before the first NaN, a half of it after, a quarter at the end of the second.
    const cosine = (step: number): number => 0.05 * (1 + Math.cos((Math.PI * step) / 300));
    expect(history.find((record) => record.step === 50)!.learningRate).toBeCloseTo(cosine(49), 9);
    expect(history.find((record) => record.step === 60)!.learningRate).toBeCloseTo(cosine(59) / 2, 9);
    expect(history.find((record) => record.step === 130)!.learningRate).toBeCloseTo(cosine(129) / 4, 9);
  });

  it('gives up with the step and the reason at the fourth NaN', async () => {
    const error: unknown = await train(stage(300, (step) => step >= 20)).catch((caught: unknown) => caught);
    expect(isFaultline(error, 'training/not-finite')).toBe(true);
    expect((error as Error).message).toMatch(/step 24 of stage "toy".*the loss is not a finite number/);
  });

  it('keeps no tensor over many batches', async () => {
    await train(stage(1000, () => false));
    expect(engine.tf.memory().numTensors).toBe(0);
  });
});

describe('statistics of normal windows', () => {
  it('whitened rows have the covariance that the shrinkage leaves', () => {
    const { tf } = engine;
    const random = randomFrom(9);
    // y = (u, u + 0.5 v): covariance [[1, 1], [1, 1.25]] in expectation.
    const rows = new Float32Array(8000);
    for (let i = 0; i < rows.length; i += 2) {
      rows[i] = random.normal();
      rows[i + 1] = rows[i]! + 0.5 * random.normal();
    }
    const whitener = new Whitener(
      tf,
      fitWhitening(
        tf,
        rows,
        2,
        Int32Array.from({ length: 4000 }, (_, i) => i),
      ),
    );
    const white = whitener.apply(rows);
    whitener.dispose();
    // C' = 0.9 C + 0.1·1.125·I; by hand for C above: trace of C'⁻¹ C with C' = [[1.0125, 0.9], [0.9, 1.2375]], det 0.44297:
    // (1.2375·1 + 1.0125·1.25 − 2·0.9·1) / 0.44297 = 1.5872.
    let trace = 0;
    for (const value of white) trace += value ** 2 / 4000;
    expect(trace).toBeCloseTo(1.587, 1);
  });

  it('finds the distance to the k-th neighbour as a plain search does, far from the origin too', () => {
    const random = randomFrom(4);
    const far = (count: number): Float32Array => normals(random, count).map((value) => 300 + value);
    const [memory, queries] = [far(200 * 3), far(20 * 3)];
    const search = new NeighbourMemory(engine.tf, memory, 3, 5);
    const found = search.distances(queries);
    search.dispose();
    const expected = Array.from({ length: 20 }, (_, row) => {
      const all = Array.from({ length: 200 }, (_, m) =>
        Math.hypot(...[0, 1, 2].map((j) => queries[row * 3 + j]! - memory[m * 3 + j]!)),
      );
      return all.sort((a, b) => a - b)[4]!;
    });
    // Float32 candidates at this offset may swap neighbours that are nearly equal, never by more.
    expect(largestDifference(found, expected)).toBeLessThan(0.15);
  });
});
