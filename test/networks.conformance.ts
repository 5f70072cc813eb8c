import { readFileSync } from 'node:fs';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../src/core/detectors/detector';
import { crossEntropy, messageImportance } from '../src/core/detectors/gan/losses';
import { lossOfRows } from '../src/core/detectors/gan/model';
import { RowMeans } from '../src/core/detectors/gan/row-means';
import { specs } from '../src/core/detectors/hreg-vae-lstm/params';
import { gradientPenalty } from '../src/core/detectors/hreg-vae-lstm/stages';
import { resolveParams, type ParamValue } from '../src/core/detectors/params';
import { encode, vaeSpecs } from '../src/core/detectors/shared/vae-network';
import { negativeElbo } from '../src/core/detectors/shared/vae-stage';
import { fitWhitening, Whitener } from '../src/core/detectors/shared/whitening';
import { lstm } from '../src/core/tensor/lstm';
import { stack, stackSpecs, type StackShape } from '../src/core/tensor/lstm-stack';
import { createOptimiser, type OptimiserSpec } from '../src/core/tensor/optimiser';
import { WeightSet } from '../src/core/tensor/weights';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';

type Numbers = readonly number[];

interface LstmCase extends StackShape {
  readonly steps: number;
  readonly batch: number;
  readonly x: Numbers;
  readonly weights: readonly Numbers[];
  readonly g: Numbers;
  readonly out: Numbers;
  readonly xGradient: Numbers;
  readonly gradients: readonly Numbers[];
}

/** Values of PyTorch and NumPy in float64: test/reference/networks.py. */
interface Reference {
  readonly lstm: readonly LstmCase[];
  readonly optimisers: readonly {
    readonly spec: OptimiserSpec;
    readonly start: Numbers;
    readonly gradients: readonly Numbers[];
    readonly rates: Numbers;
    readonly path: readonly Numbers[];
  }[];
  readonly errorModels: readonly {
    readonly shrinkage: number;
    readonly errors: Numbers;
    readonly rows: Numbers;
    readonly distances: Numbers;
    readonly variances: Numbers;
  }[];
  readonly vae: { readonly [name in 'inputs' | 'hidden' | 'latent' | 'batch' | 'sigmaX']: number } & {
    readonly weights: Numbers;
    readonly x: Numbers;
    readonly elbo: { readonly noise: Numbers; readonly reconstruction: number; readonly kl: number; readonly gradient: Numbers };
    readonly penalties: readonly {
      readonly penalty: string;
      readonly exponent: number;
      readonly v: Numbers;
      readonly value: number;
      readonly gradient: Numbers;
    }[];
  };
  readonly gan: {
    readonly real: Numbers;
    readonly generated: Numbers;
    readonly losses: readonly {
      readonly name: string;
      readonly discriminator: number;
      readonly generator: number;
      readonly discriminatorGradients: readonly [Numbers, Numbers];
      readonly generatorGradient: Numbers;
    }[];
  };
  readonly dire: {
    readonly rows: number;
    readonly tags: number;
    readonly ends: Numbers;
    readonly steps: number;
    readonly lambda: number;
    readonly scales: Numbers;
    readonly series: Numbers;
    readonly rebuilt: readonly Numbers[];
    readonly discrimination: readonly Numbers[];
    readonly scores: readonly (number | null)[];
  };
}
const reference = JSON.parse(readFileSync(new URL('./reference/networks.json', import.meta.url), 'utf8')) as Reference;

/** Float32 through a whole network, against the largest value of what is compared. */
const TOLERANCE = 1e-5;

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, what: string, tolerance = TOLERANCE): void {
  expect(found.length, what).toBe(expected.length);
  const scale = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(found[i]! - expected[i]!) / scale, `${what}, value ${i}`).toBeLessThan(tolerance);
  }
}

// The best engine, which every plain run uses, then the others.
describe.each<[string, Backend | undefined]>([
  ['best', undefined],
  ['wasm', 'wasm'],
  ['cpu', 'cpu'],
])('on the %s engine', (_, force) => {
  let engine: LoadedEngine;
  beforeAll(async () => {
    engine = await loadEngine(force ? { force } : {});
  });
  afterEach(() => {
    expect(engine.tf.memory().numTensors).toBe(0);
  });

  /** Numbers of tensors that are gone afterwards. */
  function numbers(compute: () => readonly Tensor[]): Float32Array[] {
    const result: Float32Array[] = [];
    engine.tf.tidy(() => {
      for (const tensor of compute()) result.push(tensor.dataSync() as Float32Array);
    });
    return result;
  }

  describe.each(reference.lstm.map((entry) => [entry.layers, entry.steps, entry] as const))(
    'an LSTM of %i layers over %i steps',
    (layers, steps, { batch, inputs, hidden, outputs, ...entry }) => {
      it.for([false, true])('gives the outputs and gradients of PyTorch (fused: %s)', (fused, { skip }) => {
        if (fused && !engine.fusedLstm) skip('needs the native engine');
        const { tf } = engine;
        const shape = { inputs, hidden, layers, outputs };
        const shapes = stackSpecs('lstm', shape).map((spec) => [...spec.shape]);
        const forward = (x: Tensor, weights: readonly Tensor[]): Tensor3D =>
          outputs > 0
            ? stack(tf, weights, x as Tensor3D, fused)
            : lstm(tf, x as Tensor3D, weights[0] as Tensor2D, weights[1] as Tensor1D, fused);
        const found = numbers(() => {
          const x = tf.tensor3d([...entry.x], [steps, batch, inputs]);
          const weights = entry.weights.map((values, i) => tf.tensor([...values], shapes[i]));
          const out = forward(x, weights);
          const g = tf.tensor([...entry.g], out.shape);
          const { grads } = tf.valueAndGrads((tx: Tensor, ...tw: Tensor[]) => tf.sum(tf.mul(forward(tx, tw), g)) as Scalar)([
            x,
            ...weights,
          ]);
          return [out, ...grads];
        });
        const expected = [entry.out, entry.xGradient, ...entry.gradients];
        expect(found).toHaveLength(expected.length);
        expected.forEach((values, i) => expectClose(found[i]!, values, i === 0 ? 'output' : `gradient ${i - 1}`));
      });
    },
  );

  it.each(reference.errorModels)(
    'measures the errors of LSTM-AD by the Mahalanobis distance of NumPy, shrinkage $shrinkage',
    (entry) => {
      const { tf } = engine;
      const use = Int32Array.from({ length: entry.errors.length / 4 }, (_, i) => i);
      const fitted = fitWhitening(tf, Float32Array.from(entry.errors), 4, use, entry.shrinkage);
      const whitener = new Whitener(tf, fitted);
      const white = whitener.apply(Float32Array.from(entry.rows));
      whitener.dispose();
      const distances = entry.distances.map((_, row) => Math.hypot(...white.subarray(4 * row, 4 * row + 4)));
      expectClose(distances, entry.distances, 'distances');
      expectClose(fitted.variance, entry.variances, 'variances');
    },
  );

  describe('the VAE', () => {
    const { vae } = reference;
    const paramsOf = (more: Record<string, ParamValue>) =>
      resolveParams(specs, { window: vae.inputs, hidden: vae.hidden, latent: vae.latent, sigmaX: vae.sigmaX, ...more });
    const weights = new WeightSet(vaeSpecs(vae.inputs, vae), Float32Array.from(vae.weights));
    const windows = (values: Numbers): Tensor2D => engine.tf.tensor2d([...values], [vae.batch, values.length / vae.batch]);
    /** Value and gradient with respect to all weights, flat. */
    const slopeOf = (loss: (tensors: readonly Tensor[]) => Scalar): [Float32Array, Float32Array] => {
      const { tf } = engine;
      return numbers(() => {
        // tfjs refuses a weight that the loss does not reach; its gradient is 0.
        const nothing = (tensors: readonly Tensor[]): Tensor => tf.mul(tf.addN(tensors.map((tensor) => tf.sum(tensor))), 0);
        const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) => tf.add(loss(tensors), nothing(tensors)) as Scalar)(
          weights.tensors(tf),
        );
        return [value, tf.concat1d(grads.map((grad) => tf.reshape(grad, [-1]) as Tensor1D))];
      }) as [Float32Array, Float32Array];
    };

    it('has the negative ELBO of PyTorch and its gradient', () => {
      const { tf } = engine;
      const parts = (tensors: readonly Tensor[]) => negativeElbo(tf, tensors, windows(vae.x), windows(vae.elbo.noise), vae.sigmaX);
      const [found] = numbers(() => {
        const { reconstruction, kl } = parts(weights.tensors(tf));
        return [tf.stack([reconstruction, kl])];
      });
      expect(found![0]! / vae.elbo.reconstruction).toBeCloseTo(1, 5);
      expect(found![1]! / vae.elbo.kl).toBeCloseTo(1, 5);
      const [, gradient] = slopeOf((tensors) => {
        const { reconstruction, kl } = parts(tensors);
        return tf.add(reconstruction, kl);
      });
      expectClose(gradient, vae.elbo.gradient, 'gradient');
    });

    it.each(vae.penalties)(
      "has PyTorch's penalty $penalty with exponent $exponent and its gradient by double backward",
      (entry) => {
        const { penalty, exponent, v, value, gradient } = entry;
        const [found, slope] = slopeOf((tensors) => {
          const x = windows(vae.x);
          return gradientPenalty(
            ...([engine.tf, tensors, x, encode(engine.tf, tensors, x), windows(v), paramsOf({ penalty, exponent })] as const),
          );
        });
        expect(Math.abs(found[0]! / value - 1)).toBeLessThan(TOLERANCE);
        expectClose(slope, gradient, 'gradient');
      },
    );
  });

  it.each(reference.gan.losses)('has the losses of $name and their gradients', (entry) => {
    const { tf } = engine;
    const loss = { messageImportance, crossEntropy }[entry.name]!;
    const found = numbers(() => {
      const [real, generated] = [reference.gan.real, reference.gan.generated].map((values) => tf.tensor2d([...values], [4, 3])) as [
        Tensor2D,
        Tensor2D,
      ];
      const d = tf.valueAndGrads((a: Tensor, b: Tensor) => loss.discriminator(tf, a as Tensor2D, b as Tensor2D))([real, generated]);
      const g = tf.valueAndGrad((a: Tensor) => loss.generator(tf, a as Tensor2D))(generated);
      return [d.value, ...d.grads, g.value, g.grad];
    });
    const expected = [[entry.discriminator], ...entry.discriminatorGradients, [entry.generator], entry.generatorGradient];
    expected.forEach((values, i) => expectClose(found[i]!, values, `result ${i}`));
  });
});

describe.each(reference.optimisers.map((entry) => [JSON.stringify(entry.spec), entry] as const))('the optimiser %s', (_, entry) => {
  it('takes the steps of torch.optim', () => {
    const weights = Float32Array.from(entry.start);
    const optimiser = createOptimiser(entry.spec, weights.length);
    entry.gradients.forEach((gradient, i) => {
      optimiser.update(weights, Float32Array.from(gradient), entry.rates[i]!);
      expectClose(weights, entry.path[i]!, `step ${i + 1}`);
    });
  });
});

it('DIRE scores are the means over every window and position that cover a row', () => {
  const { dire } = reference;
  const means = new RowMeans('dire', dire.rows, dire.tags);
  const series = Float32Array.from(dire.series);
  dire.ends.forEach((end, i) => {
    const window = series.subarray((end - dire.steps + 1) * dire.tags, (end + 1) * dire.tags);
    means.add(end, window, Float32Array.from(dire.rebuilt[i]!), Float32Array.from(dire.discrimination[i]!));
  });
  const scores = lossOfRows(means.finish(), Float32Array.from(dire.scales), { score: 'fused', lambda: dire.lambda });
  dire.scores.forEach((score, row) => {
    if (score === null) expect(scores[row]).toBeNaN();
    else expect(Math.abs(scores[row]! / score - 1), `row ${row}`).toBeLessThan(TOLERANCE);
  });
});
