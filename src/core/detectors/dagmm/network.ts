import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { mlp } from '../../tensor/layers';
import type { WeightSet, WeightSpec } from '../../tensor/weights';
import { autoencoderSpecs } from '../autoencoder';
import type { TensorFlow } from '../detector';
import { denseSpecs } from '../shared/vae-network';
import { ESTIMATION_UNITS, type EstimationWeights } from './estimation';
import type { Compressed } from './features';
import type { DagmmParams } from './params';

/** Numbers that describe a window: its code, the relative Euclidean distance and the cosine similarity. */
export const featuresOf = ({ latent }: Pick<DagmmParams, 'latent'>): number => latent + 2;

export function dagmmSpecs(inputs: number, params: Pick<DagmmParams, 'hidden' | 'latent' | 'components'>): WeightSpec[] {
  return [
    ...autoencoderSpecs(inputs, params),
    ...denseSpecs('estimation-1', featuresOf(params), ESTIMATION_UNITS),
    ...denseSpecs('estimation-2', ESTIMATION_UNITS, params.components),
  ];
}

/** Weights, or what belongs to them, in the order of `dagmmSpecs` by their network. */
export function partsOf<W>(weights: readonly W[]) {
  return { encoder: weights.slice(0, 4), decoder: weights.slice(4, 8), estimation: weights.slice(8, 12) };
}

export const estimationOf = (weights: WeightSet): EstimationWeights =>
  partsOf(weights.views()).estimation as unknown as EstimationWeights;

/** The compression network: codes of windows and what is rebuilt from them. @param x - windows [B, p·c]. */
export function compress(tf: TensorFlow, weights: readonly Tensor[], x: Tensor2D): { code: Tensor2D; rebuilt: Tensor2D } {
  const { encoder, decoder } = partsOf(weights);
  const code = mlp(tf, x, encoder).out;
  return { code, rebuilt: mlp(tf, code, decoder).out };
}

/** The trained compression network: plain arrays in and out; owns its weight tensors. */
export class CompressionNetwork {
  private readonly weights: Tensor[];

  constructor(
    private readonly tf: TensorFlow,
    weights: WeightSet,
    private readonly inputs: number,
  ) {
    this.weights = weights.tensors(tf);
  }

  compress(windows: Float32Array): Compressed {
    const { tf } = this;
    const { code, rebuilt } = tf.tidy(() =>
      compress(tf, this.weights, tf.tensor2d(windows, [windows.length / this.inputs, this.inputs])),
    );
    const found = { windows, code: code.dataSync() as Float32Array, rebuilt: rebuilt.dataSync() as Float32Array };
    tf.dispose([code, rebuilt]);
    return found;
  }

  dispose(): void {
    this.tf.dispose(this.weights);
  }
}
