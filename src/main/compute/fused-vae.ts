import type { TensorFlow } from '../../core/detectors/detector';
import { fusedVaeKernel } from '../../core/detectors/shared/vae-fused';
import { backward, forward, gradients } from './native-mlp';
import { registerOperations, type Operations } from './operations';

/**
 * Registers the gradient of a VAE training step as one tfjs kernel: a hundred TensorFlow operations called directly, where tfjs's tape
 * takes two hundred and spends more time on keeping books than on computing.
 *
 * @see core/detectors/shared/vae-fused.ts for what it computes; test/fused-vae.conformance.ts compares it with the tape.
 */
export function registerFusedVae(tf: TensorFlow): void {
  registerOperations(tf, fusedVaeKernel, ['x', 'noise', 'v'], (o, ids, { sigmaX, lambda }) =>
    gradientSums(o, ids, sigmaX!, lambda!),
  );
}

/**
 * @param inputs - x [B, in], noise [B, Q], v [B, in], then the 14 weights in the order of `vaeSpecs`.
 * @returns the 14 gradients of the sum over the batch, then the residual [B, in], mean and log variance [B, Q], and the penalty's gradient
 * with respect to x [B, in] (with λ = 0: nothing).
 */
function gradientSums(o: Operations, inputs: readonly number[], sigmaX: number, lambda: number): number[] {
  const [x, noise, v, ...weights] = inputs as [number, number, number, ...number[]];
  const encoder = weights.slice(0, 6);
  const decoder = weights.slice(8);
  const [wm, wl, bl, d1] = [weights[4]!, weights[6]!, weights[7]!, weights[8]!];
  const [h1, h2, mean] = forward(o, x, encoder) as [number, number, number];
  const logVariance = o.dense(h2, wl, bl);
  const half = o.constant(0.5);
  const spread = o.run('Exp', [o.mul(logVariance, half)]);
  const shift = o.mul(spread, noise);
  const z = o.add(mean, shift);
  const [a1, a2, rebuilt] = forward(o, z, decoder) as [number, number, number];
  const residual = o.sub(rebuilt, x);

  // Reconstruction, backwards; then the reparametrisation with the divergence's own derivative.
  const decoderDeltas = backward(o, decoder, [a1, a2], o.mul(residual, o.constant(1 / sigmaX ** 2)));
  const dZ = o.product(decoderDeltas[0]!, d1, 'second');
  const dMean = o.add(dZ, mean);
  const excess = o.sub(o.mul(spread, spread), o.constant(1));
  const dLog = o.mul(o.add(o.mul(dZ, shift), excess), half);
  const dH2 = o.slope(o.add(o.product(dMean, wm, 'second'), o.product(dLog, wl, 'second')), h2);
  const encoderDeltas = [...backward(o, encoder.slice(0, 4), [h1], dH2), dMean];

  let byMatrices = [...gradients(o, [x, h1, h2], encoderDeltas), ...gradients(o, [z, a1, a2], decoderDeltas)];
  const extras: number[] = [];
  if (lambda > 0) {
    // v·J of decoder(mean(x)), a chain of products with the slopes at the mean code.
    const [m1, m2] = forward(o, mean, decoder) as [number, number];
    const decoded = backward(o, decoder, [m1, m2], v);
    const encoded = backward(o, encoder, [h1, h2], o.product(decoded[0]!, d1, 'second'));
    const slopeAtX = o.product(encoded[0]!, encoder[0]!, 'second');
    // λ·||v·J||², backwards through the chain; slopes are constants.
    const chain = [o.mul(slopeAtX, o.constant(2 * lambda))];
    const matrices = [encoder[0]!, encoder[2]!, wm, d1, decoder[2]!];
    [h1, h2, undefined, m1, m2].forEach((activation, i) => {
      const next = o.product(chain[i]!, matrices[i]!);
      chain.push(activation === undefined ? next : o.slope(next, activation));
    });
    const more = gradients(o, chain, [...encoded, ...decoded]);
    byMatrices = byMatrices.map((gradient, i) => o.add(gradient, more[i]!));
    extras.push(slopeAtX);
  }
  const deltas = [...encoderDeltas, ...decoderDeltas];
  const layers = byMatrices.map((gradient, i) => [gradient, o.columnSums(deltas[i]!)]);
  const head = [o.product(h2, dLog, 'first'), o.columnSums(dLog)];
  return [...layers.slice(0, 3).flat(), ...head, ...layers.slice(3).flat(), residual, mean, logVariance, ...extras];
}
