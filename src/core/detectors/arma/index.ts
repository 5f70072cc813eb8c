import type { Detector, DetectorInfo, TrainedDetector } from '../detector';
import { heldOut, onlyRows } from '../shared/held-out';
import { requireSameChannels } from '../shared/model';
import type { Fitted } from './fit';
import { fitTags, fittedRows, warmUpOf } from './fit-tags';
import { parameterCount, restore, save, type Model } from './model';
import { specs, type ArmaParams } from './params';
import { forecastRows, scoresOf, type Forecasts } from './score';

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

/** ARMA(p, q), one model a tag; the score is the largest one-step forecast error of the tags in standard deviations, or their root mean square. */
export const arma: Detector<ArmaParams> = {
  info,
  async train(data, params, run) {
    const { coefficients, fits, heldFrom } = await fitTags(data, params, `ARMA(${params.p}, ${params.q})`, run);
    const rows = data.timestamps.length;
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
    const fitted = fittedRows(rows, params);
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
