import type { PreparedSeries } from '../../prepare/prepared';
import { countWeights } from '../../tensor/weights';
import type { Detector, DetectorInfo, DetectorSize, RunContext, TrainedDetector } from '../detector';
import { causalScore } from '../shared/aggregate';
import { splitTraining } from '../shared/split';
import { quantile } from '../shared/windows';
import { Reader, scoredWindows } from './dire';
import { latentShape } from './latent';
import type { GanLoss } from './losses';
import { lossOfRows, restoreModel, trainedFrom, type GanModel } from './model';
import { discriminatorSpecs, generatorSpecs } from './network';
import { presets, propose, spanOf, specs, strideOf, type GanParams } from './params';
import type { RowLosses } from './row-means';
import { trainGan } from './training';

/** Most windows of the tail that are searched for the statistics of normal rows. */
const TAIL_WINDOWS = 4096;
/** Standard deviations below this share of the mean would let one part of the score drown the other. */
const SMALLEST_SCALE = 1e-6;

/** What the GANs of the product have in common; they differ in name and loss. */
export function ganDetector(
  names: Pick<DetectorInfo, 'id' | 'title' | 'summary' | 'whenItFails' | 'source'>,
  loss: GanLoss,
): Detector<GanParams> {
  const info: DetectorInfo = {
    ...names,
    ...{ formatVersion: 1, channels: 'any', params: specs, presets, trainsOn: ['tensorflow', 'wasm'] },
    warmUp: (params) => spanOf(params as GanParams) - 1,
  };
  return {
    info,
    async train(data, params, run) {
      const split = splitTraining(data.segments, data.timestamps.length, splitShape(params));
      const tf = await run.tensorflow();
      const { weights, history } = await trainGan(tf, data, split, params, loss, run);
      const reader = new Reader(tf, run.fusedLstm, weights, data.channels.length, params);
      try {
        const normal = await normalRows(reader, data, split.tailFrom, params, run);
        const model: GanModel = { params, channels: data.channels, weights, history, ...normal };
        return trainedFrom(tf, run.fusedLstm, info, model);
      } finally {
        reader.dispose();
      }
    },
    async restore(artifact, run): Promise<TrainedDetector> {
      return trainedFrom(await run.tensorflow(), run.fusedLstm, info, restoreModel(info, artifact));
    },
    size,
    propose,
  };
}

function splitShape(params: GanParams) {
  return { window: params.window, span: spanOf(params), what: `windows of ${spanOf(params)} samples` };
}

/** What held-out normal rows say: the scale of each part of the score, the expected band and the scores themselves. */
async function normalRows(
  reader: Reader,
  data: PreparedSeries,
  tailFrom: number,
  params: GanParams,
  run: RunContext,
): Promise<Pick<GanModel, 'scales' | 'halfWidth' | 'normalScores'>> {
  const { window } = params;
  const ends = scoredWindows(data.segments, window, strideOf(params), tailFrom).slice(-TAIL_WINDOWS);
  const losses = await reader.read(data, ends, run);
  const rows = Int32Array.from(losses.residual.keys()).filter((row) => !Number.isNaN(losses.residual[row]!));
  const scales = Float32Array.of(deviation(losses.residual, rows), deviation(losses.discrimination, rows));
  const from = ends[0]! - window + 1;
  const held = data.segments
    .map(({ start, end }) => ({ start: Math.max(start, from), end }))
    .filter(({ start, end }) => end > start);
  const scores = causalScore(lossOfRows(losses, scales, params), { segments: held }, window, spanOf(params));
  return { scales, halfWidth: halfWidthOf(losses, data, rows), normalScores: scores.filter((score) => !Number.isNaN(score)) };
}

function deviation(values: Float64Array, rows: Int32Array): number {
  let [sum, squares] = [0, 0];
  for (const row of rows) sum += values[row]!;
  const mean = sum / rows.length;
  for (const row of rows) squares += (values[row]! - mean) ** 2;
  return Math.max(Math.sqrt(squares / rows.length), SMALLEST_SCALE * Math.max(1, Math.abs(mean)));
}

/** 99 % quantile of |x − expected| of each channel, [c]. */
function halfWidthOf({ expected }: RowLosses, { values, channels }: PreparedSeries, rows: Int32Array): Float32Array {
  const c = channels.length;
  return Float32Array.from(channels, (_, j) =>
    quantile(
      Float64Array.from(rows, (row) => Math.abs(values[row * c + j]! - expected[row * c + j]!)),
      0.99,
    ),
  );
}

function size(rows: number, channels: number, params: GanParams): DetectorSize {
  const { window, hidden, batch, starts, steps } = params;
  const weights = countWeights([...generatorSpecs(channels, params), ...discriminatorSpecs(channels, params)]);
  const windows = splitTraining([{ start: 0, end: rows }], rows, splitShape(params)).trainWindows.length;
  // Seven states a cell and their gradients, of real and generated windows; the search of a block keeps as much for each start.
  const cells = 14 * window * hidden * Math.max(2 * batch, 256 * starts);
  const searches = 8 * 256 * starts * (latentShape(params).width + window * channels);
  const series = rows * (3 * channels + 6);
  return { windows, weights, bytes: 4 * (10 * weights + cells + searches + series), steps };
}
