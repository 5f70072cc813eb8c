import { FaultlineError } from '../../errors';
import type { PreparedSeries } from '../../prepare/prepared';
import type { Scores } from '../../scoring/scores';
import type { WeightSpec } from '../../tensor/weights';
import type { Detector, DetectorInfo, RunContext, TrainedDetector } from '../detector';
import type { ParamSpecs, ParamsOf } from '../params';
import { causalScore, reviewScore, sharesOverSpan, writeEnergyShares } from '../shared/aggregate';
import { openArtifact, requireSameChannels, toArtifact } from '../shared/model';
import { proposeWindow, spanOf, spanParam, windowParam } from '../shared/window-params';
import { blockReader, CHUNK, joinOf, meanOf, type Model } from './blocks';
import { shapesOf } from './insight';
import { nearestSquares } from './join';
import { lastRows, subsequencesOf } from './subsequences';

const specs = {
  window: {
    ...{ ...windowParam, default: 24, min: 4, max: 4096 },
    help: 'Length of the shapes that are compared: about one cycle, or the length of what should be found.',
  },
  span: { ...spanParam, default: 0 },
  neighbour: {
    ...{ kind: 'choice', default: 'own', title: 'Nearest shape' },
    choices: [
      { value: 'own', title: 'Each tag has its own' },
      { value: 'joint', title: 'One moment for all tags' },
    ],
    help: 'The second also finds normal shapes that do not belong together, where tags follow each other closely.',
  },
  compare: {
    ...{ kind: 'choice', default: 'training', title: 'Compared with', expert: true },
    choices: [
      { value: 'training', title: 'The training part' },
      { value: 'past', title: 'The training part and what came before' },
    ],
    help: 'With what came before, only the first of several alike events is found, and a plant that drifts is forgiven. Later rows are never used.',
  },
  memory: {
    ...{ kind: 'integer', default: 20_000, min: 100, max: 200_000, unit: 'rows', title: 'Rows remembered', expert: true },
    help:
      'At most so many rows are compared with: the last ones of the training part, and as many before each row. ' +
      'Training takes longer with their square, scoring in proportion.',
  },
  share: {
    ...{ kind: 'integer', default: 100, min: 10, max: 100, unit: '%', title: 'Pairs compared', expert: true },
    help:
      'Less compares each shape with a part of the others only, spread evenly, in that part of the time: an approximation for very long ' +
      'series, whose distances are at least the exact ones.',
  },
} as const satisfies ParamSpecs;

export type MatrixProfileParams = ParamsOf<typeof specs>;

const info: DetectorInfo = {
  ...{ id: 'matrix-profile', formatVersion: 1, title: 'Matrix profile', channels: 'any', params: specs },
  summary:
    'Compares the shape of what is seen, whatever its level and size, with every shape of the training part; the distance to the most ' +
    'similar one is the score. For repeated patterns: strange beats, wrong cycles, new shapes.',
  whenItFails:
    'Level and size of a shape are taken out: a signal that only rises or only swings more is not seen. Quiet stretches become noise, ' +
    'whose shapes are never alike.',
  shows: 'discords and motifs',
  warmUp: (params) => spanOf(params as MatrixProfileParams) - 1,
  source: 'Yeh et al. 2016 (matrix profile, discords); Zimmerman et al. 2019. Distances equal STUMPY 1.13 to six digits',
  presets: [
    { id: 'fast', help: 'Remembers the last 5,000 rows.', params: { memory: 5000 } },
    { id: 'balanced', help: 'Remembers the last 20,000 rows.', params: {} },
    { id: 'paper', help: 'Each shape by itself, everything remembered.', params: { span: 0, memory: 200_000 } },
  ],
};

/**
 * Left discord score: the z-normalised Euclidean distance of the subsequence that ends at a row to its nearest one in the training part and,
 * where asked for, in what came before; the root of the mean square over the tags.
 *
 * Normal scores compare each training subsequence with those at least a span away.
 */
export const matrixProfile: Detector<MatrixProfileParams> = {
  info,
  propose: (facts) => {
    const { window, span } = proposeWindow({ ...facts, channels: 1 }) as { readonly window: number; readonly span: number };
    return { window: Math.max(specs.window.min, window), span };
  },
  async train(data, params, run) {
    const c = data.channels.length;
    const span = spanOf(params);
    const kept = lastRows(data, params.memory);
    const rows = kept.values.length / c;
    // Each has at least one beside itself that is a span away.
    if (rows < neededRows(params)) refuse(data, params);
    const set = subsequencesOf(kept.values, c, kept.segments, params.window);
    const points = new Float64Array(rows).fill(Number.NaN);
    const tell = (done: number): void => run.report({ stage: 'fit', done: Math.floor(rows * done), total: rows, unit: 'rows' });
    const squares = await nearestSquares(set, set, { ...joinOf(params), excluded: [1 - span, span], tell }, run);
    for (let i = 0; i < set.count; i++) points[i + params.window - 1] = Math.sqrt(meanOf(squares, i, c));
    // Rows without another to compare them with end a segment: no score reaches over them.
    const usable = {
      segments: kept.segments.filter(({ start, end }) => !points.subarray(start + params.window - 1, end).some(Number.isNaN)),
    };
    const normalScores = causalScore(points, usable, params.window, span).filter((score) => !Number.isNaN(score));
    if (normalScores.length === 0) refuse(data, params);
    run.report({
      stage: 'fit',
      done: rows,
      total: rows,
      unit: 'rows',
      log: `Remembers ${rows} of ${data.timestamps.length} rows${params.share < 100 ? `, compares ${params.share} % of the pairs` : ''}.`,
    });
    return trained({ params, channels: data.channels, series: kept.values, segments: kept.segments, normalScores });
  },
  restore(artifact) {
    const stored = openArtifact(info, specs, artifact);
    const { params, channels } = stored;
    const counts = { rows: stored.count('rows', params.window, params.memory), segments: stored.count('segments', 1) };
    const get = stored.arrays(arraysOf(channels.length, counts.rows, counts.segments, stored.count('normalScores')));
    const borders = get('segments');
    const segments = Array.from({ length: counts.segments }, (_, i) => ({ start: borders[2 * i]!, end: borders[2 * i + 1]! }));
    return Promise.resolve(trained({ params, channels, series: get('series'), segments, normalScores: get('normal-scores') }));
  },
  size(rows, channels, { memory, window }) {
    const kept = Math.min(rows, memory);
    const weights = kept * channels;
    // Six numbers of float64 for each value and the four that a join lays side by side, and the series with its scores.
    return { windows: Math.max(0, kept - window + 1), weights, bytes: 8 * 10 * weights + 4 * rows * (3 * channels + 6), steps: 0 };
  },
};

function trained(model: Model): TrainedDetector {
  const { params, channels, series, segments, normalScores } = model;
  return {
    ...{ history: [], normalScores, parameterCount: series.length },
    score(data, run) {
      requireSameChannels(channels, data.channels);
      return scoreSeries(model, data, run);
    },
    insight(request, run) {
      // What is shown is exact, also where scores compare a part of the pairs: their distances are at least the exact ones.
      const exact = { ...model, params: { ...params, share: 100 } };
      return shapesOf(model, request, blockReader(exact, request.scored, run), run);
    },
    save() {
      const values: Readonly<Record<string, Float32Array>> = {
        ...{ series, 'normal-scores': normalScores },
        segments: Float32Array.from(segments.flatMap(({ start, end }) => [start, end])),
      };
      const counts = { rows: series.length / channels.length, segments: segments.length, normalScores: normalScores.length };
      const arrays = arraysOf(channels.length, counts.rows, counts.segments, counts.normalScores);
      return Promise.resolve(
        toArtifact(info, { params, channels, arrays: arrays.map((spec) => ({ ...spec, values: values[spec.name]! })), counts }),
      );
    },
    dispose: () => undefined,
  };
}

const arraysOf = (c: number, rows: number, segments: number, normalScores: number): WeightSpec[] => [
  { name: 'series', shape: [rows, c] },
  { name: 'segments', shape: [segments, 2] },
  { name: 'normal-scores', shape: [normalScores] },
];

async function scoreSeries(model: Model, data: PreparedSeries, run: RunContext): Promise<Scores> {
  const c = data.channels.length;
  const n = data.timestamps.length;
  const { window } = model.params;
  const span = spanOf(model.params);
  const points = new Float64Array(n).fill(Number.NaN);
  const shares = new Float32Array(c > 1 ? n * c : 0);
  const read = blockReader(model, data, run);
  for (let from = 0; from + window <= n; from += CHUNK) {
    const squares = await read(from);
    for (let i = 0; i < squares.length / c; i++) {
      const row = from + i + window - 1;
      points[row] = Math.sqrt(meanOf(squares, i, c));
      if (c > 1) writeEnergyShares(Float64Array.from(squares.subarray(i * c, (i + 1) * c)), shares, row * c);
    }
    run.report({ stage: 'score', done: Math.min(n, from + CHUNK + window - 1), total: n, unit: 'rows' });
  }
  const score = causalScore(points, data, window, span);
  const byChannel = sharesOverSpan(score, points, shares, c, window, span);
  return { score, review: reviewScore(points, data, window, span), byChannel };
}

const neededRows = (params: MatrixProfileParams): number => 3 * spanOf(params) + params.window;

function refuse(data: PreparedSeries, params: MatrixProfileParams): never {
  const rows = data.timestamps.length;
  const needed = neededRows(params);
  throw new FaultlineError(
    'detector/too-little-data',
    `The training period has ${rows} usable rows; the matrix profile with a span of ${spanOf(params)} rows needs at least ${needed}, ` +
      'of which it may remember all, in runs without a gap. Choose a longer period, a shorter window or span, or remember more rows.',
    { rows, needed, gapFreeRows: spanOf(params) },
  );
}
