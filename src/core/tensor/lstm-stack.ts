import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../detectors/detector';
import { dense } from './layers';
import { lstm } from './lstm';
import type { WeightSet, WeightSpec } from './weights';

/** Stacked LSTM layers and a linear layer on every step's output; the form of every sequence network of the product. */
export interface StackShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly layers: number;
  readonly outputs: number;
}

/** Weights of a stack, named `<name>-<layer>/w`, `…/b` and `<name>-out/w`, `…/b`. */
export function stackSpecs(name: string, { inputs, hidden, layers, outputs }: StackShape): WeightSpec[] {
  return [
    ...Array.from({ length: layers }, (_, layer) => [
      { name: `${name}-${layer + 1}/w`, shape: [(layer === 0 ? inputs : hidden) + hidden, 4 * hidden] },
      { name: `${name}-${layer + 1}/b`, shape: [4 * hidden] },
    ]).flat(),
    { name: `${name}-out/w`, shape: [hidden, outputs] },
    { name: `${name}-out/b`, shape: [outputs] },
  ];
}

/**
 * Outputs for every step, linear.
 *
 * @param weights - in the order of `stackSpecs`. @param x - [T, B, inputs] time first.
 * @param last - outputs of the last steps only, where the earlier ones are not needed. @returns [last, B, outputs]
 */
export function stack(tf: TensorFlow, weights: readonly Tensor[], x: Tensor3D, fused: boolean, last = x.shape[0]): Tensor3D {
  let h = x;
  for (let i = 0; i + 2 < weights.length; i += 2) h = lstm(tf, h, weights[i] as Tensor2D, weights[i + 1] as Tensor1D, fused);
  if (last < h.shape[0]) h = tf.slice(h, [h.shape[0] - last, 0, 0]);
  const [steps, batch, hidden] = h.shape;
  const out = dense(tf, tf.reshape(h, [steps * batch, hidden]), weights.at(-2)!, weights.at(-1)!);
  return tf.reshape(out, [steps, batch, out.shape[1]]);
}

/**
 * Sets the forget gates' biases to 1, so that the cells remember from the start (Jozefowicz et al. 2015).
 *
 * @param weights - in the order of `stackSpecs`: the last pair is the linear layer.
 */
export function openForgetGates(weights: WeightSet): void {
  const views = weights.views();
  for (let i = 1; i + 2 < views.length; i += 2) views[i]!.fill(1, views[i]!.length / 4, views[i]!.length / 2);
}
