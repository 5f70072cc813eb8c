import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { PreparedSeries } from '../../prepare/prepared';
import type { Random } from '../../random';
import { batchesOf } from '../../tensor/batches';
import { hasDirectMlp } from '../../tensor/direct-mlp';
import type { BatchGradient, Stage } from '../../tensor/stage';
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

/** What is minimised over some windows. */
export interface WindowObjective {
  /** @param windows - [B, p·c]. @param draw - random stream of this step; null for the validation, which draws nothing. */
  loss(weights: readonly Tensor[], windows: Tensor2D, draw: Random | null): ReturnType<Stage['loss']>;
  /** The same with its gradient, by the passes of direct-mlp.ts: used on the engine that has them, elsewhere tfjs's tape is. */
  gradient(weights: readonly Tensor[], windows: Tensor2D, draw: Random): BatchGradient;
}

/** Trains a network on batches of rolling windows of the fit rows; the same loss of validation windows says when it was best. */
export function windowStage(
  tf: TensorFlow,
  name: string,
  data: PreparedSeries,
  split: TrainingSplit,
  params: WindowTraining,
  random: Random,
  { loss, gradient }: WindowObjective,
): Stage {
  const size = params.window * data.channels.length;
  const batches = batchesOf(split.trainWindows, params.batch, random.fork(`${name} batches`));
  const draws = random.fork(`${name} draws`);
  const drawOf = (step: number): Random => draws.fork(`step ${step}`);
  const tensor = (windows: Float32Array): Tensor2D => tf.tensor2d(windows, [windows.length / size, size]);
  // One array for the windows of every batch: the tensors of a step are gone before the next one.
  const values = new Float32Array(batches(0).length * size);
  const batch = (step: number): Tensor2D => tensor(gatherWindows(data, params.window, batches(step), values));
  const held = gatherWindows(data, params.window, spread(split.validationWindows, MAX_VALIDATION_ITEMS));
  return {
    ...{ name, steps: params.steps, rate: params.rate, clipNorm: CLIP_NORM },
    patience: params.earlyStopping ? PATIENCE : 0,
    loss: (weights, step) => loss(weights, batch(step), drawOf(step)),
    ...(hasDirectMlp(tf) && {
      gradient: (weights: readonly Tensor[], step: number) => gradient(weights, batch(step), drawOf(step)),
    }),
    ...(held.length > 0 && {
      validation: (weights: readonly Tensor[]): Scalar => loss(weights, tensor(held), null).total,
    }),
  };
}
