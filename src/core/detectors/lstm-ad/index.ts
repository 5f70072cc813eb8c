import { FaultlineError } from '../../errors';
import { openForgetGates, stackSpecs } from '../../tensor/lstm-stack';
import type { WeightSpec } from '../../tensor/weights';
import type { TensorFlow } from '../detector';
import { networkDetector, type Calibration, type Trained } from '../shared/network-detector';
import type { WindowReader } from '../shared/score-windows';
import { reachOfRows } from '../shared/window-params';
import { fitWhitening, Whitener } from '../shared/whitening';
import { chunksOf, gatherWindows, spread } from '../shared/windows';
import { CHUNK_VALUES, Forecaster, forecastStage } from './network';
import { aheadOf, presets, propose, shapeOf, specs, type LstmAdParams } from './params';

/** Error vectors without which a Gaussian is not worth fitting. */
const LEAST_ERRORS = 20;
/** The Gaussian inverts a matrix of this many rows: more would take minutes and gigabytes. */
const MOST_ERRORS_WIDE = 2048;
/** Values of the error vectors that fit the Gaussian: of more, evenly spaced ones do. */
const FIT_VALUES = 8_000_000;

/** Stacked LSTM that forecasts; how unusual its errors are under a Gaussian of normal errors. */
export const lstmAd = networkDetector<LstmAdParams>({
  info: {
    id: 'lstm-ad',
    title: 'LSTM-AD',
    summary:
      'Forecasts the next samples of all signals and compares the errors with those of normal rows. The right choice where the next ' +
      'samples follow from the last ones; it reacts at once and shows what was expected.',
    whenItFails:
      'What is easy to forecast stays unseen: a slow drift, a stuck value. Noisy signals leave large normal errors in which small ' +
      'faults hide, and after a change of the operating mode every forecast is off.',
    presets,
    source: 'Malhotra, Vig, Shroff and Agarwal 2015, Long Short Term Memory Networks for Anomaly Detection in Time Series',
  },
  specs,
  propose,
  reach: reachOfRows,
  weights(params, channels) {
    requireWidth(params, channels);
    return stackSpecs('lstm', shapeOf(params, channels));
  },
  prepare: openForgetGates,
  stage: (tf, data, split, params, run) => forecastStage(tf, data, split, params, run.fusedLstm, run.random),
  calibration: gaussian(),
  open: openLstmAd,
  workspace(params, channels) {
    const width = aheadOf(params) * channels;
    const step = params.batch * params.window * (channels + 16 * params.hidden * params.layers + 4 * width);
    return Math.max(step, 2 * CHUNK_VALUES + FIT_VALUES + 5 * width * width);
  },
});

/** Mean and shrunk covariance of the error vectors of rows that the network was not trained on. */
function gaussian(): Calibration<LstmAdParams> {
  return {
    least: LEAST_ERRORS,
    arrays(params, channels): WeightSpec[] {
      const width = aheadOf(params) * channels;
      return [
        { name: 'errors/mean', shape: [width] },
        { name: 'errors/inverse', shape: [width, width] },
        { name: 'errors/variance', shape: [width] },
      ];
    },
    async fit(tf, trained, data, ends, run) {
      const width = aheadOf(trained.params) * trained.channels;
      const rows = spread(ends, Math.max(LEAST_ERRORS, Math.floor(FIT_VALUES / width)));
      const errors = new Float32Array(rows.length * width);
      const forecaster = new Forecaster(tf, run.fusedLstm, trained);
      let at = 0;
      try {
        for (const part of chunksOf(rows, forecaster.chunk)) {
          await run.checkpoint();
          errors.set(forecaster.errors(gatherWindows(data, trained.params.window, part)), at);
          at += part.length * width;
        }
      } finally {
        forecaster.dispose();
      }
      const all = Int32Array.from(rows, (_, i) => i);
      const { mean, inverse, variance } = fitWhitening(tf, errors, width, all);
      return { 'errors/mean': mean, 'errors/inverse': inverse, 'errors/variance': variance };
    },
  };
}

/**
 * Score of a row from the vector e of its l forecasts' errors in all channels, with the Gaussian N(μ, Σ) of normal ones:
 * d² = (e − μ)ᵀ Σ⁻¹ (e − μ). `distance` is the root of d² a forecast and channel, 1 on average for normal rows; `likelihood` is the negative
 * log likelihood a forecast without its constant, d²/2l. What was expected of a row is its forecast one ahead; a channel's part is its
 * errors' energy in units of their normal variance.
 *
 * @see Malhotra et al. 2015, section 2.
 */
function openLstmAd(tf: TensorFlow, fused: boolean, trained: Trained<LstmAdParams>): WindowReader {
  const { params, channels: c, fitted } = trained;
  const ahead = aheadOf(params);
  const width = ahead * c;
  const [mean, inverse, variance] = ['mean', 'inverse', 'variance'].map((name) => fitted[`errors/${name}`]!) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const forecaster = new Forecaster(tf, fused, trained);
  const whitener = new Whitener(tf, { mean, inverse, variance });
  return {
    chunk: forecaster.chunk,
    read(windows) {
      const errors = forecaster.errors(windows);
      const white = whitener.apply(errors);
      const count = errors.length / width;
      const points = new Float64Array(count);
      const energy = new Float64Array(count * c);
      const expected = new Float32Array(count * c);
      for (let i = 0; i < count; i++) {
        let squares = 0;
        for (let k = 0; k < width; k++) {
          const at = i * width + k;
          squares += white[at]! ** 2;
          energy[i * c + (k % c)]! += (errors[at]! - mean[k]!) ** 2 / variance[k]!;
        }
        points[i] = params.score === 'distance' ? Math.sqrt(squares / width) : squares / (2 * ahead);
        const last = ((i + 1) * params.window - 1) * c;
        for (let j = 0; j < c; j++) expected[i * c + j] = windows[last + j]! - errors[i * width + j]!;
      }
      return { points, energy, expected };
    },
    dispose() {
      forecaster.dispose();
      whitener.dispose();
    },
  };
}

function requireWidth(params: LstmAdParams, channels: number): void {
  const ahead = aheadOf(params);
  if (ahead * channels <= MOST_ERRORS_WIDE) return;
  throw new FaultlineError(
    'detector/bad-params',
    `The errors of ${ahead} forecasts of ${channels} tags are ${ahead * channels} numbers a row; at most ${MOST_ERRORS_WIDE} can be ` +
      'compared with normal ones. Forecast fewer samples or choose fewer tags.',
    { width: ahead * channels, most: MOST_ERRORS_WIDE },
  );
}
