import type { RunContext, TensorFlow } from './detector';
import type { ParamSpecs, ParamsOf } from './params';
import { NearestRows, type Nearest } from './shared/nearest';
import { addByTag, NO_ENERGY } from './shared/tag-energy';
import { chosenRows, CHUNK, windowDetector } from './shared/window-detector';
import { chunksOf } from './shared/windows';
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
  async fitter(tf, sample, { width }, { neighbours: k }, run) {
    const fit = await densityFitter(tf, sample, width, k, run);
    return async (use) => {
      const { reach, density } = (await fit(use)).densities;
      return {
        memory: chosenRows(sample, width, use),
        reach: Float32Array.from(reach),
        density: Float32Array.from(density),
      };
    };
  },
  open(tf, fitted, { width, channels }, { neighbours: k }) {
    const memory = new NearestRows(tf, fitted['memory']!, width);
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

/** Densities of parts of a sample of windows and the neighbours that they come from. @param sample - [S, width] */
export async function densityFitter(
  tf: TensorFlow,
  sample: Float32Array,
  width: number,
  k: number,
  run: Pick<RunContext, 'checkpoint'>,
): Promise<(use: Int32Array) => Promise<{ readonly nearest: Nearest; readonly densities: Densities }>> {
  /** Work with a memory, whose tensors live no longer. */
  const withMemory = async <T>(values: Float32Array, work: (memory: NearestRows) => Promise<T>): Promise<T> => {
    const memory = new NearestRows(tf, values, width);
    try {
      return await work(memory);
    } finally {
      memory.dispose();
    }
  };
  const known = await withMemory(sample, (all) => {
    const entries = Int32Array.from({ length: all.count }, (_, i) => i);
    // Some more than needed: few windows then lose so many to a block, a twentieth of all, that they are searched again.
    return neighboursAmong(all, entries, Math.min(Math.ceil(1.3 * k) + 2, all.count - 1), run);
  });
  return async (use) => {
    const nearest = await withMemory(chosenRows(sample, width, use), (memory) => neighboursOfPart(known, use, memory, k, run));
    return { nearest, densities: densitiesOf(nearest) };
  };
}

/** The k nearest other entries of each of the given entries. @param k - below the number of entries. */
export async function neighboursAmong(
  memory: NearestRows,
  entries: Int32Array,
  k: number,
  run: Pick<RunContext, 'checkpoint'>,
): Promise<Nearest> {
  const result = { k, index: new Int32Array(entries.length * k), distance: new Float64Array(entries.length * k) };
  let at = 0;
  for (const own of chunksOf(entries, CHUNK)) {
    await run.checkpoint();
    const part = memory.find(chosenRows(memory.values, memory.width, own), k, own);
    result.index.set(part.index, at);
    result.distance.set(part.distance, at);
    at += own.length * k;
  }
  return result;
}

/**
 * The k nearest of some windows among each other, from those that are known among all: the first k that are among them. Windows of which
 * fewer are left are searched again, so that the result is exact.
 *
 * @param known - of all windows. @param use - numbers of the windows, ascending. @param memory - these windows.
 */
export async function neighboursOfPart(
  known: Nearest,
  use: Int32Array,
  memory: NearestRows,
  k: number,
  run: Pick<RunContext, 'checkpoint'>,
): Promise<Nearest> {
  const numbers = new Int32Array(known.index.length / known.k).fill(-1);
  use.forEach((from, to) => (numbers[from] = to));
  const result = { k, index: new Int32Array(use.length * k), distance: new Float64Array(use.length * k) };
  const again: number[] = [];
  use.forEach((from, to) => {
    let found = 0;
    for (let i = from * known.k; i < (from + 1) * known.k && found < k; i++) {
      const entry = numbers[known.index[i]!]!;
      if (entry < 0) continue;
      result.index[to * k + found] = entry;
      result.distance[to * k + found++] = known.distance[i]!;
    }
    if (found < k) again.push(to);
  });
  const searched = await neighboursAmong(memory, Int32Array.from(again), k, run);
  again.forEach((to, i) => {
    result.index.set(searched.index.subarray(i * k, (i + 1) * k), to * k);
    result.distance.set(searched.distance.subarray(i * k, (i + 1) * k), to * k);
  });
  return result;
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
