import { FaultlineError } from '../../errors';
import type { PreparedSeries, Segment } from '../../prepare/prepared';
import { countWeights } from '../../tensor/weights';
import type { Detector, DetectorSize, ModelArtifact, RunContext, TrainedDetector } from '../detector';
import { vaeSpecs } from '../shared/vae-network';
import { windowEnds } from '../shared/windows';
import { restoreModel, toArtifact } from './artifact';
import { lstmSpecs, Network } from './network';
import { spanOf, specs, statisticsOf, type HregParams } from './params';
import { paperNormalScores } from './paper';
import { encodeSeries, expectedHalfWidth, type Held, type View } from './residuals';
import { fitSharp } from './reference';
import { MEMORY_SIZE } from './sharp';
import { mainSplit, trainings, trainNetworks, type Pair } from './train';
import { trainedFrom, type Model } from './trained';

/**
 * VAE on windows with a gradient penalty (Hreg), LSTM on its codes; the flagship.
 *
 * @see Xu and Wang 2025, Eq. 1 to 4. The penalty is written out as a Jacobian product (layers.ts), because a gradient of a gradient
 * is silently wrong in tfjs through several operations.
 */
export const hregVaeLstm: Detector<HregParams> = {
  info: {
    id: 'hreg-vae-lstm',
    formatVersion: 1,
    title: 'Hreg-VAE-LSTM',
    summary:
      'Learns the shape of short windows and how they follow each other, and scores what it can neither rebuild nor forecast. ' +
      'The right choice for one or a few signals with a rhythm, when you want to see what was expected.',
    whenItFails:
      'Little training data, a machine that changes its mode after training, and plant data with many independent tags: there a ' +
      'simpler statistical detector is level or better.',
    channels: 'any',
    params: specs,
    presets: [
      {
        ...{ id: 'fast', params: { vaeSteps: 500, lstmSteps: 300 } },
        help: 'Less than half of the training: a first look in seconds, somewhat less exact.',
      },
      { id: 'balanced', params: {}, help: 'The proposed settings; the measurements were made with them.' },
      {
        id: 'paper',
        params: { score: 'paper', vaeSteps: 1500, lstmSteps: 1000, batch: 128 },
        help: 'The published score with the steps that reached the published figures.',
      },
    ],
    warmUp: (params) => spanOf(params as HregParams) - 1,
    source: 'Xu and Wang 2025, Hreg-VAE-LSTM; sharp score: this product, validated on NAB and SKAB development series',
  },
  train,
  async restore(artifact: ModelArtifact, run: RunContext): Promise<TrainedDetector> {
    const tf = await run.tensorflow();
    return trainedFrom(tf, run.fusedLstm, restoreModel(hregVaeLstm.info, artifact), (model) => toArtifact(hregVaeLstm.info, model));
  },
  size,
};

async function train(data: PreparedSeries, params: HregParams, run: RunContext): Promise<TrainedDetector> {
  requireWidth(params, data.channels.length);
  const tf = await run.tensorflow();
  const { vae, lstm, folds, tailFrom, history } = await trainNetworks(tf, data, params, run);
  const steps = stepsOf(params, data.timestamps.length, data.channels.length);
  run.report({ stage: 'reference', done: steps, total: steps, unit: 'steps', log: 'Scores of held-out normal rows' });
  const networks: Network[] = [];
  const viewOf = (pair: Pair): Promise<View> => {
    const network = new Network(tf, run.fusedLstm, pair.vae, pair.lstm, params.window * data.channels.length, params.latent);
    networks.push(network);
    return encodeSeries(network, data, params, run);
  };
  try {
    const view = await viewOf({ vae, lstm });
    const tail: Held = { view, ends: windowEnds(data.segments, params.window, tailFrom) };
    const outOfFold: Held[] = [];
    for (const fold of folds)
      outOfFold.push({ view: await viewOf(fold), ends: endsInside(data.segments, params.window, fold.block) });
    const unseen = folds.length > 0 ? outOfFold : [tail];
    const common = { params, channels: data.channels, vae, lstm, history, halfWidth: await expectedHalfWidth(unseen, run) };
    const everywhere = { view, ends: windowEnds(data.segments, params.window) };
    const all = statisticsOf(params, data.timestamps.length, data.channels.length) === 'all';
    const model: Model =
      params.score === 'paper'
        ? { ...common, reference: null, normalScores: await paperNormalScores(view, tailFrom, run) }
        : { ...common, ...(await fitSharp(tf, all ? [everywhere] : unseen, run)) };
    return trainedFrom(tf, run.fusedLstm, model, (current) => toArtifact(hregVaeLstm.info, current));
  } finally {
    networks.forEach((network) => network.dispose());
  }
}

/** Windows that end in a block, wherever they begin. */
function endsInside(segments: readonly Segment[], window: number, { start, end }: Segment): Int32Array {
  return windowEnds(segments, window).filter((row) => row >= start && row < end);
}

/** Optimiser steps of all networks. */
function stepsOf(params: HregParams, rows: number, channels: number): number {
  const { vae, lstm } = trainings(params, rows, channels);
  return vae * params.vaeSteps + lstm * params.lstmSteps;
}

/** The sharp score inverts a matrix of this many rows: more would take minutes and gigabytes. */
const MAX_WIDTH = 2048;

function requireWidth(params: HregParams, channels: number): void {
  const width = params.window * channels;
  if (params.score !== 'sharp' || width <= MAX_WIDTH) return;
  throw new FaultlineError(
    'detector/bad-params',
    `The sharp score works on windows of at most ${MAX_WIDTH} values; ${params.window} samples of ${channels} tags are ${width}. ` +
      'Choose a shorter window, fewer tags, or the paper score.',
    { width, most: MAX_WIDTH },
  );
}

function size(rows: number, channels: number, params: HregParams): DetectorSize {
  requireWidth(params, channels);
  const inputs = params.window * channels;
  const weights = countWeights([...vaeSpecs(inputs, params), ...lstmSpecs(params)]);
  const windows = mainSplit(params, [{ start: 0, end: rows }], rows, channels).trainWindows.length;
  const sample = Math.min(rows, 20_000, Math.max(500, Math.floor(8_000_000 / inputs)));
  const floats =
    // Weights, gradient, both moments, best state, activations of a batch forward and back.
    8 * weights * trainings(params, rows, channels).vae +
    12 * params.batch * (2 * inputs + 6 * params.hidden + 5 * params.hidden * params.windows);
  const reference =
    (channels === 1 ? 2 : 1) * (sample + 2 * MEMORY_SIZE) * inputs + 3 * inputs * inputs + 1024 * (MEMORY_SIZE + 6 * inputs);
  const series = rows * (3 * channels + params.latent + 8);
  return { windows, weights, bytes: 4 * (floats + reference + series), steps: stepsOf(params, rows, channels) };
}
