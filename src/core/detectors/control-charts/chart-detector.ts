import { FaultlineError } from '../../errors';
import type { PreparedSeries } from '../../prepare/prepared';
import { LARGEST_SCORE, type Scores } from '../../scoring/scores';
import { countWeights, type WeightSpec } from '../../tensor/weights';
import { fitTags, fittedRows, highestOrder, warmUpOf } from '../arma/fit-tags';
import { forecastRows, type Forecasts } from '../arma/score';
import type { Detector, DetectorInfo, RunContext, TrainedDetector } from '../detector';
import type { ParamSpecs } from '../params';
import { writeEnergyShares } from '../shared/aggregate';
import { momentsOf, referenceOf, standardised } from '../shared/covariance';
import { heldOut, onlyRows } from '../shared/held-out';
import { openArtifact, requireSameChannels, toArtifact } from '../shared/model';
import { invertedTransposedCholesky } from '../shared/whitening';
import type { Chart } from './charts';
import { chartSpecs, forecastOf, type ChartParams } from './params';

/** A statistic of forecast errors and the limit that keeps the run length; all the rest of a chart follows. */
export interface ChartMethod<P extends ChartParams> {
  readonly info: Omit<DetectorInfo, 'formatVersion' | 'channels' | 'params' | 'warmUp'>;
  readonly specs: ParamSpecs;
  /** Limit of one tag's chart. @param arl0 - rows that this one is to run. */
  readonly limitOfEach: (params: P, arl0: number) => number;
  /** Limit of the chart of all tags. */
  readonly limitOfAll: (params: P, tags: number) => number;
  readonly chartOfEach: (params: P, limit: number, tags: number) => Chart;
  /** @param inverse - [c, c] G⁻ᵀ of the errors' correlation GGᵀ. */
  readonly chartOfAll: (params: P, limit: number, inverse: Float32Array, tags: number) => Chart;
}

/** Forecast errors below this are rounding of the scaled float32 values. */
const SMALLEST_SCALE = 1e-6;
/** Weight of the identity in the correlation of the errors: few rows or tags that follow each other must not blow it up. */
const SHRINKAGE = 0.1;
/** One chart of more tags than this has a correlation that no training part can settle, and limits that take minutes. */
const MOST_TOGETHER = 200;
/** Keeps squares and sums finite; more cannot be said of any value. */
const LARGEST_ERROR = 1e30;
/** Rows between two looks at whether to stop. */
const BLOCK = 8192;

/** Everything is float32, because it is stored: a restored model must give the same bits. */
interface Model<P> {
  readonly params: P;
  readonly channels: readonly string[];
  /** [c, p], [c, q] and [c] of the forecast, as in `arma`. */
  readonly ar: Float32Array;
  readonly ma: Float32Array;
  readonly mean: Float32Array;
  /** [c] standard deviation of the forecast errors, scaled units. */
  readonly scale: Float32Array;
  /** [c, c] of the chart of all tags; empty otherwise. */
  readonly inverse: Float32Array;
  /** [1] */
  readonly limit: Float32Array;
  readonly halfWidth: Float32Array;
  readonly normalScores: Float32Array;
}

/** What a chart is drawn with. */
type Chartable<P> = Omit<Model<P>, 'halfWidth' | 'normalScores'>;

/**
 * The detector of a chart: one short forecast a tag, its errors in standard deviations, the chart's statistic in units of its control limit.
 * The first 80 % of the training rows are fitted; the chart of the others gives the scores of normal rows.
 */
export function chartDetector<P extends ChartParams>(method: ChartMethod<P>): Detector<P> {
  const { specs } = method;
  const info: DetectorInfo = {
    ...method.info,
    ...{ formatVersion: 1, channels: 'any', params: specs },
    warmUp: (params) => warmUpOf(forecastOf(params as P)),
  };

  const score = async (
    model: Chartable<P>,
    data: PreparedSeries,
    { errors, expected }: Forecasts,
    run: RunContext,
  ): Promise<Scores> => {
    const { params, channels, inverse } = model;
    const c = channels.length;
    const limit = model.limit[0]!;
    const all = params.combine === 'together';
    const chart = all ? method.chartOfAll(params, limit, inverse, c) : method.chartOfEach(params, limit, c);
    const score = new Float32Array(data.timestamps.length).fill(Number.NaN);
    const byChannel = new Float32Array(data.values.length).fill(Number.NaN);
    const row = new Float64Array(c);
    const parts = new Float64Array(c);
    for (const { start, end } of data.segments) {
      chart.restart();
      for (let i = start; i < end; i++) {
        if ((i - start) % BLOCK === 0) await run.checkpoint();
        if (Number.isNaN(errors[i * c]!)) continue;
        for (let j = 0; j < c; j++)
          row[j] = Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, errors[i * c + j]! / model.scale[j]!));
        score[i] = Math.min(LARGEST_SCORE, chart.next(row, parts) / limit);
        writeEnergyShares(parts, byChannel, i * c);
      }
    }
    return { score, byChannel, expected };
  };

  const trained = (model: Model<P>): TrainedDetector => ({
    history: [],
    normalScores: model.normalScores,
    parameterCount: countWeights(weightSpecs(model.params, model.channels.length)),
    async score(data, run) {
      requireSameChannels(model.channels, data.channels);
      const scores = await score(model, data, await forecastRows(coefficientsOf(model), data, run), run);
      const rows = data.timestamps.length;
      run.report({ stage: 'score', done: rows, total: rows, unit: 'rows' });
      return { ...scores, expectedHalfWidth: model.halfWidth };
    },
    save() {
      const { params, channels, normalScores } = model;
      const values = [...valuesOf(model), model.halfWidth, normalScores];
      const arrays = storedSpecs(params, channels.length, normalScores.length).map((spec, i) => ({ ...spec, values: values[i]! }));
      return Promise.resolve(toArtifact(info, { params, channels, arrays, counts: { normalScores: normalScores.length } }));
    },
    dispose: () => undefined,
  });

  return {
    info,
    // A short training part has no rows for many coefficients; a forecast from fewer values is better than none.
    propose: ({ trainRows }) => ({ order: Math.min(chartSpecs.order.default, highestOrder(trainRows)) }),
    async train(data, params, run) {
      const c = data.channels.length;
      const all = params.combine === 'together';
      if (all && c > MOST_TOGETHER) refuseTags(info.title, c);
      const { coefficients, fits, fitFrom, heldFrom } = await fitTags(data, forecastOf(params), info.title, run);
      const scale = Float32Array.from(fits, ({ sigma }) => (sigma === 0 ? 1 : Math.max(sigma, SMALLEST_SCALE)));
      const fitted = onlyRows(data, fitFrom, heldFrom);
      const inverse = all
        ? await whiteningOf((await forecastRows(coefficients, fitted, run)).errors, scale, run)
        : new Float32Array(0);
      const limit = all ? method.limitOfAll(params, c) : method.limitOfEach(params, runLengthOfEach(params.arl0, c));
      const model = {
        ...{ params, channels: data.channels, ar: coefficients.ar, ma: coefficients.ma, mean: coefficients.mean },
        ...{ scale, inverse, limit: Float32Array.of(limit) },
      };
      const held = onlyRows(data, heldFrom);
      const normal = heldOut(held, await score(model, held, await forecastRows(coefficients, held, run), run));
      run.report({ stage: 'fit', done: c, total: c, unit: 'tags', log: crossings(params, limit, normal.normalScores) });
      await run.checkpoint();
      return trained({ ...model, ...normal });
    },
    restore(artifact) {
      const stored = openArtifact(info, specs, artifact);
      const params = stored.params as P;
      const { channels } = stored;
      const get = stored.arrays(storedSpecs(params, channels.length, stored.count('normalScores')));
      return Promise.resolve(
        trained({
          ...{ params, channels, ar: get('ar-partial'), ma: get('ma-partial'), mean: get('mean'), scale: get('scale') },
          ...{ inverse: get('inverse'), limit: get('limit'), halfWidth: get('half-width'), normalScores: get('normal-scores') },
        }),
      );
    },
    size(rows, channels, params) {
      // Values, errors, expectations and shares of every row, one tag's rows in float64, and the correlation.
      const fitted = fittedRows(rows, forecastOf(params));
      const square = params.combine === 'together' ? channels * channels : 0;
      return {
        ...{ windows: fitted, weights: countWeights(weightSpecs(params, channels)), steps: 0 },
        bytes: rows * channels * 16 + 8 * rows + 16 * fitted + 24 * square,
      };
    },
  };
}

function coefficientsOf<P extends ChartParams>({ params, channels, ar, ma, mean }: Model<P>) {
  return { params: forecastOf(params), channels, ar, ma, mean };
}

/** Rows that each of several charts must run for all of them to run `arl0` rows, where the tags do not depend on each other; longer otherwise. */
export function runLengthOfEach(arl0: number, tags: number): number {
  return -1 / Math.expm1(Math.log1p(-1 / arl0) / tags);
}

/** G⁻ᵀ [c, c] of the shrunk correlation of errors [n, c]; NaN rows do not count. */
async function whiteningOf(errors: Float32Array, scale: Float32Array, run: RunContext): Promise<Float32Array> {
  const c = scale.length;
  const known = Int32Array.from(
    Array.from({ length: errors.length / c }, (_, row) => row).filter((row) => !Number.isNaN(errors[row * c]!)),
  );
  const rows = new Float32Array(known.length * c);
  known.forEach((row, i) => rows.set(errors.subarray(row * c, (row + 1) * c), i * c));
  const reference = referenceOf(rows, c);
  const everything = Int32Array.from(known, (_, i) => i);
  const { covariance } = standardised(await momentsOf(rows, c, everything, reference, run.checkpoint), reference);
  const shrunk = covariance.map((value, at) => (1 - SHRINKAGE) * value + (at % (c + 1) === 0 ? SHRINKAGE : 0));
  return Float32Array.from(invertedTransposedCholesky(shrunk, c));
}

function crossings({ arl0 }: ChartParams, limit: number, scores: Float32Array): string {
  let count = 0;
  scores.forEach((score, row) => (count += score >= 1 && !(scores[row - 1]! >= 1) ? 1 : 0));
  return (
    `Control limit ${limit.toPrecision(4)} for one false alarm in ${arl0} independent rows; it was crossed ${count} times in ` +
    `${scores.length} training rows kept out.`
  );
}

function weightSpecs<P extends ChartParams>(params: P, channels: number): WeightSpec[] {
  const { p, q } = forecastOf(params);
  const square = params.combine === 'together' ? channels : 0;
  return [
    { name: 'mean', shape: [channels] },
    { name: 'scale', shape: [channels] },
    { name: 'ar-partial', shape: [channels, p] },
    { name: 'ma-partial', shape: [channels, q] },
    { name: 'inverse', shape: [square, square] },
    { name: 'limit', shape: [1] },
  ];
}

function valuesOf<P>({ mean, scale, ar, ma, inverse, limit }: Chartable<P>): Float32Array[] {
  return [mean, scale, ar, ma, inverse, limit];
}

function storedSpecs<P extends ChartParams>(params: P, channels: number, normalScores: number): WeightSpec[] {
  return [
    ...weightSpecs(params, channels),
    { name: 'half-width', shape: [channels] },
    { name: 'normal-scores', shape: [normalScores] },
  ];
}

function refuseTags(title: string, tags: number): never {
  throw new FaultlineError(
    'detector/bad-params',
    `${title} takes at most ${MOST_TOGETHER} tags in one chart, and there are ${tags}. Choose a chart a tag, or fewer tags.`,
    { tags, most: MOST_TOGETHER },
  );
}
