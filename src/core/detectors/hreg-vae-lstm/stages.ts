import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { PreparedSeries } from '../../prepare/prepared';
import type { Random } from '../../random';
import { batchesOf } from '../../tensor/batches';
import { normals } from '../../tensor/layers';
import type { Stage } from '../../tensor/stage';
import type { TensorFlow } from '../detector';
import type { TrainingSplit } from '../shared/split';
import { gatherWindows, spread } from '../shared/windows';
import { decode, decoderProduct, encode, encoderProduct, forecast } from './network';
import type { HregParams } from './params';

const CLIP_NORM = 20;
/** Evaluations without gain before a stage stops. */
const PATIENCE = 30;
const MAX_VALIDATION_ITEMS = 512;

/** Losses of one batch, means over its windows. */
export interface VaeLosses {
  readonly reconstruction: Scalar;
  readonly kl: Scalar;
  readonly hreg: Scalar;
}

/**
 * Negative ELBO of windows under a Gaussian with fixed σx (constants left out), and Hreg (Eq. 1) = E ||∇x f(x)||^n.
 *
 * @param x - [B, p·c]. @param noise - [B, Q] standard normal, null: the code's mean (validation).
 * @param projection - v of f = v·decoder(μ(x)) ([B, p·c]) or f = v·μ(x) ([B, Q]), standard normal, drawn anew for each batch; not used
 * by `error`, where f = ||x − decoder(μ(x))||². Null: no penalty.
 */
export function vaeLosses(
  tf: TensorFlow,
  weights: readonly Tensor[],
  x: Tensor2D,
  noise: Tensor2D | null,
  projection: Tensor2D | null,
  params: HregParams,
): VaeLosses {
  const { mean, logVariance, slopes } = encode(tf, weights, x);
  const z = noise ? (tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise)) as Tensor2D) : mean;
  const squares = tf.sum(tf.square(tf.sub(x, decode(tf, weights, z).windows)), 1);
  const kl = tf.sum(tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1)), 1);
  return {
    reconstruction: tf.mul(tf.mean(squares), 1 / (2 * params.sigmaX ** 2)) as Scalar,
    kl: tf.mul(tf.mean(kl), 0.5) as Scalar,
    hreg: projection && params.lambda > 0 ? gradientPenalty(tf, weights, x, mean, slopes, projection, params) : tf.scalar(0),
  };
}

function gradientPenalty(
  tf: TensorFlow,
  weights: readonly Tensor[],
  x: Tensor2D,
  mean: Tensor2D,
  encoderSlopes: readonly Tensor2D[],
  v: Tensor2D,
  { penalty, exponent }: HregParams,
): Scalar {
  const inputGradient = (): Tensor2D => {
    if (penalty === 'encoder') return encoderProduct(tf, weights, v, encoderSlopes);
    const { windows, slopes } = decode(tf, weights, mean);
    const through = (g: Tensor2D): Tensor2D => encoderProduct(tf, weights, decoderProduct(tf, weights, g, slopes), encoderSlopes);
    if (penalty === 'jacobian') return through(v);
    // ∇x ||x − ŵ(x)||² = 2 (r − r·J) with r = x − ŵ.
    const residual = tf.sub(x, windows) as Tensor2D;
    return tf.mul(tf.sub(residual, through(residual)), 2);
  };
  const squares = tf.sum(tf.square(inputGradient()), 1);
  // The small number keeps the root's derivative finite where the gradient is 0.
  return tf.mean(exponent === 2 ? squares : tf.pow(tf.add(squares, 1e-12), exponent / 2)) as Scalar;
}

/** Stage 1: the VAE on all rolling windows. Every draw follows from the step. */
export function vaeStage(tf: TensorFlow, data: PreparedSeries, split: TrainingSplit, params: HregParams, random: Random): Stage {
  const inputs = params.window * data.channels.length;
  const batches = batchesOf(split.trainWindows, params.batch, random.fork('vae batches'));
  const noiseStream = random.fork('vae noise');
  const windows = (ends: Int32Array): Tensor2D => tf.tensor2d(gatherWindows(data, params.window, ends), [ends.length, inputs]);
  const held = spread(split.validationWindows, MAX_VALIDATION_ITEMS);
  const total = ({ reconstruction, kl, hreg }: VaeLosses): Scalar =>
    tf.add(tf.add(reconstruction, kl), tf.mul(hreg, params.lambda));
  return {
    ...{
      name: 'vae',
      steps: params.vaeSteps,
      rate: params.vaeRate,
      clipNorm: CLIP_NORM,
      patience: params.earlyStopping ? PATIENCE : 0,
    },
    loss(weights, step) {
      const ends = batches(step);
      const draw = noiseStream.fork(`step ${step}`);
      const noise = tf.tensor2d(normals(draw, ends.length * params.latent), [ends.length, params.latent]);
      const width = params.penalty === 'encoder' ? params.latent : inputs;
      const projection = tf.tensor2d(normals(draw, ends.length * width), [ends.length, width]);
      const losses = vaeLosses(tf, weights, windows(ends), noise, projection, params);
      return { total: total(losses), parts: { ...losses } };
    },
    ...(held.length > 0 && {
      validation: (weights: readonly Tensor[]) => total(vaeLosses(tf, weights, windows(held), null, null, params)),
    }),
  };
}

/**
 * Stage 2: the LSTM on sequences of k codes that are p rows apart: input e_1..e_{k−1}, target e_2..e_k, mean squared error (Eq. 2).
 *
 * @param codes - [n, Q] code of the window that ends at each row.
 */
export function lstmStage(
  tf: TensorFlow,
  codes: Float32Array,
  split: TrainingSplit,
  params: HregParams,
  fused: boolean,
  random: Random,
): Stage {
  const batches = batchesOf(split.trainSequences, params.batch, random.fork('lstm batches'));
  const steps = params.windows - 1;
  const held = spread(split.validationSequences, MAX_VALIDATION_ITEMS);
  const sequence = (weights: readonly Tensor[], ends: Int32Array): Scalar => {
    const shape: [number, number, number] = [steps, ends.length, params.latent];
    const input = tf.tensor3d(gatherCodes(codes, ends, params, 1), shape);
    const target = tf.tensor3d(gatherCodes(codes, ends, params, 0), shape);
    return tf.mean(tf.square(tf.sub(forecast(tf, weights, input, fused), target))) as Scalar;
  };
  return {
    ...{
      name: 'lstm',
      steps: params.lstmSteps,
      rate: params.lstmRate,
      clipNorm: CLIP_NORM,
      patience: params.earlyStopping ? PATIENCE : 0,
    },
    loss(weights, step) {
      const loss = sequence(weights, batches(step));
      return { total: loss, parts: { sequence: loss } };
    },
    ...(held.length > 0 && { validation: (weights: readonly Tensor[]) => sequence(weights, held) }),
  };
}

/**
 * Codes of k − 1 windows in a row, p rows apart, time first: [k−1, B, Q].
 *
 * @param lag - windows between the last of them and the row: 1 for the input, 0 for the target.
 */
export function gatherCodes(codes: Float32Array, ends: Int32Array, params: HregParams, lag: 0 | 1): Float32Array {
  const q = params.latent;
  const steps = params.windows - 1;
  const result = new Float32Array(steps * ends.length * q);
  for (let step = 0; step < steps; step++) {
    const back = (steps - 1 - step + lag) * params.window;
    for (let i = 0; i < ends.length; i++) {
      const from = (ends[i]! - back) * q;
      result.set(codes.subarray(from, from + q), (step * ends.length + i) * q);
    }
  }
  return result;
}
