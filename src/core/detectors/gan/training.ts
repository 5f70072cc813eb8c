import type { Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { FaultlineError } from '../../errors';
import type { PreparedSeries } from '../../prepare/prepared';
import { batchesOf } from '../../tensor/batches';
import { fingerprintOf, packState, readState } from '../../tensor/checkpoint';
import { clipGlobalNorm, createOptimiser, type OptimiserSpec } from '../../tensor/optimiser';
import { CHECKPOINT_EVERY } from '../../tensor/stage';
import { allFinite, type WeightSet } from '../../tensor/weights';
import type { EpochRecord, RunContext, TensorFlow } from '../detector';
import type { TrainingSplit } from '../shared/split';
import { gatherWindows } from '../shared/windows';
import { drawLatent, expandLatent, latentShape } from './latent';
import type { GanLoss } from './losses';
import { keepsSample, Monitor } from './monitor';
import { discriminate, generate, initialWeights, swapAxes, type GanWeights } from './network';
import type { GanParams } from './params';
import { intoRange, rangeOf } from './range';

/** Name of the stage in progress, curve and checkpoint. */
const STAGE = 'gan';
const OPTIMISER: OptimiserSpec = { kind: 'adamw', betas: [0.5, 0.999], decay: 0.01 };
const CLIP_NORM = 20;
/** Steps between two looks at what the generator makes. */
const RECORD_EVERY = 25;
/** How often training goes back to its best state with half the rates before it gives up. */
const MAX_RETREATS = 3;

export interface TrainedGan {
  readonly weights: GanWeights;
  readonly history: readonly EpochRecord[];
}

/** Gradient of a loss in `into`, in the order of the weights. @returns the loss. */
export function gradientOf(
  tf: TensorFlow,
  loss: (weights: readonly Tensor[]) => Scalar,
  weights: readonly Tensor[],
  into: Float32Array,
): number {
  const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) => loss(tensors))([...weights]);
  let offset = 0;
  for (const grad of grads) {
    into.set(grad.dataSync() as Float32Array, offset);
    offset += grad.size;
  }
  return value.dataSync()[0]!;
}

/** A network with its optimiser and the best state so far. */
class Player {
  readonly gradient: Float32Array;
  readonly best: Float32Array;
  readonly optimiser;
  loss = 0;
  norm = 0;

  constructor(
    readonly name: string,
    readonly weights: WeightSet,
    readonly rate: number,
  ) {
    this.gradient = new Float32Array(weights.flat.length);
    this.best = weights.flat.slice();
    this.optimiser = createOptimiser(OPTIMISER, weights.flat.length);
  }

  /** One step down the gradient. @returns false, without a step, where loss or gradient is not finite. */
  step(tf: TensorFlow, loss: (weights: readonly Tensor[]) => Scalar, rateFactor: number): boolean {
    this.loss = tf.tidy(() => gradientOf(tf, loss, this.weights.tensors(tf), this.gradient));
    this.norm = clipGlobalNorm(this.gradient, CLIP_NORM);
    if (!Number.isFinite(this.loss) || !Number.isFinite(this.norm)) return false;
    this.optimiser.update(this.weights.flat, this.gradient, rateFactor * this.rate);
    return true;
  }

  /** Arrays of a checkpoint: weights, best state and the optimiser's memory. */
  arrays() {
    const all = [this.weights.flat, this.best, ...this.optimiser.slots];
    return all.map((values, i) => ({ name: `${this.name} ${i}`, shape: [values.length], values }));
  }
}

/**
 * Trains generator and discriminator in turns, one step each, and gives the state whose generated windows were closest to held-out real
 * ones in energy distance: the losses of a GAN do not rank its states. Everything it draws follows from the step; goes on from
 * `run.resumeFrom` bit-equal. 0 steps give untrained networks.
 *
 * @throws FaultlineError 'training/not-finite' after three retreats; 'training/data-changed' for a state of other rows or parameters.
 */
export async function trainGan(
  tf: TensorFlow,
  data: PreparedSeries,
  split: TrainingSplit,
  params: GanParams,
  loss: GanLoss,
  run: RunContext,
): Promise<TrainedGan> {
  const { steps, window, batch } = params;
  const fused = run.fusedLstm;
  const channels = data.channels.length;
  const shape = latentShape(params);
  const range = rangeOf(data, split.tailFrom);
  const weights = initialWeights(range, params, run.random);
  const generator = new Player('generator', weights.generator, params.generatorRate);
  const discriminator = new Player('discriminator', weights.discriminator, params.generatorRate * params.discriminatorFactor);
  const players = [generator, discriminator];
  const batches = batchesOf(split.trainWindows, batch, run.random.fork('batches'));
  const latentStream = run.random.fork('latent');
  const monitor = new Monitor(tf, fused, data, split, params, range, run.random);
  const history: EpochRecord[] = [];
  let [from, rateFactor, retreats] = [0, 1, 0];
  let bestEnergy: number | null = null;
  const fingerprint = fingerprintOf(data, params);
  if (run.resumeFrom) {
    const stored = readState(run.resumeFrom, fingerprint);
    history.push(...stored.history);
    [from, rateFactor, retreats] = [run.resumeFrom.step, stored.number('rateFactor'), stored.number('retreats')];
    bestEnergy = stored.numberOrNull('bestEnergy');
    const parts = players.flatMap((player) => player.arrays());
    const arrays = stored.arrays(parts);
    for (const { name, values } of parts) values.set(arrays.get(name)!);
    for (const { name, optimiser } of players) optimiser.step = stored.number(`${name} step`);
  }
  let trouble = history.at(-1)?.note ?? null;

  const progress = (done: number, more: { record?: EpochRecord; log?: string }): void =>
    run.report({ stage: STAGE, done, total: steps, unit: 'steps', ...more });

  const retreat = (step: number, what: string): void => {
    if (++retreats > MAX_RETREATS) {
      throw new FaultlineError(
        'training/not-finite',
        `Training stopped at step ${step + 1}: ${what} is not a finite number, after ${MAX_RETREATS} attempts with halved learning ` +
          'rates. Choose a smaller learning rate, or look for extreme values in the training period.',
        { stage: STAGE, step: step + 1, attempts: MAX_RETREATS },
      );
    }
    rateFactor /= 2;
    for (const { weights: set, best, optimiser } of players) {
      set.flat.set(best);
      optimiser.reset();
    }
    const log = `Step ${step + 1}: ${what} is not finite; back to the best state with ${rateFactor} of the learning rates.`;
    progress(step + 1, { log });
  };

  /**
   * The generator moves first, and the discriminator judges the windows that the generator made for that: one pass of the generator serves
   * both.
   *
   * @returns the network whose loss or gradient was not finite, if one's was.
   */
  const oneStep = (step: number): Player | null => {
    const ends = batches(step);
    const count = ends.length;
    let made: Tensor3D | undefined;
    try {
      const improved = generator.step(
        tf,
        (current) => {
          const draw = drawLatent(shape, count, latentStream.fork(`step ${step}`));
          const windows = generate(tf, current, tf.tensor3d(expandLatent(shape, draw), [window, count, params.latent]), fused);
          // Kept over the end of the gradient's own scope.
          made = tf.keep(windows);
          return loss.generator(tf, discriminate(tf, weights.discriminator.tensors(tf), windows, fused));
        },
        rateFactor,
      );
      if (!improved) return generator;
      const judged = discriminator.step(
        tf,
        (current) => {
          const windows = intoRange(gatherWindows(data, window, ends), range);
          const real = tf.tensor3d(swapAxes(windows, count, window), [window, count, channels]);
          const logits = discriminate(tf, current, tf.concat([real, made!], 1), fused);
          const [onReal, onMade] = tf.split(logits, 2, 1) as [Tensor2D, Tensor2D];
          return loss.discriminator(tf, onReal, onMade);
        },
        rateFactor,
      );
      return judged ? null : discriminator;
    } finally {
      made?.dispose();
    }
  };

  for (let step = from; step < steps; step++) {
    await run.checkpoint();
    const failed = oneStep(step);
    const done = step + 1;
    if (failed) {
      retreat(step, `the loss or the gradient of the ${failed.name}`);
    } else if (done % RECORD_EVERY === 0 || done === steps) {
      const look = monitor.look(weights);
      if (players.every((player) => allFinite(player.weights.flat)) && Number.isFinite(look.losses.validation)) {
        const record: EpochRecord = {
          ...{ stage: STAGE, step: done },
          losses: { ...look.losses, discriminator: discriminator.loss, generator: generator.loss },
          ...{ learningRate: rateFactor * generator.rate, gradientNorm: generator.norm },
          ...(look.trouble !== null && { note: look.trouble }),
          ...(keepsSample(done, RECORD_EVERY, steps) && { sample: look.sample }),
        };
        history.push(record);
        const begins = look.trouble !== null && trouble === null;
        trouble = look.trouble;
        progress(done, { record, ...(begins && { log: `Step ${done}: ${look.trouble}` }) });
        if (bestEnergy === null || look.losses.validation < bestEnergy) {
          bestEnergy = look.losses.validation;
          for (const player of players) player.best.set(player.weights.flat);
        }
      } else {
        retreat(step, 'a weight');
      }
    }
    if (run.saveCheckpoint && done % CHECKPOINT_EVERY === 0 && done < steps) {
      const counts = Object.fromEntries(players.map(({ name, optimiser }) => [`${name} step`, optimiser.step]));
      const numbers = { rateFactor, retreats, bestEnergy, ...counts };
      const arrays = players.flatMap((player) => player.arrays());
      await run.saveCheckpoint(packState({ step: done, stage: STAGE, numbers, arrays, history }, fingerprint));
    }
  }
  for (const player of players) player.weights.flat.set(player.best);
  return { weights, history };
}
