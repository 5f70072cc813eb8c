import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { dense, mlp, mlpInputGradient, valuesOf } from '../../tensor/layers';
import type { WeightSet, WeightSpec } from '../../tensor/weights';
import type { TensorFlow } from '../detector';

export interface VaeShape {
  readonly hidden: number;
  /** Q, numbers that describe one window. */
  readonly latent: number;
}

/** Weights of a VAE on windows: encoder with a mean and a log-variance head, decoder. @param inputs - p·c values of a window. */
export function vaeSpecs(inputs: number, { hidden, latent }: VaeShape): WeightSpec[] {
  return [
    ...denseSpecs('encoder-1', inputs, hidden),
    ...denseSpecs('encoder-2', hidden, hidden),
    ...denseSpecs('mean', hidden, latent),
    ...denseSpecs('log-variance', hidden, latent),
    ...denseSpecs('decoder-1', latent, hidden),
    ...denseSpecs('decoder-2', hidden, hidden),
    ...denseSpecs('decoder-3', hidden, inputs),
  ];
}

export function denseSpecs(name: string, inputs: number, outputs: number): WeightSpec[] {
  return [
    { name: `${name}/w`, shape: [inputs, outputs] },
    { name: `${name}/b`, shape: [outputs] },
  ];
}

/** Positions in `vaeSpecs`. */
const ENCODER = [0, 6] as const;
const LOG_VARIANCE = [6, 8] as const;
const DECODER = [8, 14] as const;

/** Mean and log variance of the code of windows, each [B, Q], with the slopes of the activations. */
export interface Encoded {
  readonly mean: Tensor2D;
  readonly logVariance: Tensor2D;
  readonly slopes: readonly Tensor2D[];
}

/** @param x - windows [B, p·c]. */
export function encode(tf: TensorFlow, weights: readonly Tensor[], x: Tensor2D): Encoded {
  const { out, hidden, slopes } = mlp(tf, x, weights.slice(...ENCODER));
  const [w, b] = weights.slice(...LOG_VARIANCE) as [Tensor, Tensor];
  return { mean: out, logVariance: dense(tf, hidden, w, b), slopes };
}

/** Windows [B, p·c] of codes [B, Q], with the slopes of the activations. */
export function decode(
  tf: TensorFlow,
  weights: readonly Tensor[],
  z: Tensor2D,
): { windows: Tensor2D; slopes: readonly Tensor2D[] } {
  const { out, slopes } = mlp(tf, z, weights.slice(...DECODER));
  return { windows: out, slopes };
}

/** v·J of the encoder's mean with respect to its input: [B, Q] to [B, p·c]. */
export function encoderProduct(tf: TensorFlow, weights: readonly Tensor[], v: Tensor2D, slopes: readonly Tensor2D[]): Tensor2D {
  return mlpInputGradient(tf, v, weights.slice(...ENCODER), slopes);
}

/** v·J of the decoder with respect to the code: [B, p·c] to [B, Q]. */
export function decoderProduct(tf: TensorFlow, weights: readonly Tensor[], v: Tensor2D, slopes: readonly Tensor2D[]): Tensor2D {
  return mlpInputGradient(tf, v, weights.slice(...DECODER), slopes);
}

/** A trained VAE for scoring: plain arrays in and out; owns its weight tensors. */
export class VaeNetwork {
  private readonly vae: Tensor[];

  constructor(
    protected readonly tf: TensorFlow,
    readonly vaeWeights: WeightSet,
    private readonly inputs: number,
    protected readonly latent: number,
  ) {
    this.vae = vaeWeights.tensors(tf);
  }

  /** Mean codes of windows: [B, p·c] to [B, Q]. */
  encode(windows: Float32Array): Float32Array {
    return this.run((tf) => encode(tf, this.vae, this.batch(windows)).mean);
  }

  /** KL divergence of each window's code from the standard normal: [B, p·c] to [B]. */
  divergence(windows: Float32Array): Float32Array {
    return this.run((tf) => divergence(tf, encode(tf, this.vae, this.batch(windows))));
  }

  /** [B, Q] to [B, p·c] */
  decode(codes: Float32Array): Float32Array {
    return this.run((tf) => decode(tf, this.vae, tf.tensor2d(codes, [codes.length / this.latent, this.latent])).windows);
  }

  dispose(): void {
    this.tf.dispose(this.vae);
  }

  protected run(compute: (tf: TensorFlow) => Tensor): Float32Array {
    return valuesOf(this.tf, () => compute(this.tf));
  }

  private batch(windows: Float32Array): Tensor2D {
    return this.tf.tensor2d(windows, [windows.length / this.inputs, this.inputs]);
  }
}

/** KL divergence of N(μ, σ²) from N(0, I), closed form: [B]. */
export function divergence(tf: TensorFlow, { mean, logVariance }: Encoded): Tensor {
  const terms = tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1));
  return tf.mul(tf.sum(terms, 1), 0.5);
}
