import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { PreparedSeries } from '../../prepare/prepared';
import type { Random } from '../../random';
import { batchesOf } from '../../tensor/batches';
import { normals } from '../../tensor/layers';
import type { Stage } from '../../tensor/stage';
import type { TensorFlow } from '../detector';
import type { TrainingSplit } from '../shared/split';
import { CLIP_NORM, MAX_VALIDATION_ITEMS, PATIENCE } from '../shared/stage-rules';
import { decode, decoderProduct, encoderProduct, type Encoded } from '../shared/vae-network';
import { vaeStage as elboStage, type Penalty } from '../shared/vae-stage';
import { spread } from '../shared/windows';
import { forecast } from './network';
import type { HregParams } from './params';

/**
 * Hreg (Eq. 1) = E ||∇x f(x)||^n.
 *
 * @param x - [B, p·c]. @param v - projection of f = v·decoder(μ(x)) ([B, p·c]) or f = v·μ(x) ([B, Q]), standard normal, drawn anew for
 * each batch; not used by `error`, where f = ||x − decoder(μ(x))||².
 */
export function gradientPenalty(
  tf: TensorFlow,
  weights: readonly Tensor[],
  x: Tensor2D,
  { mean, slopes: encoderSlopes }: Encoded,
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

/** Stage 1: the VAE on all rolling windows, with the penalty. */
export function vaeStage(tf: TensorFlow, data: PreparedSeries, split: TrainingSplit, params: HregParams, random: Random): Stage {
  const training = { ...params, steps: params.vaeSteps, rate: params.vaeRate };
  const projection = (x: Tensor2D, draw: Random): Tensor2D => {
    const shape: [number, number] = [x.shape[0], params.penalty === 'encoder' ? params.latent : x.shape[1]];
    return tf.tensor2d(normals(draw, shape[0] * shape[1]), shape);
  };
  const hreg: Penalty = {
    ...{ name: 'hreg', weight: params.lambda },
    loss: (weights, x, encoded, draw) => gradientPenalty(tf, weights, x, encoded, projection(x, draw), params),
    ...(params.penalty === 'jacobian' && params.exponent === 2 && { projection }),
  };
  return elboStage(tf, data, split, training, random, params.lambda > 0 ? hreg : undefined);
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
    ...{ name: 'lstm', steps: params.lstmSteps, rate: params.lstmRate, clipNorm: CLIP_NORM },
    patience: params.earlyStopping ? PATIENCE : 0,
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
  let at = 0;
  for (let step = 0; step < steps; step++) {
    const back = (steps - 1 - step + lag) * params.window;
    // Value by value: a view for each of millions of short rows takes longer than copying them.
    for (const end of ends) for (let from = (end - back) * q, to = from + q; from < to; from++) result[at++] = codes[from]!;
  }
  return result;
}
