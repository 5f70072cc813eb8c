import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { PreparedSeries } from '../../prepare/prepared';
import type { Random } from '../../random';
import { batchesOf } from '../../tensor/batches';
import { normals } from '../../tensor/layers';
import type { Stage } from '../../tensor/stage';
import type { TensorFlow } from '../detector';
import type { TrainingSplit } from './split';
import { fusedVaeGradient, hasFusedVae } from './vae-fused';
import { CLIP_NORM, MAX_VALIDATION_ITEMS, PATIENCE } from './stage-rules';
import { decode, divergence, encode, type Encoded, type VaeShape } from './vae-network';
import { gatherWindows, spread } from './windows';

/** What the training of a VAE on windows needs to know. */
export interface VaeTraining extends VaeShape {
  readonly window: number;
  /** Standard deviation of the data around the reconstruction, scaled units. */
  readonly sigmaX: number;
  readonly steps: number;
  readonly rate: number;
  readonly batch: number;
  readonly earlyStopping: boolean;
}

/** A term that is added to the loss of a training batch, already weighted; not part of the validation loss. */
export interface Penalty {
  readonly name: string;
  readonly weight: number;
  /** @param draw - random stream of this step. */
  loss(weights: readonly Tensor[], x: Tensor2D, encoded: Encoded, draw: Random): Scalar;
  /** v [B, p·c] where the penalty is E||v·J||² of the reconstruction, so that the fused gradient can be used; absent: it cannot. */
  projection?(x: Tensor2D, draw: Random): Tensor2D;
}

/** Parts of the negative ELBO of one batch, means over its windows. */
export interface Elbo {
  readonly reconstruction: Scalar;
  readonly kl: Scalar;
}

/**
 * Negative ELBO of windows under a Gaussian with fixed σx, constants left out.
 *
 * @param x - [B, p·c]. @param noise - [B, Q] standard normal, null: the code's mean (validation).
 * @see Kingma and Welling 2014, Eq. 10.
 */
export function negativeElbo(
  tf: TensorFlow,
  weights: readonly Tensor[],
  x: Tensor2D,
  noise: Tensor2D | null,
  sigmaX: number,
): Elbo & { readonly encoded: Encoded } {
  const encoded = encode(tf, weights, x);
  const { mean, logVariance } = encoded;
  const z = noise ? (tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise)) as Tensor2D) : mean;
  const squares = tf.sum(tf.square(tf.sub(x, decode(tf, weights, z).windows)), 1);
  return {
    reconstruction: tf.mul(tf.mean(squares), 1 / (2 * sigmaX ** 2)) as Scalar,
    kl: tf.mean(divergence(tf, encoded)) as Scalar,
    encoded,
  };
}

/** Trains the VAE on all rolling windows of the fit rows. Every draw follows from the step. */
export function vaeStage(
  tf: TensorFlow,
  data: PreparedSeries,
  split: TrainingSplit,
  params: VaeTraining,
  random: Random,
  penalty?: Penalty,
): Stage {
  const inputs = params.window * data.channels.length;
  const batches = batchesOf(split.trainWindows, params.batch, random.fork('vae batches'));
  const noiseStream = random.fork('vae noise');
  const windows = (ends: Int32Array): Tensor2D => tf.tensor2d(gatherWindows(data, params.window, ends), [ends.length, inputs]);
  const held = spread(split.validationWindows, MAX_VALIDATION_ITEMS);
  const sum = ({ reconstruction, kl }: Elbo): Scalar => tf.add(reconstruction, kl);
  const batch = (step: number): { x: Tensor2D; noise: Tensor2D; draw: Random } => {
    const ends = batches(step);
    const draw = noiseStream.fork(`step ${step}`);
    const noise = tf.tensor2d(normals(draw, ends.length * params.latent), [ends.length, params.latent]);
    return { x: windows(ends), noise, draw };
  };
  return {
    ...{ name: 'vae', steps: params.steps, rate: params.rate, clipNorm: CLIP_NORM },
    patience: params.earlyStopping ? PATIENCE : 0,
    loss(weights, step) {
      const { x, noise, draw } = batch(step);
      const { encoded, ...elbo } = negativeElbo(tf, weights, x, noise, params.sigmaX);
      if (!penalty) return { total: sum(elbo), parts: { ...elbo } };
      const extra = penalty.loss(weights, x, encoded, draw);
      return { total: tf.add(sum(elbo), tf.mul(extra, penalty.weight)), parts: { ...elbo, [penalty.name]: extra } };
    },
    ...(hasFusedVae(tf) &&
      (!penalty || penalty.projection) && {
        gradient(weights: readonly Tensor[], step: number) {
          const { x, noise, draw } = batch(step);
          const how = { sigmaX: params.sigmaX, lambda: penalty?.weight ?? 0, penalty: penalty?.name ?? '' };
          return fusedVaeGradient(tf, weights, { x, noise, v: penalty?.projection?.(x, draw) ?? x }, how);
        },
      }),
    ...(held.length > 0 && {
      validation: (weights: readonly Tensor[]) => sum(negativeElbo(tf, weights, windows(held), null, params.sigmaX)),
    }),
  };
}
