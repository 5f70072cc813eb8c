import { FaultlineError } from '../../errors';
import type { PreparedSeries } from '../../prepare/prepared';
import type { Detector, DetectorInfo, RunContext, TrainedDetector } from '../detector';
import { heldOut, onlyRows } from '../shared/held-out';
import { requireSameChannels } from '../shared/model';
import { fitArma, fitByAic, type Fitted } from './fit';
import { parameterCount, restore, save, type Model } from './model';
import { settleRows, spanOf, specs, type ArmaParams } from './params';
import { forecastRows, scoresOf, type Forecasts } from './score';

/**
 * The last part of the training rows, at least one and a half spans, is not fitted: its forecast errors give the scale, the band and the
 * scores of normal rows.
 */
const HELD_OUT_SHARE = 0.2;
const HELD_OUT_SPANS = 1.5;
/** Rows for each coefficient, below which estimates mean nothing. */
const ROWS_PER_COEFFICIENT = 10;
/** Forecast errors below this are rounding of the scaled float32 values. */
const SMALLEST_SCALE = 1e-6;

const info: DetectorInfo = {
  id: 'arma',
  formatVersion: 1,
  title: 'ARMA forecast',
  summary:
    'Forecasts each tag from its last values and last surprises, and scores the surprise in standard deviations. Fast, old and easy to ' +
    'explain; finds sudden jumps and spikes.',
  whenItFails:
    'It follows whatever came last: a fault surprises it for a few samples only, slow drifts and stuck values hardly at all, and it sees ' +
    'neither long rhythms nor how tags depend on each other.',
  channels: 'any',
  params: specs,
  presets: [
    { id: 'fast', help: 'Autoregression only.', params: { q: 0 } },
    { id: 'balanced', help: 'ARMA(3, 2) by least conditional squares.', params: {} },
    { id: 'paper', help: 'ARMA(3, 2) by the exact likelihood.', params: { estimation: 'exact' } },
  ],
  warmUp: (params) => warmUpOf(params as ArmaParams),
  source: 'Box and Jenkins 1970; start after Hannan and Rissanen 1982; exact likelihood and filter after Harvey 1989',
};

function warmUpOf(params: ArmaParams): number {
  return settleRows(params) + spanOf(params) - 1;
}

/** ARMA(p, q), one model a tag; the score is the largest one-step forecast error of the tags in standard deviations, or their root mean square. */
export const arma: Detector<ArmaParams> = {
  info,
  async train(data, params, run) {
    const { fitFrom, heldFrom } = cut(data, params);
    const rows = data.timestamps.length;
    const c = data.channels.length;
    const fitted = onlyRows(data, fitFrom, heldFrom);
    const fits: Fitted[] = [];
    for (let j = 0; j < c; j++) {
      fits.push(await fitTag(runsOf(fitted, j, params.differences), params, run));
      run.report({ stage: 'fit', done: j + 1, total: c, unit: 'tags' });
    }
    const coefficients = {
      params,
      channels: data.channels,
      ar: flatten(fits, params.p, ({ arPartial }) => arPartial),
      ma: flatten(fits, params.q, ({ maPartial }) => maPartial),
      mean: Float32Array.from(fits, ({ mean }) => mean),
    };
    const held = onlyRows(data, heldFrom);
    const forecasts = await forecastRows(coefficients, held, run);
    const scaleFrom = (from: number, to: number): Float32Array => scaleOf(forecasts, fits, from, to);
    // Each half of the held-out rows is measured by the errors of the other: no error is part of the scale it is divided by.
    const middle = Math.floor((heldFrom + rows) / 2);
    const { score } = scoresOf(forecasts, scaleFrom(middle, rows), params, held);
    score.set(scoresOf(forecasts, scaleFrom(heldFrom, middle), params, held).score.subarray(middle), middle);
    const { normalScores, halfWidth } = heldOut(held, { score, expected: forecasts.expected });
    return trained({ ...coefficients, scale: scaleFrom(heldFrom, rows), halfWidth, normalScores });
  },
  restore: (artifact) => Promise.resolve(trained(restore(info, artifact))),
  size(rows, channels, params) {
    const fitted = Math.max(0, Math.min(params.fitRows, rows - heldOutRows(rows, params)));
    // Values, errors, expectations and shares of every row, and one tag's rows in float64.
    return {
      ...{ windows: fitted, weights: parameterCount(params, channels), steps: 0 },
      bytes: rows * channels * 16 + 24 * rows + 16 * fitted,
    };
  },
};

function trained(model: Model): TrainedDetector {
  return {
    history: [],
    normalScores: model.normalScores,
    parameterCount: parameterCount(model.params, model.channels.length),
    async score(data, run) {
      requireSameChannels(model.channels, data.channels);
      const forecasts = await forecastRows(model, data, run);
      const rows = data.timestamps.length;
      run.report({ stage: 'score', done: rows, total: rows, unit: 'rows' });
      const scores = scoresOf(forecasts, model.scale, model.params, data);
      return { ...scores, expected: forecasts.expected, expectedHalfWidth: model.halfWidth };
    },
    save: () => Promise.resolve(save(info, model)),
    dispose: () => undefined,
  };
}

function heldOutRows(rows: number, params: ArmaParams): number {
  return Math.max(Math.ceil(HELD_OUT_SHARE * rows), Math.ceil(HELD_OUT_SPANS * spanOf(params)) + settleRows(params));
}

/** First row that is fitted and first that is held out. @throws FaultlineError 'detector/too-little-data' */
function cut(data: PreparedSeries, params: ArmaParams): { fitFrom: number; heldFrom: number } {
  const rows = data.timestamps.length;
  const heldFrom = rows - heldOutRows(rows, params);
  const fitFrom = Math.max(0, heldFrom - params.fitRows);
  const known = (from: number, to: number, lost: number): number =>
    onlyRows(data, from, to).segments.reduce((sum, { start, end }) => sum + Math.max(0, end - start - lost), 0);
  const [settle, lost] = [settleRows(params), warmUpOf(params)];
  const fitNeeded = ROWS_PER_COEFFICIENT * (params.p + params.q + 2) + settle;
  if (known(fitFrom, heldFrom, settle) < fitNeeded - settle || known(heldFrom, rows, lost) === 0) {
    const needed = Math.max(Math.ceil(fitNeeded / (1 - HELD_OUT_SHARE)) + 1, fitNeeded + heldOutRows(0, params));
    throw new FaultlineError(
      'detector/too-little-data',
      `The training period has ${rows} usable rows; ARMA(${params.p}, ${params.q}) needs at least ${needed}, and in its last part a run ` +
        `without a gap of more than ${lost} rows. Choose a longer period, a lower order or a shorter span.`,
      { rows, needed, gapFreeRows: lost + 1 },
    );
  }
  return { fitFrom, heldFrom };
}

/** Gap-free runs of w: the values of a tag, or their changes. */
function runsOf({ segments, channels, values }: PreparedSeries, j: number, differences: number): Float64Array[] {
  const value = (row: number): number => values[row * channels.length + j]!;
  return segments
    .filter(({ start, end }) => end - start > differences)
    .map(({ start, end }) =>
      Float64Array.from({ length: end - start - differences }, (_, i) =>
        differences === 0 ? value(start + i) : value(start + i + 1) - value(start + i),
      ),
    );
}

function fitTag(runs: readonly Float64Array[], params: ArmaParams, run: RunContext): Promise<Fitted> {
  const fit = params.order === 'aic' ? fitByAic : fitArma;
  return fit(runs, params, params.estimation, run.checkpoint);
}

/** [c, width], zeros where the chosen order is lower. */
function flatten(fits: readonly Fitted[], width: number, get: (fit: Fitted) => Float64Array): Float32Array {
  const result = new Float32Array(fits.length * width);
  fits.forEach((fit, j) => result.set(get(fit), j * width));
  return result;
}

/**
 * [c] root mean square of the errors of some rows. Where there are none or they do not differ from 0, that of the fitted rows; for a tag
 * that never moved, the scaler's own unit, one standard deviation.
 */
function scaleOf({ errors }: Forecasts, fits: readonly Fitted[], from: number, to: number): Float32Array {
  const c = fits.length;
  return Float32Array.from(fits, ({ sigma }, j) => {
    let [squares, count] = [0, 0];
    for (let at = from * c + j; at < to * c; at += c) {
      const error = errors[at]!;
      if (Number.isNaN(error)) continue;
      squares += error * error;
      count++;
    }
    const scale = squares > 0 ? Math.sqrt(squares / count) : sigma;
    return scale === 0 ? 1 : Math.max(scale, SMALLEST_SCALE);
  });
}
