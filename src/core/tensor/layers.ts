import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../detectors/detector';
import type { Random } from '../random';
import type { WeightSet } from './weights';

/** Slope of the leaky ReLU for negative inputs. */
export const LEAK = 0.2;

/**
 * A multilayer perceptron with leaky ReLU between its layers and a linear last one.
 *
 * Leaky ReLU is the product of its input and its slope, which is a constant to the gradient: one operation back instead of eight.
 */
export interface MlpPass {
  /** [B, out] */
  readonly out: Tensor2D;
  /** [B, hidden] input of the last layer, for further heads. */
  readonly hidden: Tensor2D;
  /** Derivative of each activation at this input, one a hidden layer, [B, hidden]. */
  readonly slopes: readonly Tensor2D[];
}

/** @param weights - w, b, w, b, … with w [in, out] and b [out]. @param x - [B, in]. */
export function mlp(tf: TensorFlow, x: Tensor2D, weights: readonly Tensor[]): MlpPass {
  const slopes: Tensor2D[] = [];
  let hidden = x;
  for (let layer = 0; layer + 2 < weights.length; layer += 2) {
    const input = dense(tf, hidden, weights[layer]!, weights[layer + 1]!);
    const slope = detached(tf, () => tf.maximum(tf.sign(input), LEAK)) as Tensor2D;
    slopes.push(slope);
    hidden = tf.mul(input, slope);
  }
  return { out: dense(tf, hidden, weights.at(-2)!, weights.at(-1)!), hidden, slopes };
}

/** A value that gradients take as a constant; computed off the tape, which tfjs offers no other way for. */
export function detached(tf: TensorFlow, compute: () => Tensor): Tensor {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
}

/** x·w + b. */
export function dense(tf: TensorFlow, x: Tensor2D, w: Tensor, b: Tensor): Tensor2D {
  return tf.add(tf.matMul(x, w as Tensor2D), b) as Tensor2D;
}

/**
 * Product g·J of row vectors with the Jacobian of an `mlp` with respect to its input, written out as forward operations.
 *
 * Because the network is piecewise linear this is exact, and one ordinary gradient through it gives the second-order gradient
 * of a penalty on J; a gradient of a gradient in tfjs is silently wrong through several operations.
 *
 * @param g - [B, out]. @returns [B, in]
 */
export function mlpInputGradient(tf: TensorFlow, g: Tensor2D, weights: readonly Tensor[], slopes: readonly Tensor2D[]): Tensor2D {
  let result = g;
  for (let layer = weights.length - 2; layer >= 0; layer -= 2) {
    result = tf.matMul(result, weights[layer] as Tensor2D, false, true);
    if (layer > 0) result = tf.mul(result, slopes[layer / 2 - 1]!);
  }
  return result;
}

/** Fills the matrices of a weight set with Glorot-uniform values (Glorot and Bengio 2010); vectors stay 0. Each name has its stream. */
export function initialise(weights: WeightSet, random: Random): void {
  weights.views().forEach((view, i) => {
    const { name, shape } = weights.specs[i]!;
    if (shape.length < 2) return;
    const stream = random.fork(name);
    const limit = Math.sqrt(6 / (shape[0]! + shape[1]!));
    for (let j = 0; j < view.length; j++) view[j] = limit * (2 * stream.next() - 1);
  });
}

/**
 * Values of a tensor; nothing else that was made on the way is left.
 *
 * Never return a typed array from `tf.tidy` itself: it looks for tensors in every element, seconds for some millions.
 */
export function valuesOf(tf: TensorFlow, compute: () => Tensor): Float32Array {
  const result = tf.tidy(compute);
  try {
    return result.dataSync() as Float32Array;
  } finally {
    result.dispose();
  }
}

/** `count` standard normal values of a stream. */
export function normals(random: Random, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = random.normal();
  return values;
}
