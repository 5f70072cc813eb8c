import type { Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { PreparedSeries } from '../../prepare/prepared';
import type { Random } from '../../random';
import { batchesOf } from '../../tensor/batches';
import { valuesOf } from '../../tensor/layers';
import { stack } from '../../tensor/lstm-stack';
import type { Stage } from '../../tensor/stage';
import type { TensorFlow } from '../detector';
import type { TrainingSplit } from '../shared/split';
import { CLIP_NORM, MAX_VALIDATION_ITEMS, PATIENCE } from '../shared/stage-rules';
import type { Trained } from '../shared/network-detector';
import { gatherWindows, spread } from '../shared/windows';
import { aheadOf, type LstmAdParams } from './params';

/** Windows [B, p·c] as the network reads them: all rows but the last, time first, [p−1, B, c]. */
function inputOf(tf: TensorFlow, windows: Float32Array, p: number, c: number): Tensor3D {
  const rows = tf.tensor3d(windows, [windows.length / (p * c), p, c]);
  return tf.transpose(tf.slice(rows, [0, 0, 0], [-1, p - 1, -1]), [1, 0, 2]);
}

/**
 * The l forecasts of each window's last row: made after the row before it (1 ahead), the row before that (2 ahead), and so on.
 *
 * @param outputs - [l, B, l·c] of the last l steps, columns by horizon. @returns [B, l·c], columns by horizon.
 */
function forecastsOfLast(tf: TensorFlow, outputs: Tensor3D, c: number): Tensor2D {
  const [ahead, batch] = outputs.shape;
  const parts = Array.from({ length: ahead }, (_, h) =>
    tf.reshape(tf.slice(outputs, [ahead - 1 - h, 0, h * c], [1, batch, c]), [batch, c]),
  );
  return tf.concat(parts, 1) as Tensor2D;
}

/**
 * The rows that each output should have forecast, and whether they lie inside the window, [p−1, B, l·c] and [p−1, 1, l·c].
 *
 * @param windows - [B, p·c]
 */
function targetsOf(windows: Float32Array, p: number, c: number, ahead: number): { targets: Float32Array; inside: Float32Array } {
  const batch = windows.length / (p * c);
  const width = ahead * c;
  const targets = new Float32Array((p - 1) * batch * width);
  const inside = new Float32Array((p - 1) * width);
  for (let step = 0; step < p - 1; step++) {
    // The forecasts of a step are the rows that follow it: one piece of the window.
    const length = Math.min(ahead, p - 1 - step) * c;
    inside.fill(1, step * width, step * width + length);
    for (let i = 0; i < batch; i++) {
      const from = (i * p + step + 1) * c;
      targets.set(windows.subarray(from, from + length), (step * batch + i) * width);
    }
  }
  return { targets, inside };
}

/**
 * Trains the forecast on all rolling windows of the fit rows: each is a sequence of its own that starts from an empty state
 * (back-propagation through the whole window), so that no state is carried over a gap or from one part of the rows to another. Every step
 * forecasts; forecasts of rows after the window do not count. Validation: the forecasts that the score rests on.
 */
export function forecastStage(
  tf: TensorFlow,
  data: PreparedSeries,
  split: TrainingSplit,
  params: LstmAdParams,
  fused: boolean,
  random: Random,
): Stage {
  const c = data.channels.length;
  const p = params.window;
  const ahead = aheadOf(params);
  const batches = batchesOf(split.trainWindows, params.batch, random.fork('lstm-ad batches'));
  const held = gatherWindows(data, p, spread(split.validationWindows, MAX_VALIDATION_ITEMS));
  return {
    ...{ name: 'lstm-ad', steps: params.steps, rate: params.rate, clipNorm: CLIP_NORM },
    patience: params.earlyStopping ? PATIENCE : 0,
    loss(weights, step) {
      const windows = gatherWindows(data, p, batches(step));
      const { targets, inside } = targetsOf(windows, p, c, ahead);
      const outputs = stack(tf, weights, inputOf(tf, windows, p, c), fused);
      const mask = tf.tensor3d(inside, [p - 1, 1, ahead * c]);
      const squares = tf.square(tf.mul(tf.sub(outputs, tf.tensor3d(targets, outputs.shape)), mask));
      const count = outputs.shape[1] * inside.reduce((sum, one) => sum + one, 0);
      const forecast = tf.div(tf.sum(squares), count) as Scalar;
      return { total: forecast, parts: { forecast } };
    },
    ...(held.length > 0 && {
      validation: (weights: readonly Tensor[]) => tf.mean(tf.square(errorsOf(tf, weights, held, p, c, ahead, fused))) as Scalar,
    }),
  };
}

/** Last row minus each of its forecasts, [B, l·c]. @param windows - [B, p·c] */
function errorsOf(
  tf: TensorFlow,
  weights: readonly Tensor[],
  windows: Float32Array,
  p: number,
  c: number,
  ahead: number,
  fused: boolean,
): Tensor2D {
  const batch = windows.length / (p * c);
  const outputs = stack(tf, weights, inputOf(tf, windows, p, c), fused, ahead);
  const last = tf.slice(tf.tensor2d(windows, [batch, p * c]), [0, (p - 1) * c], [-1, c]);
  return tf.sub(tf.tile(last, [1, ahead]), forecastsOfLast(tf, outputs, c));
}

/** Most values of the network's states and outputs that are held at once. */
export const CHUNK_VALUES = 4_000_000;

/** The trained network: plain arrays in and out; owns its weight tensors. */
export class Forecaster {
  private readonly weights: Tensor[];
  private readonly ahead: number;
  /** Windows that are forecast at once. */
  readonly chunk: number;

  constructor(
    private readonly tf: TensorFlow,
    private readonly fused: boolean,
    private readonly trained: Pick<Trained<LstmAdParams>, 'params' | 'channels' | 'weights'>,
  ) {
    const { params, channels, weights } = trained;
    this.weights = weights.tensors(tf);
    this.ahead = aheadOf(params);
    // A layer keeps seven states of every step; the outputs are those of the last l steps.
    const values = params.window * (channels + 7 * params.hidden * params.layers) + this.ahead ** 2 * channels;
    this.chunk = Math.max(1, Math.min(1024, Math.floor(CHUNK_VALUES / values)));
  }

  /** Last row of each window minus its forecasts 1..l ahead: [B, p·c] to [B, l·c]. */
  errors(windows: Float32Array): Float32Array {
    const { params, channels } = this.trained;
    return valuesOf(this.tf, () => errorsOf(this.tf, this.weights, windows, params.window, channels, this.ahead, this.fused));
  }

  dispose(): void {
    this.tf.dispose(this.weights);
  }
}
