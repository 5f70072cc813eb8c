import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { stack } from '../../tensor/lstm-stack';
import type { WeightSet, WeightSpec } from '../../tensor/weights';
import type { TensorFlow } from '../detector';
import { denseSpecs, VaeNetwork } from '../shared/vae-network';
import type { HregParams } from './params';

/** Weights of the forecast: one LSTM layer and a linear one. */
export function lstmSpecs({ hidden, latent }: HregParams): WeightSpec[] {
  return [
    { name: 'lstm/w', shape: [latent + hidden, 4 * hidden] },
    { name: 'lstm/b', shape: [4 * hidden] },
    ...denseSpecs('forecast', hidden, latent),
  ];
}

/** Next code for each of the codes [T, B, Q] in a row (Eq. 2): [T, B, Q], or of the `last` ones alone. */
export function forecast(tf: TensorFlow, weights: readonly Tensor[], codes: Tensor3D, fused: boolean, last?: number): Tensor3D {
  return stack(tf, weights, codes, fused, last);
}

/** The trained networks for scoring: plain arrays in and out; owns its weight tensors. */
export class Network extends VaeNetwork {
  private readonly lstm: Tensor[];

  constructor(
    tf: TensorFlow,
    private readonly fused: boolean,
    vaeWeights: WeightSet,
    readonly lstmWeights: WeightSet,
    inputs: number,
    latent: number,
  ) {
    super(tf, vaeWeights, inputs, latent);
    this.lstm = lstmWeights.tensors(tf);
  }

  /** [T, B, Q] to [T, B, Q], time first. */
  forecast(codes: Float32Array, steps: number, last = steps): Float32Array {
    const batch = codes.length / this.latent / steps;
    return this.run((tf) => forecast(tf, this.lstm, tf.tensor3d(codes, [steps, batch, this.latent]), this.fused, last));
  }

  override dispose(): void {
    super.dispose();
    this.tf.dispose(this.lstm);
  }
}
