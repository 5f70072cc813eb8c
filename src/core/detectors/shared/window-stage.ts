import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { PreparedSeries } from '../../prepare/prepared';
import type { Random } from '../../random';
import { batchesOf } from '../../tensor/batches';
import type { Stage } from '../../tensor/stage';
import type { TensorFlow } from '../detector';
import type { TrainingSplit } from './split';
import { CLIP_NORM, MAX_VALIDATION_ITEMS, PATIENCE } from './stage-rules';
import { gatherWindows, spread } from './windows';

export interface WindowTraining {
  readonly window: number;
  readonly steps: number;
  readonly rate: number;
  readonly batch: number;
  readonly earlyStopping: boolean;
}

/**
 * What is minimised over some windows.
 *
 * @param windows - [B, p·c]. @param draw - random stream of this step; null for the validation, which draws nothing.
 */
export type WindowLoss = (weights: readonly Tensor[], windows: Tensor2D, draw: Random | null) => ReturnType<Stage['loss']>;

/** Trains a network on batches of rolling windows of the fit rows; the same loss of validation windows says when it was best. */
export function windowStage(
  tf: TensorFlow,
  name: string,
  data: PreparedSeries,
  split: TrainingSplit,
  params: WindowTraining,
  random: Random,
  loss: WindowLoss,
): Stage {
  const size = params.window * data.channels.length;
  const batches = batchesOf(split.trainWindows, params.batch, random.fork(`${name} batches`));
  const draws = random.fork(`${name} draws`);
  const windows = (ends: Int32Array): Tensor2D => tf.tensor2d(gatherWindows(data, params.window, ends), [ends.length, size]);
  const held = spread(split.validationWindows, MAX_VALIDATION_ITEMS);
  return {
    ...{ name, steps: params.steps, rate: params.rate, clipNorm: CLIP_NORM },
    patience: params.earlyStopping ? PATIENCE : 0,
    loss: (weights, step) => loss(weights, windows(batches(step)), draws.fork(`step ${step}`)),
    ...(held.length > 0 && {
      validation: (weights: readonly Tensor[]): Scalar => loss(weights, windows(held), null).total,
    }),
  };
}
