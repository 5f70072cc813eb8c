import type { RunContext, TensorFlow } from './detector';
import type { ParamSpecs, ParamsOf } from './params';
import { NearestRows, type Block, type Nearest } from './shared/nearest';
import { missingBlock, neighboursAmong, neighboursWithout } from './shared/own-neighbours';
import { addByTag, NO_ENERGY } from './shared/tag-energy';
import { chosenRows, CHUNK, windowDetector, type Fitted } from './shared/window-detector';
import { beyondParam, memoryParam, refuseBeyond, spanParam, windowParam } from './shared/window-params';

const specs = {
  window: windowParam,
  span: spanParam,
  neighbours: {
    ...{ kind: 'integer', default: 20, min: 2, max: 200, unit: '', title: 'Neighbours k' },
    help: 'How many similar windows a normal state has at least. Below about 10 the score is restless.',
  },
  memory: { ...memoryParam, default: 10_000 },
  beyond: beyondParam,
} as const satisfies ParamSpecs;

export type LofParams = ParamsOf<typeof specs>;

/** Added to mean distances, so that windows that are all equal have a density; as in scikit-learn. */
const SMALLEST = 1e-10;

/** What the factor needs of each remembered window. */
export interface Densities {
  /** [M] distance to its k-th neighbour. */
  readonly reach: Float64Array;
  /** [M] local reachability density. */
  readonly density: Float64Array;
}

/**
 * Local outlier factor in novelty mode: the mean density of the k nearest remembered windows over the density of the window itself. 1 is normal.
 *
 * A tag's share is its part of the squared distances to the k neighbours.
 *
 * @see Breunig, Kriegel, Ng and Sander 2000.
 */
export const lof = windowDetector<LofParams>({
  info: {
    id: 'lof',
    title: 'Local outlier factor (LOF)',
    summary:
      'How much lonelier a window is than the normal windows that resemble it. The right choice when normal states differ in their spread: a ' +
      'quiet state is judged by quiet neighbours.',
    whenItFails:
      'Long stuck or repeated values make densities without bounds. Many noisy tags make all distances alike. Its limit carries over badly ' +
      'to a plant that drifts.',
    source: 'Breunig, Kriegel, Ng and Sander 2000. Scores equal scikit-learn 1.9 LocalOutlierFactor(novelty=True)',
    presets: [
      { id: 'fast', help: 'Remembers 3,000 windows: a fraction of the time, a little less exact.', params: { memory: 3000 } },
      { id: 'balanced', help: 'Remembers up to 10,000 windows.', params: {} },
      {
        id: 'paper',
        help: 'Each window by itself, no joining, as in the comparisons of the papers.',
        params: { span: 0, memory: 200_000 },
      },
    ],
  },
  specs,
  windows: ({ memory, neighbours }) => ({ most: memory, least: Math.max(20, neighbours + 1) }),
  check: (params, windows, kept) => refuseBeyond('Local outlier factor (LOF)', params, windows, kept),
  arrays: (_, { width }, count) => [
    { name: 'memory', shape: [count, width] },
    { name: 'reach', shape: [count] },
    { name: 'density', shape: [count] },
  ],
  fitter(tf, sample, { width }, { neighbours: k }, run) {
    const densitiesWithout = densityFitter(tf, sample, width, k, run);
    const densitiesBy = (use: Int32Array): Promise<SampleDensities> => densitiesWithout(missingBlock(use, sample.length / width));
    const fit = async (use: Int32Array): Promise<Fitted> => {
      const { reach, density } = (await densitiesBy(use)).densities;
      return {
        memory: chosenRows(sample, width, use),
        reach: Float32Array.from(use, (i) => reach[i]!),
        density: Float32Array.from(use, (i) => density[i]!),
      };
    };
    const heldOut = async (own: Int32Array, use: Int32Array): Promise<Float64Array> => {
      const { nearest, densities } = await densitiesBy(use);
      const factors = outlierFactors(nearest, asStored(densities));
      return Float64Array.from(own, (i) => factors[i]!);
    };
    return Promise.resolve(Object.assign(fit, { heldOut }));
  },
  open(tf, fitted, { width, channels }, { neighbours: k }, crew) {
    const memory = new NearestRows(tf, fitted['memory']!, width, crew);
    const densities = { reach: Float64Array.from(fitted['reach']!), density: Float64Array.from(fitted['density']!) };
    return {
      chunk: CHUNK,
      read(windows, onlyPoints = false) {
        const nearest = memory.find(windows, k);
        return {
          points: outlierFactors(nearest, densities),
          energy: onlyPoints ? NO_ENERGY : addByTag(windows, memory, nearest, [0, k], channels),
        };
      },
      dispose: () => memory.dispose(),
    };
  },
});

/** Densities of the windows of a sample, and the neighbours that they come from, by their numbers in the sample. */
export interface SampleDensities {
  readonly nearest: Nearest;
  readonly densities: Densities;
}

/**
 * Densities of windows by the others of a sample, less a block of them; for the windows of the block: what they would have.
 *
 * @param sample - [S, width]
 */
export function densityFitter(
  tf: TensorFlow,
  sample: Float32Array,
  width: number,
  k: number,
  run: Pick<RunContext, 'checkpoint' | 'crew'>,
): (leftOut: Block) => Promise<SampleDensities> {
  const memory = new NearestRows(tf, sample, width, run.crew);
  const everything = Int32Array.from({ length: memory.count }, (_, i) => i);
  // Some more than needed: few windows then lose so many to a block, a twentieth of all, that they are searched again.
  const most = Math.min(Math.ceil(1.3 * k) + 2, memory.count - 1);
  let known: Nearest | undefined;
  return async (leftOut) => {
    try {
      known ??= await neighboursAmong(memory, everything, most, run);
      const nearest = await neighboursWithout(leftOut, known, memory, k, run);
      return { nearest, densities: densitiesOf(nearest) };
    } finally {
      memory.dispose();
    }
  };
}

/** Densities as they are stored with a model. */
function asStored({ reach, density }: Densities): Densities {
  return { reach: Float64Array.from(Float32Array.from(reach)), density: Float64Array.from(Float32Array.from(density)) };
}

/** Densities of windows from their neighbours among each other. */
export function densitiesOf(nearest: Nearest): Densities {
  const { k, distance } = nearest;
  const reach = Float64Array.from({ length: distance.length / k }, (_, i) => distance[i * k + k - 1]!);
  return { reach, density: densitiesAt(nearest, reach) };
}

/** [B] 1 / (mean over the neighbours of max(their reach, distance)). */
function densitiesAt({ index, distance, k }: Nearest, reach: Float64Array): Float64Array {
  return Float64Array.from({ length: index.length / k }, (_, row) => {
    let sum = 0;
    for (let i = row * k; i < (row + 1) * k; i++) sum += Math.max(distance[i]!, reach[index[i]!]!);
    return 1 / (sum / k + SMALLEST);
  });
}

/** [B] the factor: scikit-learn's −score_samples of windows that were not fitted. */
export function outlierFactors(nearest: Nearest, { reach, density }: Densities): Float64Array {
  const { k, index } = nearest;
  return densitiesAt(nearest, reach).map((own, row) => {
    let sum = 0;
    for (let i = row * k; i < (row + 1) * k; i++) sum += density[index[i]!]!;
    return sum / k / own;
  });
}
