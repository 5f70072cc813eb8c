import type { NamedTensorMap, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../detectors/detector';

/** Kernels that the native engine registers with tfjs (main/compute/native-mlp.ts). */
export const mlpForwardKernel = 'FaultlineMlpForward';
export const mlpBackwardKernel = 'FaultlineMlpBackward';

/** Whether the engine in use has the kernels. */
export function hasDirectMlp(tf: TensorFlow): boolean {
  return tf.getKernel(mlpForwardKernel, tf.getBackend()) !== undefined;
}

/**
 * The forward pass of an `mlp` (layers.ts) outside tfjs's tape, which for small networks takes longer to keep its books than the
 * library takes to compute.
 *
 * @param x - [B, in]. @param weights - w, b, w, b, … @returns the output of every layer, [B, units]; the last is the mlp's.
 */
export function forwardMlp(tf: TensorFlow, x: Tensor2D, weights: readonly Tensor[]): Tensor2D[] {
  return tf.engine().runKernel(mlpForwardKernel, { x, ...numbered(weights) }) as Tensor2D[];
}

/**
 * Slopes of a loss, given its slope by the output of an `mlp`.
 *
 * @param outputs - of `forwardMlp`. @param slope - [B, out]. @param byInput - whether the slope by x is wanted as well.
 * @returns those by the weights, in their order; then, where wanted, that by x [B, in].
 */
export function backwardMlp(
  tf: TensorFlow,
  x: Tensor2D,
  weights: readonly Tensor[],
  outputs: readonly Tensor2D[],
  slope: Tensor2D,
  byInput = false,
): Tensor[] {
  const inputs = { x, slope, ...numbered([...weights, ...outputs.slice(0, -1)]) };
  return tf.engine().runKernel(mlpBackwardKernel, inputs, { layers: outputs.length, byInput: byInput ? 1 : 0 }) as Tensor[];
}

const numbered = (tensors: readonly Tensor[]): NamedTensorMap => Object.fromEntries(tensors.map((tensor, i) => [`w${i}`, tensor]));
