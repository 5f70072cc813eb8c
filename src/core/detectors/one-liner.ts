import { FaultlineError } from '../errors';
import type { PreparedSeries } from '../prepare/prepared';
import { oneLinerTitles, usualWindow, visitPlain, type PlainId } from '../referee/one-liners';
import { LARGEST_SCORE, type Scores } from '../scoring/scores';
import type { WeightSpec } from '../tensor/weights';
import type { Detector, DetectorInfo, RunContext, TrainedDetector } from './detector';
import type { ParamSpecs, ParamsOf } from './params';
import { writeEnergyShares } from './shared/aggregate';
import { heldOut } from './shared/held-out';
import { openArtifact, requireSameChannels, toArtifact } from './shared/model';

const specs = {
  rule: {
    ...{ kind: 'choice', default: 'moving-range', title: 'Rule' },
    choices: [
      { value: 'max-abs-z', title: `${oneLinerTitles['max-abs-z']}: distance from the mean` },
      { value: 'moving-range', title: `${oneLinerTitles['moving-range']}: largest minus smallest of the last rows` },
      { value: 'moving-std', title: `${oneLinerTitles['moving-std']} of the last rows` },
      { value: 'first-difference', title: `${oneLinerTitles['first-difference']}: change since the row before` },
    ],
    help: 'All in standard deviations of the training part. Of several tags the largest counts.',
  },
  window: {
    ...{ kind: 'integer', default: usualWindow, min: 2, max: 2048, unit: 'samples', title: 'Window' },
    help: 'Rows that the moving range and the moving standard deviation look back over. The other two have no window.',
  },
} as const satisfies ParamSpecs;

export type OneLinerParams = ParamsOf<typeof specs>;

/** Scores of normal rows below which a threshold means nothing. */
const MIN_SCORES = 20;

interface Model {
  readonly params: OneLinerParams;
  readonly channels: readonly string[];
  readonly normalScores: Float32Array;
  /** [c]; empty for a rule without expectation. */
  readonly halfWidth: Float32Array;
}

const info: DetectorInfo = {
  id: 'one-liner',
  formatVersion: 1,
  title: 'One-line baseline',
  summary:
    'A baseline, not a method: one line of arithmetic that learns nothing. On many data sets it does as well as a network; run it to see whether yours is one.',
  whenItFails:
    'It knows nothing of what was normal: neither rhythm nor level beyond mean and spread, and no relation between tags.',
  channels: 'any',
  params: specs,
  warmUp: (params) => warmUpOf(params as OneLinerParams),
  source: 'Wu and Keogh 2021, Current time series anomaly detection benchmarks are flawed (one-liners); Sarfraz and others 2024',
};

function warmUpOf({ rule, window }: OneLinerParams): number {
  if (rule === 'max-abs-z') return 0;
  return rule === 'first-difference' ? 1 : window - 1;
}

/** What the rule takes as normal for a value: [n, c], NaN where unknown; nothing for the moving ones. */
const expectations: Readonly<Record<PlainId, ((data: PreparedSeries) => Float32Array) | null>> = {
  'max-abs-z': ({ values }) => new Float32Array(values.length),
  'moving-range': null,
  'moving-std': null,
  'first-difference'({ values, channels: { length: c }, segments }) {
    const before = new Float32Array(values.length).fill(Number.NaN);
    for (const { start, end } of segments) before.set(values.subarray(start * c, (end - 1) * c), (start + 1) * c);
    return before;
  },
};

/** One of the one-line detectors that the referee sets beside every result, as a detector of its own. Its normal scores are of all training rows: nothing is fitted. */
export const oneLiner: Detector<OneLinerParams> = {
  info,
  async train(data, params, run) {
    const scores = await scoreRows(params, data, run);
    const normal = scores.score.filter((score) => !Number.isNaN(score));
    if (normal.length < MIN_SCORES) {
      const [rows, needed] = [data.timestamps.length, MIN_SCORES + warmUpOf(params)];
      throw new FaultlineError(
        'detector/too-little-data',
        `The training period has ${rows} usable rows; ${oneLinerTitles[params.rule]} needs at least ${needed} without a gap. ` +
          'Choose a longer period or a shorter window.',
        { rows, needed },
      );
    }
    const halfWidth = scores.expected ? heldOut(data, scores).halfWidth : new Float32Array(0);
    return trained({ params, channels: data.channels, normalScores: normal, halfWidth });
  },
  restore(artifact) {
    const stored = openArtifact(info, specs, artifact);
    const { params, channels } = stored;
    const get = stored.arrays(arraySpecs(params, channels.length, stored.count('normalScores')));
    return Promise.resolve(trained({ params, channels, normalScores: get('normal-scores'), halfWidth: get('half-width') }));
  },
  size(rows, channels) {
    return { windows: rows, weights: 0, bytes: rows * (16 * channels + 8), steps: 0 };
  },
  propose: ({ windowSamples, trainRows }) => ({
    window: Math.max(specs.window.min, Math.min(windowSamples, Math.floor(trainRows / 2), specs.window.max)),
  }),
};

function trained(model: Model): TrainedDetector {
  const { params, channels, normalScores, halfWidth } = model;
  return {
    history: [],
    normalScores,
    parameterCount: 0,
    async score(data, run) {
      requireSameChannels(channels, data.channels);
      const scores = await scoreRows(params, data, run);
      return scores.expected ? { ...scores, expectedHalfWidth: halfWidth } : scores;
    },
    save() {
      const values = [normalScores, halfWidth];
      const arrays = arraySpecs(params, channels.length, normalScores.length).map((spec, i) => ({ ...spec, values: values[i]! }));
      return Promise.resolve(toArtifact(info, { params, channels, arrays, counts: { normalScores: normalScores.length } }));
    },
    dispose: () => undefined,
  };
}

async function scoreRows({ rule, window }: OneLinerParams, data: PreparedSeries, run: RunContext): Promise<Scores> {
  await run.checkpoint();
  const n = data.timestamps.length;
  const c = data.channels.length;
  const tags = new Float32Array(n * c).fill(Number.NaN);
  visitPlain(data, window, (id, row, tag, value) => {
    if (id === rule) tags[row * c + tag] = value;
  });
  await run.checkpoint();
  const score = new Float32Array(n).fill(Number.NaN);
  const byChannel = new Float32Array(n * c).fill(Number.NaN);
  for (let row = 0; row < n; row++) {
    const own = tags.subarray(row * c, (row + 1) * c);
    if (Number.isNaN(own[0]!)) continue;
    score[row] = Math.min(LARGEST_SCORE, Math.max(...own));
    writeEnergyShares(
      Float64Array.from(own, (value) => value * value),
      byChannel,
      row * c,
    );
  }
  run.report({ stage: 'score', done: n, total: n, unit: 'rows' });
  const expected = expectations[rule]?.(data);
  return expected ? { score, byChannel, expected } : { score, byChannel };
}

function arraySpecs({ rule }: OneLinerParams, channels: number, normalScores: number): WeightSpec[] {
  return [
    { name: 'normal-scores', shape: [normalScores] },
    { name: 'half-width', shape: [expectations[rule] ? channels : 0] },
  ];
}
