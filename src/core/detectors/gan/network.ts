import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Random } from '../../random';
import { initialise } from '../../tensor/layers';
import { openForgetGates, stack, stackSpecs } from '../../tensor/lstm-stack';
import { WeightSet, type WeightSpec } from '../../tensor/weights';
import type { TensorFlow } from '../detector';
import type { GanParams } from './params';
import type { Range } from './range';

/** Generator: latent numbers of each sample to values of each sample, one LSTM layer and a dense one with tanh. */
export function generatorSpecs(channels: number, { latent, hidden }: GanParams): WeightSpec[] {
  return stackSpecs('generator', { inputs: latent, hidden, layers: 1, outputs: channels });
}

/** Discriminator: values of each sample to one logit a sample, one LSTM layer and a linear one. */
export function discriminatorSpecs(channels: number, { hidden }: GanParams): WeightSpec[] {
  return stackSpecs('discriminator', { inputs: channels, hidden, layers: 1, outputs: 1 });
}

/** Both networks' weights, and the range that is their unit. */
export interface GanWeights {
  readonly generator: WeightSet;
  readonly discriminator: WeightSet;
  readonly range: Range;
}

/** Untrained networks. */
export function initialWeights(range: Range, params: GanParams, random: Random): GanWeights {
  const channels = range.centre.length;
  const networks = {
    generator: new WeightSet(generatorSpecs(channels, params)),
    discriminator: new WeightSet(discriminatorSpecs(channels, params)),
  };
  for (const [name, set] of Object.entries(networks)) {
    initialise(set, random.fork(`init ${name}`));
    openForgetGates(set);
  }
  return { ...networks, range };
}

/** Windows [T, B, m] in units of the range from latent numbers [T, B, latent], time first. */
export function generate(tf: TensorFlow, weights: readonly Tensor[], latent: Tensor3D, fused: boolean): Tensor3D {
  return tf.tanh(stack(tf, weights, latent, fused));
}

/** Logit of "real" for each sample of windows [T, B, m]: [T, B]. */
export function discriminate(tf: TensorFlow, weights: readonly Tensor[], windows: Tensor3D, fused: boolean): Tensor2D {
  return tf.squeeze(stack(tf, weights, windows, fused), [2]);
}

/** Windows [B, T·m] as the networks' input [T, B, m], and back: the first two axes change places. */
export function swapAxes(values: Float32Array, first: number, second: number): Float32Array {
  const size = values.length / (first * second);
  const result = new Float32Array(values.length);
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      const from = (i * second + j) * size;
      const to = (j * first + i) * size;
      for (let k = 0; k < size; k++) result[to + k] = values[from + k]!;
    }
  }
  return result;
}
