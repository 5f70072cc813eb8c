import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { EpochRecord, RunContext, TensorFlow } from '../detectors/detector';
import { FaultlineError, type JsonObject } from '../errors';
import { clipGlobalNorm, cosineRate, createOptimiser, type OptimiserSpec } from './optimiser';
import { allFinite, type WeightSet } from './weights';

/** Steps between two points of the curve, each with a validation. */
const RECORD_EVERY = 10;
/** Steps between two saved states. */
export const CHECKPOINT_EVERY = 100;
/** How often training goes back to its best state with half the rate before it gives up. */
const MAX_RETREATS = 3;

/** One network's training: what is minimised and how long. Everything it draws follows from the step, so a state needs no stream. */
export interface Stage {
  readonly name: string;
  readonly steps: number;
  /** Learning rate at the start; it falls to 0 along half a cosine. */
  readonly rate: number;
  /** Adam unless said otherwise. */
  readonly optimiser?: OptimiserSpec;
  readonly clipNorm: number;
  /** Evaluations in a row without a lower validation loss after which it stops; 0: never. */
  readonly patience: number;
  /** Runs inside a gradient; `parts` are the named losses of the curve. */
  loss(weights: readonly Tensor[], step: number): { readonly total: Scalar; readonly parts: Readonly<Record<string, Scalar>> };
  /** The same loss with a gradient that is not taken from tfjs's tape; used where present. Its tensors are disposed by the caller. */
  gradient?(weights: readonly Tensor[], step: number): BatchGradient;
  /** Absent when there is too little data for a validation part: then the last state counts as the best. */
  validation?(weights: readonly Tensor[]): Scalar;
}

/** Losses of one batch and the gradients in the order of the weights, to be multiplied by `scale`. */
export interface BatchGradient {
  readonly total: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly gradients: readonly Tensor[];
  readonly scale: number;
}

/** What, with the arrays, is needed to go on bit-equal. */
export interface StageState {
  readonly step: number;
  readonly optimiserStep: number;
  readonly rateFactor: number;
  readonly retreats: number;
  /** Null before the first evaluation. */
  readonly bestLoss: number | null;
  readonly sinceBest: number;
  readonly weights: Float32Array;
  readonly best: Float32Array;
  readonly slots: readonly Float32Array[];
}

export interface StageOptions {
  /** Gets every point of the curve. */
  readonly history: EpochRecord[];
  /** Steps of earlier stages and of all stages, for the progress. */
  readonly stepsBefore: number;
  readonly stepsInAll: number;
  readonly resume?: StageState;
  readonly save?: (state: StageState) => Promise<void>;
}

/**
 * Trains `weights` in place and leaves the state with the lowest validation loss in them.
 *
 * A batch whose loss or gradient is not finite, or weights or a validation loss that are not, send it back to the best state with half
 * the rate and fresh moments.
 *
 * @throws FaultlineError 'training/not-finite' when that happened more than three times.
 */
export async function trainStage(
  tf: TensorFlow,
  stage: Stage,
  weights: WeightSet,
  run: RunContext,
  options: StageOptions,
): Promise<void> {
  const optimiser = createOptimiser(stage.optimiser ?? { kind: 'adam' }, weights.flat.length);
  const best = weights.flat.slice();
  const gradient = new Float32Array(weights.flat.length);
  const { resume } = options;
  let bestLoss = resume?.bestLoss ?? null;
  let sinceBest = resume?.sinceBest ?? 0;
  let rateFactor = resume?.rateFactor ?? 1;
  let retreats = resume?.retreats ?? 0;
  if (resume) {
    weights.flat.set(resume.weights);
    optimiser.slots.forEach((slot, i) => slot.set(resume.slots[i]!));
    optimiser.step = resume.optimiserStep;
    best.set(resume.best);
  }

  const progress = (done: number, more: { record?: EpochRecord; log?: string }): void =>
    run.report({ stage: stage.name, done: options.stepsBefore + done, total: options.stepsInAll, unit: 'steps', ...more });

  const retreat = (step: number, what: string): void => {
    if (++retreats > MAX_RETREATS) {
      throw new FaultlineError(
        'training/not-finite',
        `Training stopped at step ${step + 1} of stage "${stage.name}": ${what} is not a finite number, after ${MAX_RETREATS} attempts ` +
          'with a halved learning rate. Choose a smaller learning rate, or look for extreme values in the training period.',
        { stage: stage.name, step: step + 1, attempts: MAX_RETREATS },
      );
    }
    rateFactor /= 2;
    weights.flat.set(best);
    optimiser.reset();
    progress(step + 1, {
      log: `Step ${step + 1}: ${what} is not finite; back to the best state with ${rateFactor} of the learning rate.`,
    });
  };

  for (let step = resume?.step ?? 0; step < stage.steps; step++) {
    await run.checkpoint();
    const learningRate = rateFactor * cosineRate(stage.rate, step, stage.steps);
    const batch = gradientOf(tf, stage, weights, step, gradient);
    const gradientNorm = clipGlobalNorm(gradient, stage.clipNorm);
    if (!Number.isFinite(batch.total) || !Number.isFinite(gradientNorm)) {
      retreat(step, Number.isFinite(batch.total) ? 'the gradient' : 'the loss');
      continue;
    }
    optimiser.update(weights.flat, gradient, learningRate);
    const done = step + 1;
    if (done % RECORD_EVERY === 0 || done === stage.steps) {
      const validation = stage.validation ? evaluate(tf, stage.validation.bind(stage), weights) : null;
      if (!allFinite(weights.flat) || (validation !== null && !Number.isFinite(validation))) {
        retreat(step, 'a weight or the validation loss');
        continue;
      }
      const losses = validation === null ? batch.parts : { ...batch.parts, validation };
      const record: EpochRecord = { stage: stage.name, step: done, losses, learningRate, gradientNorm };
      options.history.push(record);
      progress(done, { record });
      if (validation === null || bestLoss === null || validation < bestLoss) {
        best.set(weights.flat);
        bestLoss = validation;
        sinceBest = 0;
      } else {
        sinceBest++;
      }
    }
    const stop = stage.patience > 0 && sinceBest >= stage.patience;
    if (options.save && (done % CHECKPOINT_EVERY === 0 || stop) && done < stage.steps) {
      await options.save({
        ...{ step: stop ? stage.steps : done, optimiserStep: optimiser.step, rateFactor, retreats, bestLoss, sinceBest },
        ...{ weights: weights.flat, best, slots: optimiser.slots },
      });
    }
    if (stop) {
      progress(stage.steps, { log: `Stage "${stage.name}" stopped at step ${done}: the validation loss no longer falls.` });
      break;
    }
  }
  weights.flat.set(best);
}

type BatchLosses = Pick<BatchGradient, 'total' | 'parts'>;

function gradientOf(tf: TensorFlow, stage: Stage, weights: WeightSet, step: number, gradient: Float32Array): BatchLosses {
  return tf.tidy(() => {
    const { total, parts, gradients, scale } = stage.gradient?.(weights.tensors(tf), step) ?? byTape(tf, stage, weights, step);
    let offset = 0;
    for (const part of gradients) {
      gradient.set(part.dataSync() as Float32Array, offset);
      offset += part.size;
    }
    if (scale !== 1) for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * scale;
    return { total, parts };
  });
}

function byTape(tf: TensorFlow, stage: Stage, weights: WeightSet, step: number): BatchGradient {
  let names: string[] = [];
  let values: Tensor | undefined;
  try {
    const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) => {
      const { total, parts } = stage.loss(tensors, step);
      names = Object.keys(parts);
      // Kept over the end of the gradient's own scope.
      values = tf.keep(tf.stack(Object.values(parts)));
      return total;
    })(weights.tensors(tf));
    const numbers = values!.dataSync();
    const parts = Object.fromEntries(names.map((name, i) => [name, numbers[i]!]));
    return { total: value.dataSync()[0]!, parts, gradients: grads, scale: 1 };
  } finally {
    values?.dispose();
  }
}

function evaluate(tf: TensorFlow, validation: (weights: readonly Tensor[]) => Scalar, weights: WeightSet): number {
  return tf.tidy(() => validation(weights.tensors(tf)).dataSync()[0]!);
}

/** The numbers of a state as JSON; its arrays go into the packed weights. */
export function stageNumbers(state: StageState): JsonObject {
  const { step, optimiserStep, rateFactor, retreats, bestLoss, sinceBest } = state;
  return { step, optimiserStep, rateFactor, retreats, bestLoss, sinceBest, slots: state.slots.length };
}
