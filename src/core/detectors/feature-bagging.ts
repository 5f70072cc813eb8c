import type { RunContext, TensorFlow } from './detector';
import { densityFitter, outlierFactors, type Densities } from './lof';
import type { ParamSpecs, ParamsOf } from './params';
import type { Random } from '../random';
import { NearestRows } from './shared/nearest';
import { missingBlock } from './shared/own-neighbours';
import type { RowCrew } from './shared/row-crew';
import type { WindowReader } from './shared/score-windows';
import { addByTag } from './shared/tag-energy';
import { chosenRows, CHUNK, windowDetector, type Fitted, type Fitter, type WindowShape } from './shared/window-detector';
import { beyondParam, memoryParam, refuseBeyond, spanParam, windowParam } from './shared/window-params';

const specs = {
  window: windowParam,
  span: spanParam,
  estimators: {
    ...{ kind: 'integer', default: 10, min: 1, max: 100, unit: '', title: 'Subsets' },
    help: 'How many random subsets of the values of a window are judged by themselves. More give a steadier score and take longer.',
  },
  neighbours: {
    ...{ kind: 'integer', default: 20, min: 2, max: 200, unit: '', title: 'Neighbours k' },
    help: 'How many similar windows a normal state has at least. Below about 10 the score is restless.',
  },
  combine: {
    ...{ kind: 'choice', default: 'mean', title: 'Combination' },
    choices: [
      { value: 'mean', title: 'Mean of the standardised factors' },
      { value: 'maximum', title: 'Largest standardised factor' },
    ],
    help: 'The mean is calm; the maximum finds what only one subset shows, and has more false alarms.',
  },
  memory: { ...memoryParam, default: 5000, max: 20_000 },
  beyond: beyondParam,
} as const satisfies ParamSpecs;

export type FeatureBaggingParams = ParamsOf<typeof specs>;

/**
 * Local outlier factors on random subsets of the values of a window, each standardised by the factors of normal windows among themselves.
 *
 * The score is 1 + z/z₀, where z is the mean or the maximum of the standardised factors and −z₀ what it would be if all were 0: the order is
 * that of z, 0 its lower end, and 1 the mean normal window, as for the factor itself.
 *
 * A tag's share is its part of the squared distances to the neighbours, over the subsets as they count.
 *
 * @see Lazarevic and Kumar 2005.
 */
export const featureBagging = windowDetector<FeatureBaggingParams>({
  info: {
    id: 'feature-bagging',
    title: 'Feature bagging',
    summary:
      'Asks ten times how lonely a window is, each time with another half or more of its values, and joins the answers. Steadier than one ' +
      'local outlier factor where many tags are only noise.',
    whenItFails:
      'Few tags with short windows: all subsets are alike. Faults that show only in a relation of two tags, when a subset lacks one of them. ' +
      'Ten times the cost of LOF.',
    source: 'Lazarevic and Kumar 2005. Factors equal scikit-learn 1.9, scores within the seed spread of PyOD 3.6 FeatureBagging',
    presets: [
      { id: 'fast', help: 'Five subsets, 2,000 windows.', params: { estimators: 5, memory: 2000 } },
      { id: 'balanced', help: 'Ten subsets, up to 5,000 windows.', params: {} },
      { id: 'paper', help: 'Ten subsets, each window by itself, no joining.', params: { span: 0, memory: 20_000 } },
    ],
  },
  specs,
  windows: ({ memory, neighbours }) => ({ most: memory, least: Math.max(20, neighbours + 1) }),
  check: (params, windows, kept) => refuseBeyond('Feature bagging', params, windows, kept),
  arrays: ({ estimators }, { width }, count) => [
    { name: 'memory', shape: [count, width] },
    // 1 where a subset has a value of the window.
    { name: 'columns', shape: [estimators, width] },
    { name: 'reach', shape: [estimators, count] },
    { name: 'density', shape: [estimators, count] },
    { name: 'mean', shape: [estimators] },
    { name: 'deviation', shape: [estimators] },
  ],
  fitter: (tf, sample, { width }, params, run) =>
    Promise.resolve(
      bagFitter(tf, sample, width, drawSubsets(width, params.estimators, run.random.fork('subsets')), params.neighbours, run),
    ),
  open: openBag,
});

/** Random subsets of at least half of the columns, ascending; at most all but one (Lazarevic and Kumar, figure 3). */
export function drawSubsets(width: number, count: number, random: Random): Int32Array[] {
  const least = Math.max(1, Math.floor(width / 2));
  const most = Math.max(least, width - 1);
  return Array.from({ length: count }, () =>
    random
      .permutation(width)
      .slice(0, least + random.int(most - least + 1))
      .sort(),
  );
}

/** @param sample - [S, width] @param subsets - columns of each estimator. */
export function bagFitter(
  tf: TensorFlow,
  sample: Float32Array,
  width: number,
  subsets: readonly Int32Array[],
  neighbours: number,
  run: Pick<RunContext, 'checkpoint' | 'crew'>,
): Fitter {
  const columns = new Float32Array(subsets.length * width);
  subsets.forEach((subset, e) => subset.forEach((column) => (columns[e * width + column] = 1)));
  const fits = subsets.map((subset) => densityFitter(tf, chosenColumns(sample, width, subset), subset.length, neighbours, run));
  return async (use) => {
    const fitted = {
      ...{ memory: chosenRows(sample, width, use), columns },
      ...{ reach: new Float32Array(fits.length * use.length), density: new Float32Array(fits.length * use.length) },
      ...{ mean: new Float32Array(fits.length), deviation: new Float32Array(fits.length) },
    };
    const leftOut = missingBlock(use, sample.length / width);
    for (const [e, fit] of fits.entries()) {
      const { nearest, densities } = await fit(leftOut);
      use.forEach((from, i) => {
        fitted.reach[e * use.length + i] = densities.reach[from]!;
        fitted.density[e * use.length + i] = densities.density[from]!;
      });
      const all = outlierFactors(nearest, densities);
      const factors = Float64Array.from(use, (from) => all[from]!);
      const mean = factors.reduce((sum, factor) => sum + factor / factors.length, 0);
      fitted.mean[e] = mean;
      fitted.deviation[e] = Math.sqrt(factors.reduce((sum, factor) => sum + (factor - mean) ** 2 / factors.length, 0)) || 1;
    }
    return fitted;
  };
}

interface Estimator {
  readonly subset: Int32Array;
  readonly memory: NearestRows;
  readonly densities: Densities;
  readonly mean: number;
  readonly deviation: number;
}

export function openBag(
  tf: TensorFlow,
  fitted: Fitted,
  { width, channels }: WindowShape,
  { neighbours: k, combine }: Pick<FeatureBaggingParams, 'neighbours' | 'combine'>,
  crew?: RowCrew,
): WindowReader {
  const get = fitted as Record<'memory' | 'columns' | 'reach' | 'density' | 'mean' | 'deviation', Float32Array>;
  const count = get.memory.length / width;
  const estimators = Array.from(get.mean, (mean, e): Estimator => {
    const subset = Int32Array.from({ length: width }, (_, j) => j).filter((j) => get.columns[e * width + j] === 1);
    const part = (values: Float32Array): Float64Array => Float64Array.from(values.subarray(e * count, (e + 1) * count));
    return {
      ...{ subset, mean, deviation: get.deviation[e]! },
      memory: new NearestRows(tf, chosenColumns(get.memory, width, subset), subset.length, crew),
      densities: { reach: part(get.reach), density: part(get.density) },
    };
  });
  const join = combine === 'mean' ? meanOf : (values: readonly number[]): number => Math.max(...values);
  const lowest = join(estimators.map(({ mean, deviation }) => mean / deviation));
  return {
    chunk: CHUNK,
    read(windows) {
      const rows = windows.length / width;
      const readings = estimators.map(({ subset, memory, densities }) => {
        const own = chosenColumns(windows, width, subset);
        const nearest = memory.find(own, k);
        return { factors: outlierFactors(nearest, densities), parts: addByTag(own, memory, nearest, [0, k], subset.length) };
      });
      const points = new Float64Array(rows);
      const energy = new Float64Array(rows * channels);
      for (let row = 0; row < rows; row++) {
        const z = estimators.map(({ mean, deviation }, e) => (readings[e]!.factors[row]! - mean) / deviation);
        const joined = join(z);
        points[row] = Math.max(0, 1 + joined / lowest);
        for (const [e, { subset, deviation }] of estimators.entries()) {
          if (combine === 'maximum' && z[e] !== joined) continue;
          const parts = readings[e]!.parts.subarray(row * subset.length, (row + 1) * subset.length);
          const total = parts.reduce((sum, part) => sum + part, 0);
          const weight = total > 0 ? readings[e]!.factors[row]! / deviation / total : 0;
          parts.forEach((part, i) => {
            const tag = row * channels + (subset[i]! % channels);
            energy[tag] = energy[tag]! + weight * part;
          });
        }
      }
      return { points, energy };
    },
    dispose: () => estimators.forEach(({ memory }) => memory.dispose()),
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The chosen columns of a matrix [N, width]. */
function chosenColumns(matrix: Float32Array, width: number, columns: Int32Array): Float32Array {
  const rows = matrix.length / width;
  const result = new Float32Array(rows * columns.length);
  for (let row = 0, at = 0; row < rows; row++) for (const column of columns) result[at++] = matrix[row * width + column]!;
  return result;
}
