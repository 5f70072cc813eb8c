import type { PreparedSeries, Segment } from '../../prepare/prepared';
import type { Random } from '../../random';
import { fingerprintOf } from '../../tensor/checkpoint';
import { initialise } from '../../tensor/layers';
import { openForgetGates } from '../../tensor/lstm-stack';
import { trainInTurn, type NetworkPlan } from '../../tensor/stages';
import { WeightSet } from '../../tensor/weights';
import type { EpochRecord, RunContext, TensorFlow } from '../detector';
import { splitTraining, type TrainingSplit } from '../shared/split';
import { vaeSpecs } from '../shared/vae-network';
import { lstmSpecs, Network } from './network';
import { FOLD_SPANS, spanOf, splitShape, statisticsOf, type HregParams } from './params';
import { encodeSeries } from './residuals';
import { lstmStage, vaeStage } from './stages';

/** Blocks that networks are trained without, one network a block. */
const FOLDS = 5;

export interface Pair {
  readonly vae: WeightSet;
  readonly lstm: WeightSet;
}

/** A block of rows and networks that never touched a row of its windows and sequences. */
export interface FoldPair extends Pair {
  readonly block: Segment;
}

export interface Networks extends Pair {
  /** Rows that no network saw, at the end; the number of rows when the folds leave none out. */
  readonly tailFrom: number;
  /** Empty unless normal residuals are taken out of fold. */
  readonly folds: readonly FoldPair[];
  readonly history: readonly EpochRecord[];
}

/** How many networks of each kind are trained: the forecast of a fold is not read where there are several tags. */
export function trainings(params: HregParams, rows: number, channels: number): { readonly vae: number; readonly lstm: number } {
  const folds = statisticsOf(params, rows, channels) === 'out-of-fold' ? FOLDS : 0;
  return { vae: 1 + folds, lstm: 1 + (channels === 1 ? folds : 0) };
}

/** The split of the rows that the network which scores new data is trained on. */
export function mainSplit(params: HregParams, segments: readonly Segment[], rows: number, channels: number): TrainingSplit {
  const shape = splitShape(params);
  if (statisticsOf(params, rows, channels) !== 'out-of-fold') return splitTraining(segments, rows, shape);
  // Three spans are needed in any case; the folds need the others.
  return splitTraining(segments, rows, { ...shape, tailRows: (FOLD_SPANS - 3) * shape.span }, { tail: false });
}

/** Equal blocks of the rows. */
export function foldBlocks(rows: number, count: number): Segment[] {
  return Array.from({ length: count }, (_, i) => ({
    start: Math.floor((i * rows) / count),
    end: Math.floor(((i + 1) * rows) / count),
  }));
}

/** The split for the networks that never touch a block: windows and sequences that end in it begin up to a span before it. */
export function foldSplit(params: HregParams, segments: readonly Segment[], rows: number, { start, end }: Segment): TrainingSplit {
  const hole = { start: Math.max(0, start - spanOf(params) + 1), end };
  return splitTraining(segments, rows, splitShape(params), { tail: false, hole });
}

/**
 * Trains the VAE, then the LSTM on its codes, and where they are asked for the same for each fold; continues from `run.resumeFrom`
 * bit-equal.
 *
 * @throws FaultlineError 'training/data-changed', 'training/not-finite', 'detector/too-little-data'.
 */
export async function trainNetworks(tf: TensorFlow, data: PreparedSeries, params: HregParams, run: RunContext): Promise<Networks> {
  const rows = data.timestamps.length;
  const channels = data.channels.length;
  const inputs = params.window * channels;
  const count = trainings(params, rows, channels);
  const plans: NetworkPlan[] = [];
  const pair = (split: TrainingSplit, random: Random, suffix: string, forecasts: boolean): Pair => {
    const vae = new WeightSet(vaeSpecs(inputs, params));
    const lstm = new WeightSet(lstmSpecs(params));
    plans.push({
      ...{ name: `vae${suffix}`, steps: params.vaeSteps, weights: vae },
      initialise: () => initialise(vae, random.fork('init vae')),
      stage: () => ({ ...vaeStage(tf, data, split, params, random), name: `vae${suffix}` }),
    });
    if (!forecasts) return { vae, lstm };
    plans.push({
      ...{ name: `lstm${suffix}`, steps: params.lstmSteps, weights: lstm },
      initialise() {
        initialise(lstm, random.fork('init lstm'));
        openForgetGates(lstm);
      },
      async stage() {
        const network = new Network(tf, run.fusedLstm, vae, lstm, inputs, params.latent);
        try {
          const { codes } = await encodeSeries(network, data, params, run);
          return { ...lstmStage(tf, codes, split, params, run.fusedLstm, random), name: `lstm${suffix}` };
        } finally {
          network.dispose();
        }
      },
    });
    return { vae, lstm };
  };
  const split = mainSplit(params, data.segments, rows, channels);
  const main = pair(split, run.random, '', true);
  const folds = foldBlocks(rows, count.vae - 1).map((block, i): FoldPair => {
    const without = foldSplit(params, data.segments, rows, block);
    return { block, ...pair(without, run.random.fork(`fold ${i + 1}`), ` ${i + 1}`, count.lstm > 1) };
  });
  const history = await trainInTurn(tf, plans, fingerprintOf(data, params), run);
  return { ...main, folds, tailFrom: split.tailFrom, history };
}
