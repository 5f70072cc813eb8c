import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../../core/detectors/detector';
import { fusedVaeKernel } from '../../core/detectors/shared/vae-fused';
import { LEAK } from '../../core/tensor/layers';

/** What is used of tfjs-node's backend; these members exist in 4.22 and are not in its public types. */
interface NativeBackend {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_FLOAT: number;
    executeOp(name: string, attributes: readonly object[], inputs: readonly number[], outputs: number): readonly Output[];
    createTensor(shape: readonly number[], dtype: number, values: Float32Array): number;
    deleteTensor(id: number): void;
  };
  getInputTensorIds(inputs: readonly unknown[]): number[];
  createOutputTensor(output: object): Tensor;
}
interface Output {
  readonly id: number;
}

/**
 * Registers the gradient of a VAE training step as one tfjs kernel: a hundred TensorFlow operations called directly, where tfjs's tape
 * takes two hundred and spends more time on keeping books than on computing.
 *
 * @see core/detectors/shared/vae-fused.ts for what it computes; test/fused-vae.conformance.ts compares it with the tape.
 */
export function registerFusedVae(tf: TensorFlow): void {
  if (tf.getKernel(fusedVaeKernel, 'tensorflow')) return;
  const backend = tf.backend() as unknown as NativeBackend;
  tf.registerKernel({
    kernelName: fusedVaeKernel,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, noise, v, ...weights } = inputs as Record<string, TensorInfo>;
      const ids = backend.getInputTensorIds([x, noise, v, ...Object.keys(weights).map((_, i) => weights[`w${i}`])]);
      const { sigmaX, lambda } = attrs as unknown as { sigmaX: number; lambda: number };
      const operations = new Operations(backend.binding);
      try {
        const results = gradientSums(operations, ids, sigmaX, lambda);
        return results.map((id) => backend.createOutputTensor(operations.release(id)));
      } finally {
        operations.dispose();
      }
    },
  });
}

/** Operations on tensor numbers; deletes every result that was not released. */
class Operations {
  private readonly made = new Map<number, Output>();
  private readonly type: object;
  private readonly matMulAttributes: readonly (readonly object[])[];
  private readonly leakAttributes: readonly object[];

  constructor(private readonly binding: NativeBackend['binding']) {
    this.type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    const flag = (name: string, value: boolean): object => ({ name, type: binding.TF_ATTR_BOOL, value });
    this.matMulAttributes = [0, 1, 2].map((kind) => [this.type, flag('transpose_a', kind === 1), flag('transpose_b', kind === 2)]);
    this.leakAttributes = [this.type, { name: 'alpha', type: binding.TF_ATTR_FLOAT, value: LEAK }];
  }

  run(name: string, inputs: readonly number[], attributes: readonly object[] = [this.type]): number {
    const output = this.binding.executeOp(name, attributes, inputs, 1)[0]!;
    this.made.set(output.id, output);
    return output.id;
  }

  constant(value: number): number {
    const id = this.binding.createTensor([], this.binding.TF_FLOAT, Float32Array.of(value));
    this.made.set(id, { id });
    return id;
  }

  /** a·b, aᵀ·b ('first') or a·bᵀ ('second'). */
  product(a: number, b: number, transposed?: 'first' | 'second'): number {
    return this.run('MatMul', [a, b], this.matMulAttributes[transposed === 'first' ? 1 : transposed === 'second' ? 2 : 0]);
  }

  dense(input: number, w: number, b: number): number {
    return this.run('BiasAdd', [this.product(input, w), b]);
  }

  leaky(input: number): number {
    return this.run('LeakyRelu', [input], this.leakAttributes);
  }

  /** g times the slope of the activation that gave `output`, which has the sign of its input. */
  slope(g: number, output: number): number {
    return this.run('LeakyReluGrad', [g, output], this.leakAttributes);
  }

  add(a: number, b: number): number {
    return this.run('AddV2', [a, b]);
  }

  release(id: number): Output {
    const output = this.made.get(id)!;
    this.made.delete(id);
    return output;
  }

  dispose(): void {
    for (const id of this.made.keys()) this.binding.deleteTensor(id);
    this.made.clear();
  }
}

/**
 * @param inputs - x [B, in], noise [B, Q], v [B, in], then the 14 weights in the order of `vaeSpecs`.
 * @returns the 14 gradients of the sum over the batch, then the residual [B, in], mean and log variance [B, Q], and the penalty's gradient
 * with respect to x [B, in] (with λ = 0: the residual again).
 */
function gradientSums(o: Operations, inputs: readonly number[], sigmaX: number, lambda: number): number[] {
  const [x, noise, v, w1, b1, w2, b2, wm, bm, wl, bl, d1, c1, d2, c2, d3, c3] = inputs as [
    ...[number, number, number, number, number, number, number, number, number],
    ...[number, number, number, number, number, number, number, number],
  ];
  const h1 = o.leaky(o.dense(x, w1, b1));
  const h2 = o.leaky(o.dense(h1, w2, b2));
  const mean = o.dense(h2, wm, bm);
  const logVariance = o.dense(h2, wl, bl);
  const half = o.constant(0.5);
  const spread = o.run('Exp', [o.run('Mul', [logVariance, half])]);
  const shift = o.run('Mul', [spread, noise]);
  const z = o.add(mean, shift);
  const a1 = o.leaky(o.dense(z, d1, c1));
  const a2 = o.leaky(o.dense(a1, d2, c2));
  const residual = o.run('Sub', [o.dense(a2, d3, c3), x]);

  // Reconstruction, backwards; then the reparametrisation with the divergence's own derivative.
  const dOut = o.run('Mul', [residual, o.constant(1 / sigmaX ** 2)]);
  const dA2 = o.slope(o.product(dOut, d3, 'second'), a2);
  const dA1 = o.slope(o.product(dA2, d2, 'second'), a1);
  const dZ = o.product(dA1, d1, 'second');
  const dMean = o.add(dZ, mean);
  const excess = o.run('Sub', [o.run('Mul', [spread, spread]), o.constant(1)]);
  const dLog = o.run('Mul', [o.add(o.run('Mul', [dZ, shift]), excess), half]);
  const dH2 = o.slope(o.add(o.product(dMean, wm, 'second'), o.product(dLog, wl, 'second')), h2);
  const dH1 = o.slope(o.product(dH2, w2, 'second'), h1);

  const gradients = {
    ...{ w1: o.product(x, dH1, 'first'), w2: o.product(h1, dH2, 'first'), wm: o.product(h2, dMean, 'first') },
    ...{ d1: o.product(z, dA1, 'first'), d2: o.product(a1, dA2, 'first'), d3: o.product(a2, dOut, 'first') },
  };
  const sum = (g: number): number => o.run('BiasAddGrad', [g]);
  let slopeAtX = residual;
  if (lambda > 0) {
    // v·J of decoder(mean(x)), a chain of products with the slopes at the mean code.
    const m1 = o.leaky(o.dense(mean, d1, c1));
    const m2 = o.leaky(o.dense(m1, d2, c2));
    const g2 = o.slope(o.product(v, d3, 'second'), m2);
    const g1 = o.slope(o.product(g2, d2, 'second'), m1);
    const q = o.product(g1, d1, 'second');
    const e2 = o.slope(o.product(q, wm, 'second'), h2);
    const e1 = o.slope(o.product(e2, w2, 'second'), h1);
    slopeAtX = o.product(e1, w1, 'second');
    // λ·||v·J||², backwards through the chain; slopes are constants.
    const dX = o.run('Mul', [slopeAtX, o.constant(2 * lambda)]);
    const dE1 = o.slope(o.product(dX, w1), h1);
    const dE2 = o.slope(o.product(dE1, w2), h2);
    const dQ = o.product(dE2, wm);
    const dG1 = o.slope(o.product(dQ, d1), m1);
    const dG2 = o.slope(o.product(dG1, d2), m2);
    gradients.w1 = o.add(gradients.w1, o.product(dX, e1, 'first'));
    gradients.w2 = o.add(gradients.w2, o.product(dE1, e2, 'first'));
    gradients.wm = o.add(gradients.wm, o.product(dE2, q, 'first'));
    gradients.d1 = o.add(gradients.d1, o.product(dQ, g1, 'first'));
    gradients.d2 = o.add(gradients.d2, o.product(dG1, g2, 'first'));
    gradients.d3 = o.add(gradients.d3, o.product(dG2, v, 'first'));
  }
  return [
    ...[gradients.w1, sum(dH1), gradients.w2, sum(dH2), gradients.wm, sum(dMean), o.product(h2, dLog, 'first'), sum(dLog)],
    ...[gradients.d1, sum(dA1), gradients.d2, sum(dA2), gradients.d3, sum(dOut)],
    ...[residual, mean, logVariance, ...(lambda > 0 ? [slopeAtX] : [])],
  ];
}
