import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { createOptimiser } from '../../tensor/optimiser';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';
import { collapseGradient, expandLatent, latentShape } from './latent';
import { generate } from './network';
import type { GanParams } from './params';

/** Updates between two looks at whether the search still gains. */
const PATIENCE = 5;

export interface Rebuilt {
  /** [B, width] latent rows found. */
  readonly latent: Float32Array;
  /** [T, B, m] what the generator makes of them. */
  readonly windows: Float32Array;
}

/**
 * Latent numbers whose generated window is nearest to each given one, by gradient descent (RMSprop) on the squared error, from several
 * starts at once; the best state that any start passed counts. Every similarity that falls with the squared error has the same optimum.
 *
 * @param weights - of the generator. @param target - [T, B, m] time first. @param starts - [S·B, width], start by start.
 */
export function invert(
  tf: TensorFlow,
  weights: readonly Tensor[],
  target: Float32Array,
  channels: number,
  starts: Float32Array,
  params: GanParams,
  fused: boolean,
): Rebuilt {
  const shape = latentShape(params);
  const { window, latent: size } = params;
  const batch = target.length / window / channels;
  const all = starts.length / shape.width;
  const latent = starts.slice();
  const best = starts.slice();
  const lowest = new Float64Array(all).fill(Number.POSITIVE_INFINITY);
  const optimiser = createOptimiser({ kind: 'rmsprop' }, latent.length);
  const goal = tf.tidy(() => tf.tile(tf.tensor3d(target, [window, batch, channels]), [1, all / batch, 1]));
  const input = (): Tensor3D => tf.tensor3d(expandLatent(shape, latent), [window, all, size]);
  const errorsOf = (z: Tensor3D): Tensor => tf.mean(tf.square(tf.sub(generate(tf, weights, z, fused), goal)), [0, 2]);
  const note = (errors: Float32Array): void =>
    errors.forEach((error, i) => {
      if (error >= lowest[i]!) return;
      lowest[i] = error;
      best.set(latent.subarray(i * shape.width, (i + 1) * shape.width), i * shape.width);
    });
  try {
    let before = Number.POSITIVE_INFINITY;
    for (let step = 0; step < params.inversionSteps; step++) {
      const { errors, gradient } = errorsAndGradient(tf, errorsOf, input);
      note(errors);
      optimiser.update(latent, collapseGradient(shape, gradient), params.inversionRate);
      if ((step + 1) % PATIENCE !== 0) continue;
      const mean = lowest.reduce((sum, error) => sum + error, 0) / all;
      if (before - mean < params.tolerance * before) break;
      before = mean;
    }
    note(valuesOf(tf, () => errorsOf(input())));
  } finally {
    goal.dispose();
  }
  const found = new Float32Array(batch * shape.width);
  for (let i = 0; i < batch; i++) {
    let chosen = i;
    for (let start = i + batch; start < all; start += batch) if (lowest[start]! < lowest[chosen]!) chosen = start;
    found.set(best.subarray(chosen * shape.width, (chosen + 1) * shape.width), i * shape.width);
  }
  const windows = valuesOf(tf, () => generate(tf, weights, tf.tensor3d(expandLatent(shape, found), [window, batch, size]), fused));
  return { latent: found, windows };
}

/** Error of each window and the gradient of their sum, so that no window's search depends on another's. */
function errorsAndGradient(
  tf: TensorFlow,
  errorsOf: (latent: Tensor3D) => Tensor,
  input: () => Tensor3D,
): { errors: Float32Array; gradient: Float32Array } {
  let kept: Tensor | undefined;
  const gradient = valuesOf(tf, () =>
    tf.grad((z: Tensor) => {
      // Kept over the end of the gradient's own scope.
      kept = tf.keep(errorsOf(z as Tensor3D));
      return tf.sum(kept);
    })(input()),
  );
  try {
    return { errors: kept!.dataSync() as Float32Array, gradient };
  } finally {
    kept!.dispose();
  }
}
