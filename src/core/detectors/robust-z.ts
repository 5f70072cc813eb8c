import { FaultlineError } from '../errors';
import type { PreparedSeries } from '../prepare/prepared';
import { LARGEST_SCORE, type Scores } from '../scoring/scores';
import type { WeightSpec } from '../tensor/weights';
import type { Detector, DetectorInfo, ModelArtifact, RunContext, TrainedDetector } from './detector';
import type { ParamSpecs, ParamsOf } from './params';
import { openArtifact, requireSameChannels, toArtifact } from './shared/model';
import { quantile } from './shared/windows';

const specs = {
  combine: {
    kind: 'choice',
    default: 'max',
    choices: [
      { value: 'max', title: 'Largest: one tag out of range is enough' },
      { value: 'rms', title: 'Root mean square: all tags count' },
    ],
    title: 'Combination of tags',
    help: 'How the distances of the tags become one score.',
  },
} as const satisfies ParamSpecs;

export type RobustZParams = ParamsOf<typeof specs>;

/** 0.75 quantile of the standard normal: makes the MAD an estimate of the standard deviation. */
const NORMAL_Q75 = 0.674489750196082;
/** A channel whose MAD is 0 (over half of its rows are equal) is measured in the scaler's own unit, one standard deviation. */
const NEUTRAL_SPREAD = 1;
const MIN_ROWS = 20;
/** The last part of the training rows is kept out of the fit for scores of normal data. */
const HELD_OUT_SHARE = 0.2;
/** Rows between two looks at whether to stop. */
const BLOCK = 65_536;

interface Model {
  readonly params: RobustZParams;
  readonly channels: readonly string[];
  /** [c] scaled units */
  readonly median: Float32Array;
  readonly spread: Float32Array;
  readonly halfWidth: Float32Array;
  readonly normalScores: Float32Array;
}

const info: DetectorInfo = {
  id: 'robust-z',
  formatVersion: 1,
  title: 'Robust z-score',
  summary:
    'Distance of each value from the median in robust standard deviations. The baseline: trains in an instant and finds values that ' +
    'leave their usual range.',
  whenItFails:
    'It sees neither order nor rhythm: a wrong value inside the usual range, a stuck sensor or a slow drift stays unseen.',
  channels: 'any',
  params: specs,
  warmUp: () => 0,
  source: 'Iglewicz and Hoaglin 1993, How to Detect and Handle Outliers (modified z-score)',
};

/**
 * Robust z: score is the largest |x − median| / spread over the channels, or its root mean square. Median and MAD come from the first 80 %
 * of the training rows; the last 20 % give the scores of normal data and the expected band.
 */
export const robustZ: Detector<RobustZParams> = {
  info,
  async train(data, params, run) {
    const n = data.timestamps.length;
    if (n < MIN_ROWS) {
      throw new FaultlineError(
        'detector/too-little-data',
        `The training period has ${n} usable rows; ${info.title} needs at least ${MIN_ROWS}. Choose a longer period.`,
        { rows: n, needed: MIN_ROWS },
      );
    }
    const c = data.channels.length;
    const fitRows = n - Math.ceil(HELD_OUT_SHARE * n);
    const column = (j: number, from: number, to: number): Float64Array =>
      Float64Array.from({ length: to - from }, (_, i) => data.values[(from + i) * c + j]!);
    const median = new Float32Array(c);
    const spread = new Float32Array(c);
    const halfWidth = new Float32Array(c);
    for (let j = 0; j < c; j++) {
      await run.checkpoint();
      const values = column(j, 0, fitRows);
      const middle = quantile(values, 0.5);
      const mad = quantile(
        values.map((value) => Math.abs(value - middle)),
        0.5,
      );
      median[j] = middle;
      spread[j] = mad > 0 ? mad / NORMAL_Q75 : NEUTRAL_SPREAD;
      halfWidth[j] = quantile(
        column(j, fitRows, n).map((value) => Math.abs(value - middle)),
        0.99,
      );
    }
    const model = { params, channels: data.channels, median, spread, halfWidth, normalScores: new Float32Array(0) };
    const { score } = await scoreRows(model, data, fitRows, run);
    return trained({ ...model, normalScores: score.slice(fitRows) });
  },
  restore(artifact) {
    return Promise.resolve(trained(restore(artifact)));
  },
  size(rows, channels) {
    return { windows: rows, weights: 2 * channels, bytes: 8 * 3 * rows + 4 * rows * channels, steps: 0 };
  },
};

function trained(model: Model): TrainedDetector {
  return {
    history: [],
    normalScores: model.normalScores,
    parameterCount: 2 * model.channels.length,
    score(data, run) {
      requireSameChannels(model.channels, data.channels);
      return scoreRows(model, data, 0, run);
    },
    save: () => Promise.resolve(save(model)),
    dispose: () => undefined,
  };
}

async function scoreRows(model: Model, data: PreparedSeries, from: number, run: RunContext): Promise<Scores> {
  const c = data.channels.length;
  const n = data.timestamps.length;
  const score = new Float32Array(n).fill(Number.NaN);
  const byChannel = new Float32Array(n * c).fill(Number.NaN);
  const expected = new Float32Array(n * c).fill(Number.NaN);
  for (const { start, end } of data.segments) {
    for (let row = Math.max(from, start); row < end; row++) {
      if (row % BLOCK === 0) await run.checkpoint();
      let largest = 0;
      let squares = 0;
      for (let j = 0; j < c; j++) {
        const z = Math.abs(data.values[row * c + j]! - model.median[j]!) / model.spread[j]!;
        largest = Math.max(largest, z);
        squares += z * z;
        byChannel[row * c + j] = z * z;
        expected[row * c + j] = model.median[j]!;
      }
      score[row] = Math.min(LARGEST_SCORE, model.params.combine === 'max' ? largest : Math.sqrt(squares / c));
      for (let j = 0; j < c; j++) byChannel[row * c + j] = squares > 0 ? byChannel[row * c + j]! / squares : 1 / c;
    }
  }
  await run.checkpoint();
  run.report({ stage: 'score', done: n, total: n, unit: 'rows' });
  return { score, byChannel, expected, expectedHalfWidth: model.halfWidth };
}

function arraySpecs(channels: number, normalScores: number): WeightSpec[] {
  return [
    { name: 'median', shape: [channels] },
    { name: 'spread', shape: [channels] },
    { name: 'half-width', shape: [channels] },
    { name: 'normal-scores', shape: [normalScores] },
  ];
}

function save({ params, channels, median, spread, halfWidth, normalScores }: Model): ModelArtifact {
  const values = [median, spread, halfWidth, normalScores];
  const arrays = arraySpecs(channels.length, normalScores.length).map((spec, i) => ({ ...spec, values: values[i]! }));
  return toArtifact(info, { params, channels, arrays, counts: { normalScores: normalScores.length } });
}

function restore(artifact: ModelArtifact): Model {
  const stored = openArtifact(info, specs, artifact);
  const { params, channels } = stored;
  const get = stored.arrays(arraySpecs(channels.length, stored.count('normalScores')));
  return {
    ...{ params, channels, median: get('median'), spread: get('spread') },
    ...{ halfWidth: get('half-width'), normalScores: get('normal-scores') },
  };
}
