import type { RunContext } from './detector';
import type { ParamSpecs, ParamsOf } from './params';
import { NearestRows, type Nearest } from './shared/nearest';
import { addByTag } from './shared/tag-energy';
import { CHUNK, windowDetector } from './shared/window-detector';
import { memoryParam, spanParam, windowParam } from './shared/window-params';

const specs = {
  window: windowParam,
  span: spanParam,
  neighbours: {
    ...{ kind: 'integer', default: 20, min: 2, max: 200, unit: '', title: 'Neighbours k' },
    help: 'How many similar windows a normal state has at least. Below about 10 the score is restless.',
  },
  memory: { ...memoryParam, default: 10_000, max: 50_000 },
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
        params: { span: 0, memory: 50_000 },
      },
    ],
  },
  specs,
  windows: ({ memory, neighbours }) => ({ most: memory, least: Math.max(20, neighbours + 1) }),
  arrays: (_, { width }, count) => [
    { name: 'memory', shape: [count, width] },
    { name: 'reach', shape: [count] },
    { name: 'density', shape: [count] },
  ],
  async fit(tf, windows, { width }, { neighbours }, run) {
    const memory = new NearestRows(tf, windows, width);
    try {
      const { reach, density } = await densitiesOf(memory, neighbours, run);
      return { memory: windows, reach: Float32Array.from(reach), density: Float32Array.from(density) };
    } finally {
      memory.dispose();
    }
  },
  open(tf, fitted, { width, channels }, { neighbours: k }) {
    const memory = new NearestRows(tf, fitted['memory']!, width);
    const densities = { reach: Float64Array.from(fitted['reach']!), density: Float64Array.from(fitted['density']!) };
    return {
      chunk: CHUNK,
      read(windows) {
        const nearest = memory.find(windows, k);
        return {
          points: outlierFactors(nearest, densities, k),
          energy: addByTag(windows, memory, nearest.index, k, [0, k], channels),
        };
      },
      dispose: () => memory.dispose(),
    };
  },
});

/** Densities of remembered windows among each other; none is its own neighbour. @param k - below the number of windows. */
export async function densitiesOf(memory: NearestRows, k: number, run: Pick<RunContext, 'checkpoint'>): Promise<Densities> {
  const { count, values, width } = memory;
  const index = new Int32Array(count * k);
  const distance = new Float64Array(count * k);
  for (let from = 0; from < count; from += CHUNK) {
    await run.checkpoint();
    const part = memory.find(values.subarray(from * width, Math.min(count, from + CHUNK) * width), k, from);
    index.set(part.index, from * k);
    distance.set(part.distance, from * k);
  }
  const reach = Float64Array.from({ length: count }, (_, i) => distance[i * k + k - 1]!);
  return { reach, density: densitiesAt({ index, distance }, reach, k) };
}

/** [B] 1 / (mean over the neighbours of max(their reach, distance)). */
function densitiesAt({ index, distance }: Nearest, reach: Float64Array, k: number): Float64Array {
  return Float64Array.from({ length: index.length / k }, (_, row) => {
    let sum = 0;
    for (let i = row * k; i < (row + 1) * k; i++) sum += Math.max(distance[i]!, reach[index[i]!]!);
    return 1 / (sum / k + SMALLEST);
  });
}

/** [B] the factor: scikit-learn's −score_samples of windows that were not fitted. */
export function outlierFactors(nearest: Nearest, { reach, density }: Densities, k: number): Float64Array {
  return densitiesAt(nearest, reach, k).map((own, row) => {
    let sum = 0;
    for (let i = row * k; i < (row + 1) * k; i++) sum += density[nearest.index[i]!]!;
    return sum / k / own;
  });
}
