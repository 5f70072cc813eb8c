import { FaultlineError } from '../../errors';
import type { Insight, InsightRequest } from '../../insight/insight';
import type { PreparedSeries } from '../../prepare/prepared';
import type { Random } from '../../random';
import { countWeights, type WeightSpec } from '../../tensor/weights';
import type { Detector, DetectorInfo, RunContext, TensorFlow, TrainedDetector } from '../detector';
import type { ParamSpecs, ParamValues } from '../params';
import { causalScore } from './aggregate';
import { foldsOf, type Fold } from './crossfit';
import { heldOut } from './held-out';
import { pointsOfBlocks, readBlocks, type HeldOutPoints } from './held-out-points';
import { openArtifact, requireSameChannels, toArtifact } from './model';
import { alone, type RowCrew } from './row-crew';
import { scoreWindows, type WindowReader } from './score-windows';
import { keptWindows, proposeWindow, spanOf } from './window-params';
import { gatherWindows, windowEnds } from './windows';

/** Windows of one shape, flattened row by row. */
export interface WindowShape {
  readonly channels: number;
  /** Values of a window: rows times channels. */
  readonly width: number;
}

/** What a fit found, by name. Float32, because it is stored with the model: a restored one must give the same bits. */
export type Fitted = Readonly<Record<string, Float32Array>>;

/** Every window detector has these two (window-params.ts). */
export interface WindowParams {
  readonly window: number;
  readonly span: number;
}

export interface Fitter {
  /** Fits to the windows with the given numbers of a sample: ascending, all but one block of them. */
  (use: Int32Array): Promise<Fitted>;
  /**
   * [own] points of windows of the sample by what is fitted to others, with the bits of a reader of that fit; for a method that knows them
   * with less work. Absent: they are read.
   */
  readonly heldOut?: (own: Int32Array, use: Int32Array) => Promise<Float64Array>;
  /** Frees what the fits share. */
  readonly dispose?: () => void;
}

/** A method that is fitted to windows of normal data and reads others; all the rest of a detector follows from it. */
export interface WindowMethod<P extends ParamValues> {
  readonly info: Omit<DetectorInfo, 'formatVersion' | 'channels' | 'params' | 'warmUp'>;
  readonly specs: ParamSpecs;
  /** Most windows that a fit takes, and fewest; most values of all of them, where it may be more than others keep. */
  readonly windows: (params: P, width: number) => { readonly most: number; readonly least: number; readonly values?: number };
  /** Refuses what is too much for the method before anything is calculated. @throws FaultlineError 'detector/too-much-data' */
  readonly check?: (params: P, windows: number, kept: number) => void;
  /** Rows after each window that a fit sees too, for a method that learns what follows; absent: none. Reading never does. */
  readonly ahead?: (params: P) => number;
  /** Names and shapes of what a fit to `count` windows finds. @throws FaultlineError 'detector/bad-params' for windows too wide. */
  readonly arrays: (params: P, shape: WindowShape, count: number) => WeightSpec[];
  /**
   * Does once what all fits to parts of a sample of windows share.
   *
   * @param sample - [S, width], and the rows ahead. @returns fits to the windows with the given numbers, ascending.
   */
  readonly fitter: (tf: TensorFlow, sample: Float32Array, shape: WindowShape, params: P, run: RunContext) => Promise<Fitter>;
  /** @param crew - shares rows of what is read. */
  readonly open: (tf: TensorFlow, fitted: Fitted, shape: WindowShape, params: P, crew: RowCrew) => WindowReader;
  /** What the fit shows of itself; there where `info.shows` is. */
  readonly insight?: (
    model: { readonly fitted: Fitted; readonly shape: WindowShape; readonly params: P; readonly tags: readonly string[] },
    request: InsightRequest,
    run: RunContext,
  ) => Promise<Insight>;
}

interface Model<P> {
  readonly params: P;
  readonly channels: readonly string[];
  /** Windows that were learned from. */
  readonly count: number;
  readonly fitted: Fitted;
  readonly normalScores: Float32Array;
  /** [c]; empty for a method without expectation. */
  readonly halfWidth: Float32Array;
}

/** Windows that a reader works on at once: bounds the memory of scoring whatever the length of the series. */
export const CHUNK = 1024;
/**
 * Blocks of the cross-fit. With 5 the limit on normal scores is too strict, with 20 it keeps its nominal share of false alarms (measured
 * on the normal run of the Tennessee Eastman plant). Wide windows take 5: each block is a fit of its own.
 */
const BLOCKS = 20;
const BLOCKS_OF_WIDE = 5;
const WIDE = 512;

/**
 * The detector of a method: windows of the training part, at most as many as are kept, are fitted; blocks of training rows are scored by what
 * was fitted to the others, at least a span away; point scores are joined over the span (aggregate.ts).
 */
export function windowDetector<P extends ParamValues & WindowParams>(method: WindowMethod<P>): Detector<P> {
  const { specs } = method;
  const info: DetectorInfo = {
    ...method.info,
    ...{ formatVersion: 1, channels: 'any', params: specs },
    warmUp: (params) => spanOf(params as P) - 1,
  };
  const shapeOf = (params: P, channels: number): WindowShape => ({ channels, width: params.window * channels });
  const aheadOf = (params: P): number => method.ahead?.(params) ?? 0;
  const keptOf = (params: P, width: number, windows: number): number => {
    const { most, values } = method.windows(params, width);
    return keptWindows(windows, width, most, values);
  };
  const storedSpecs = (params: P, shape: WindowShape, count: number, normalScores: number, halfWidths: number): WeightSpec[] => [
    ...method.arrays(params, shape, count),
    { name: 'normal-scores', shape: [normalScores] },
    { name: 'half-width', shape: [halfWidths] },
  ];

  const trained = (tf: TensorFlow, model: Model<P>): TrainedDetector => {
    const { params, channels, count, fitted, normalScores, halfWidth } = model;
    const shape = shapeOf(params, channels.length);
    return {
      history: [],
      normalScores,
      parameterCount: countWeights(method.arrays(params, shape, count)),
      async score(data, run) {
        requireSameChannels(channels, data.channels);
        const reader = method.open(tf, fitted, shape, params, run.crew ?? alone);
        try {
          const scores = await scoreWindows(reader, data, { window: params.window, span: spanOf(params) }, run);
          return halfWidth.length > 0 ? { ...scores, expectedHalfWidth: halfWidth } : scores;
        } finally {
          reader.dispose();
        }
      },
      ...(method.insight && {
        insight: (request: InsightRequest, run: RunContext) =>
          method.insight!({ fitted, shape, params, tags: channels }, request, run),
      }),
      save() {
        const values: Fitted = { ...fitted, 'normal-scores': normalScores, 'half-width': halfWidth };
        const arrays = storedSpecs(params, shape, count, normalScores.length, halfWidth.length).map((spec) => ({
          ...spec,
          values: values[spec.name]!,
        }));
        const counts = { windows: count, normalScores: normalScores.length, halfWidths: halfWidth.length };
        return Promise.resolve(toArtifact(info, { params, channels, arrays, counts }));
      },
      dispose: () => undefined,
    };
  };

  return {
    info,
    propose: proposeWindow,
    async train(data, params, run) {
      const tf = await run.tensorflow();
      const shape = shapeOf(params, data.channels.length);
      const rows = windowEnds(data.segments, params.window);
      const { least } = method.windows(params, shape.width);
      const length = params.window + aheadOf(params);
      const candidates = windowEnds(data.segments, length);
      const count = keptOf(params, shape.width, candidates.length);
      method.check?.(params, candidates.length, count);
      const sample = drawnEvenly(candidates, count, run.random.fork('memory'));
      method.arrays(params, shape, count);
      const everything = Int32Array.from(sample, (_, i) => i);
      const folds = foldsOf(rows, shape.width > WIDE ? BLOCKS_OF_WIDE : BLOCKS, Math.max(spanOf(params), length));
      const uses = folds.map((fold) => everything.filter((i) => fold.usable(sample[i]!)));
      if (rows.length === 0 || uses.some((use) => use.length < least)) refuse(info.title, data, params, least);
      // All rows, each by itself, are the series: no copy.
      const windows = length === 1 && sample.length === data.timestamps.length ? data.values : gatherWindows(data, length, sample);
      const fit = await method.fitter(tf, windows, shape, params, run);

      let held: HeldOutPoints;
      let fitted: Fitted;
      try {
        if (fit.heldOut && sample.length === rows.length) {
          const ownOf = ({ own, at }: Fold): Int32Array => everything.subarray(at, at + own.length);
          held = await pointsOfBlocks(data, folds, (fold) => fit.heldOut!(ownOf(folds[fold]!), uses[fold]!), run);
        } else {
          const open = async (fold: number): Promise<WindowReader> =>
            method.open(tf, await fit(uses[fold]!), shape, params, run.crew ?? alone);
          held = await readBlocks(data, params.window, folds, open, run);
        }
        await run.checkpoint();
        fitted = await fit(everything);
      } finally {
        fit.dispose?.();
      }
      const { points, expected } = held;
      const score = causalScore(points, data, params.window, spanOf(params));
      const normalScores = score.filter((value) => !Number.isNaN(value));
      if (normalScores.length === 0) refuse(info.title, data, params, least);
      const part = count < candidates.length ? ': a random subset, one of each equal part' : '';
      const log = `Learned from ${count} of ${candidates.length} windows of the training part${part}.`;
      run.report({ stage: 'fit', done: rows.length, total: rows.length, unit: 'rows', log });
      const halfWidth = expected ? heldOut(data, { score, expected }).halfWidth : new Float32Array(0);
      return trained(tf, { params, channels: data.channels, count, fitted, normalScores, halfWidth });
    },
    async restore(artifact, run) {
      const stored = openArtifact(info, specs, artifact);
      const params = stored.params as P;
      const { channels } = stored;
      const shape = shapeOf(params, channels.length);
      const count = stored.count('windows', 1, method.windows(params, shape.width).most);
      const halfWidths = stored.count('halfWidths', 0, channels.length);
      const wanted = storedSpecs(params, shape, count, stored.count('normalScores'), halfWidths);
      const get = stored.arrays(wanted);
      const fitted = Object.fromEntries(wanted.map(({ name }) => [name, get(name)] as const));
      const model = { params, channels, count, fitted, normalScores: get('normal-scores'), halfWidth: get('half-width') };
      return trained(await run.tensorflow(), model);
    },
    size(rows, channels, params) {
      const shape = shapeOf(params, channels);
      const windows = Math.max(0, rows - params.window - aheadOf(params) + 1);
      const count = keptOf(params, shape.width, windows);
      method.check?.(params, windows, count);
      const weights = countWeights(method.arrays(params, shape, count));
      // The kept windows, those of a fold, their copy on the engine, what both fits find, a chunk, and the series with its scores.
      const values =
        3 * count * (shape.width + aheadOf(params) * channels) + 2 * weights + 4 * CHUNK * shape.width + rows * (4 * channels + 6);
      return { windows: count, weights, bytes: 4 * values, steps: 0 };
    },
  };
}

/** The chosen rows of a matrix [N, width]. */
export function chosenRows(matrix: Float32Array, width: number, use: Int32Array): Float32Array {
  const rows = new Float32Array(use.length * width);
  for (let to = 0, next = 0; to < use.length; to = next) {
    // Rows that follow each other are copied at once: parts of a sample are few long runs.
    for (next = to + 1; next < use.length && use[next] === use[next - 1]! + 1; next++);
    rows.set(matrix.subarray(use[to]! * width, (use[next - 1]! + 1) * width), to * width);
  }
  return rows;
}

/**
 * One item at random from each of `count` equal parts: spread as evenly as a fixed step, but never in step with a rhythm of the data, which would
 * leave most of its phases out.
 */
export function drawnEvenly(items: Int32Array, count: number, random: Random): Int32Array {
  if (items.length <= count) return items;
  return Int32Array.from({ length: count }, (_, i) => {
    const [from, to] = [Math.floor((i * items.length) / count), Math.floor(((i + 1) * items.length) / count)];
    return items[from + random.int(to - from)]!;
  });
}

function refuse(title: string, data: PreparedSeries, params: WindowParams, least: number): never {
  const rows = data.timestamps.length;
  const span = spanOf(params);
  // A block, the span on both sides of it, and what a fit needs.
  const needed = Math.ceil((least + 2 * span) / (1 - 1 / BLOCKS_OF_WIDE)) + params.window - 1;
  throw new FaultlineError(
    'detector/too-little-data',
    `The training period has ${rows} usable rows; ${title} with a span of ${span} rows needs at least ${needed}, ` +
      `and runs without a gap of at least ${span} rows. Choose a longer period, a shorter span or a shorter window.`,
    { rows, needed, gapFreeRows: span },
  );
}
