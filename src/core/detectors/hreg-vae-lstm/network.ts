import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { dense, mlp, mlpInputGradient, valuesOf } from '../../tensor/layers';
import { stack } from '../../tensor/lstm-stack';
import type { WeightSet, WeightSpec } from '../../tensor/weights';
import type { TensorFlow } from '../detector';
import type { HregParams } from './params';

/** Weights of the VAE: encoder with a mean and a log-variance head, decoder. @param inputs - p·c values of a window. */
export function vaeSpecs(inputs: number, { hidden, latent }: HregParams): WeightSpec[] {
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

/** Weights of the forecast: one LSTM layer and a linear one. */
export function lstmSpecs({ hidden, latent }: HregParams): WeightSpec[] {
  return [
    { name: 'lstm/w', shape: [latent + hidden, 4 * hidden] },
    { name: 'lstm/b', shape: [4 * hidden] },
    ...denseSpecs('forecast', hidden, latent),
  ];
}

function denseSpecs(name: string, inputs: number, outputs: number): WeightSpec[] {
  return [
    { name: `${name}/w`, shape: [inputs, outputs] },
    { name: `${name}/b`, shape: [outputs] },
  ];
}

/** Positions in `vaeSpecs`. */
const ENCODER = [0, 6] as const;
const LOG_VARIANCE = [6, 8] as const;
const DECODER = [8, 14] as const;

/** Mean and log variance of the code of windows [B, p·c]: each [B, Q]. */
export function encode(
  tf: TensorFlow,
  weights: readonly Tensor[],
  x: Tensor2D,
): { mean: Tensor2D; logVariance: Tensor2D; slopes: readonly Tensor2D[] } {
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

/** Next code for each of the codes [T, B, Q] in a row (Eq. 2): [T, B, Q]. */
export function forecast(tf: TensorFlow, weights: readonly Tensor[], codes: Tensor3D, fused: boolean): Tensor3D {
  return stack(tf, weights, codes, fused);
}

/** The trained network for scoring: plain arrays in and out; owns its weight tensors. */
export class Network {
  private readonly vae: Tensor[];
  private readonly lstm: Tensor[];

  constructor(
    private readonly tf: TensorFlow,
    private readonly fused: boolean,
    readonly vaeWeights: WeightSet,
    readonly lstmWeights: WeightSet,
    private readonly inputs: number,
    private readonly latent: number,
  ) {
    this.vae = vaeWeights.tensors(tf);
    this.lstm = lstmWeights.tensors(tf);
  }

  /** [B, p·c] to [B, Q] */
  encode(windows: Float32Array): Float32Array {
    return this.run((tf) => encode(tf, this.vae, tf.tensor2d(windows, [windows.length / this.inputs, this.inputs])).mean);
  }

  /** [B, Q] to [B, p·c] */
  decode(codes: Float32Array): Float32Array {
    return this.run((tf) => decode(tf, this.vae, tf.tensor2d(codes, [codes.length / this.latent, this.latent])).windows);
  }

  /** [T, B, Q] to [T, B, Q], time first. */
  forecast(codes: Float32Array, steps: number): Float32Array {
    const batch = codes.length / this.latent / steps;
    return this.run((tf) => forecast(tf, this.lstm, tf.tensor3d(codes, [steps, batch, this.latent]), this.fused));
  }

  dispose(): void {
    this.tf.dispose([this.vae, this.lstm]);
  }

  private run(compute: (tf: TensorFlow) => Tensor): Float32Array {
    return valuesOf(this.tf, () => compute(this.tf));
  }
}
