import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Random } from '../../random';
import { dense, mlp } from '../../tensor/layers';
import type { WeightSpec } from '../../tensor/weights';
import { autoencoderSpecs } from '../autoencoder';
import type { TensorFlow } from '../detector';
import { denseSpecs } from '../shared/vae-network';
import type { DagmmParams } from './params';

/** Hidden units of the estimation network and the share of them that training leaves out, as in the source. */
const ESTIMATION_UNITS = 10;
const DROPOUT = 0.5;
/** Added to the mean square of a window, in squared standard deviations: a window near 0 has no direction and no relative error. */
const FLOOR = 0.01;
/** Keeps the slope of a root finite. */
const TINY = 1e-12;

/** Numbers that describe a window: its code, the relative Euclidean distance and the cosine similarity. */
export const featuresOf = ({ latent }: Pick<DagmmParams, 'latent'>): number => latent + 2;

export function dagmmSpecs(inputs: number, params: Pick<DagmmParams, 'hidden' | 'latent' | 'components'>): WeightSpec[] {
  return [
    ...autoencoderSpecs(inputs, params),
    ...denseSpecs('estimation-1', featuresOf(params), ESTIMATION_UNITS),
    ...denseSpecs('estimation-2', ESTIMATION_UNITS, params.components),
  ];
}

/** Positions in `dagmmSpecs`. */
const ENCODER = [0, 4] as const;
const DECODER = [4, 8] as const;
const ESTIMATION = [8, 12] as const;

export interface Compressed {
  /** [B, p·c] */
  readonly rebuilt: Tensor2D;
  /** [B] Σ (x − x̂)². */
  readonly squares: Tensor1D;
  /** [B, D] code, ‖x − x̂‖/‖x‖, x·x̂/(‖x‖‖x̂‖). */
  readonly features: Tensor2D;
}

/** The compression network. @param x - windows [B, p·c]. @see Zong et al. 2018, Eq. 1 to 3. */
export function compress(tf: TensorFlow, weights: readonly Tensor[], x: Tensor2D): Compressed {
  const code = mlp(tf, x, weights.slice(...ENCODER)).out;
  const rebuilt = mlp(tf, code, weights.slice(...DECODER)).out;
  const floor = FLOOR * x.shape[1];
  const norm = (values: Tensor2D): Tensor => tf.sqrt(tf.add(tf.sum(tf.square(values), 1, true), floor));
  const squares = tf.sum(tf.square(tf.sub(x, rebuilt)), 1, true);
  const length = norm(x);
  const distance = tf.div(tf.sqrt(tf.add(squares, TINY)), length);
  const cosine = tf.div(tf.sum(tf.mul(x, rebuilt), 1, true), tf.mul(length, norm(rebuilt)));
  return { rebuilt, squares: tf.reshape(squares, [-1]), features: tf.concat([code, distance, cosine], 1) as Tensor2D };
}

/** The estimation network: memberships [B, K] of features [B, D]. @param draw - of the units left out; null: none is. */
export function estimate(tf: TensorFlow, weights: readonly Tensor[], features: Tensor2D, draw: Random | null): Tensor2D {
  const [w1, b1, w2, b2] = weights.slice(...ESTIMATION) as [Tensor, Tensor, Tensor, Tensor];
  let hidden = tf.tanh(dense(tf, features, w1, b1));
  if (draw) {
    const kept = Float32Array.from({ length: hidden.size }, () => (draw.next() < DROPOUT ? 0 : 1 / (1 - DROPOUT)));
    hidden = tf.mul(hidden, tf.tensor2d(kept, hidden.shape));
  }
  return tf.softmax(dense(tf, hidden, w2, b2));
}
