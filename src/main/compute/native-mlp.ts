import type { TensorFlow } from '../../core/detectors/detector';
import { mlpBackwardKernel, mlpForwardKernel } from '../../core/tensor/direct-mlp';
import { registerOperations, type Operations } from './operations';

/** Forward and backward pass of an `mlp` as kernels. @see core/tensor/direct-mlp.ts, which calls them. */
export function registerMlp(tf: TensorFlow): void {
  registerOperations(tf, mlpForwardKernel, ['x'], (o, [x, ...weights]) => forward(o, x!, weights));
  registerOperations(tf, mlpBackwardKernel, ['x', 'slope'], (o, [x, slope, ...rest], { layers, byInput }) => {
    const weights = rest.slice(0, 2 * layers!);
    const hidden = rest.slice(2 * layers!);
    const deltas = backward(o, weights, hidden, slope!);
    const byWeights = gradients(o, [x!, ...hidden], deltas);
    const byBiases = deltas.map((delta) => o.columnSums(delta));
    const pairs = byWeights.flatMap((w, layer) => [w, byBiases[layer]!]);
    return byInput! > 0 ? [...pairs, o.product(deltas[0]!, weights[0]!, 'second')] : pairs;
  });
}

/** Output of every layer. @param weights - w, b, w, b, … */
export function forward(o: Operations, x: number, weights: readonly number[]): number[] {
  const outputs: number[] = [];
  for (let layer = 0; layer < weights.length; layer += 2) {
    const sum = o.dense(outputs.at(-1) ?? x, weights[layer]!, weights[layer + 1]!);
    outputs.push(layer + 2 < weights.length ? o.leaky(sum) : sum);
  }
  return outputs;
}

/**
 * Slopes of a loss by what each layer has before its activation.
 *
 * @param weights - w, b, w, b, … @param hidden - outputs of all layers but the last. @param slope - of the loss by the last output.
 */
export function backward(o: Operations, weights: readonly number[], hidden: readonly number[], slope: number): number[] {
  const deltas = [slope];
  for (let layer = hidden.length; layer > 0; layer--) {
    deltas.unshift(o.slope(o.product(deltas[0]!, weights[2 * layer]!, 'second'), hidden[layer - 1]!));
  }
  return deltas;
}

/** Slopes of a loss by the matrices. @param inputs - of each layer. @param deltas - of `backward`. */
export function gradients(o: Operations, inputs: readonly number[], deltas: readonly number[]): number[] {
  return deltas.map((delta, layer) => o.product(inputs[layer]!, delta, 'first'));
}
