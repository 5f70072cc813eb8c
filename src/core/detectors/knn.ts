import type { ParamSpecs, ParamsOf } from './params';
import { NearestRows, type Nearest } from './shared/nearest';
import { missingBlock, neighboursAmong } from './shared/own-neighbours';
import { addByTag, NO_ENERGY } from './shared/tag-energy';
import { chosenRows, CHUNK, windowDetector, type Fitted } from './shared/window-detector';
import { beyondParam, memoryParam, refuseBeyond, spanParam, windowParam } from './shared/window-params';

const specs = {
  window: windowParam,
  span: spanParam,
  neighbours: {
    ...{ kind: 'integer', default: 5, min: 1, max: 200, unit: '', title: 'Neighbours k' },
    help: 'How many similar windows a normal window has at least. More forgive no rare state, fewer take a single odd window of the training as normal.',
  },
  distance: {
    ...{ kind: 'choice', default: 'largest', title: 'Distance', expert: true },
    choices: [
      { value: 'largest', title: 'To the k-th neighbour' },
      { value: 'mean', title: 'Mean to all k' },
      { value: 'median', title: 'Median to all k' },
    ],
    help: 'What is made of the distances to the k nearest windows.',
  },
  memory: memoryParam,
  beyond: beyondParam,
} as const satisfies ParamSpecs;

export type KnnParams = ParamsOf<typeof specs>;

/**
 * Distance of a window to its k-th nearest of the remembered normal windows, Euclidean.
 *
 * A tag's share is its part of the squared distance to the neighbours that make the score: what would be gone if the tag were as in them.
 *
 * @see Ramaswamy, Rastogi and Shim 2000 (k-th distance); Angiulli and Pizzuti 2002 (mean).
 */
export const knn = windowDetector<KnnParams>({
  info: {
    id: 'knn',
    title: 'Nearest neighbours (KNN)',
    summary:
      'Distance of what is seen to the most similar normal windows it remembers. Nothing is assumed about the shape of normal data; hard ' +
      'to beat on signals with clear patterns, and easy to explain.',
    whenItFails:
      'Many noisy tags: all distances become alike. A normal state that the training part does not hold looks like a fault, and its limit ' +
      'carries over badly to a plant that drifts.',
    source: 'Ramaswamy, Rastogi and Shim 2000; Angiulli and Pizzuti 2002. Scores equal PyOD 3.6 KNN',
    presets: [
      { id: 'fast', help: 'Remembers 3,000 windows: a fraction of the time, a little less exact.', params: { memory: 3000 } },
      { id: 'balanced', help: 'Remembers up to 20,000 windows.', params: {} },
      {
        id: 'paper',
        help: 'Each window by itself, no joining, as in the comparisons of the papers.',
        params: { span: 0, memory: 200_000 },
      },
    ],
  },
  specs,
  windows: ({ memory, neighbours }) => ({ most: memory, least: Math.max(20, neighbours) }),
  check: (params, windows, kept) => refuseBeyond('Nearest neighbours (KNN)', params, windows, kept),
  arrays: (_, { width }, count) => [{ name: 'memory', shape: [count, width] }],
  fitter(tf, sample, { width }, { neighbours, distance }, run) {
    const memory = new NearestRows(tf, sample, width, run.crew);
    const fit = (use: Int32Array): Promise<Fitted> => Promise.resolve({ memory: chosenRows(sample, width, use) });
    const heldOut = async (own: Int32Array, use: Int32Array): Promise<Float64Array> =>
      knnScores(await neighboursAmong(memory, own, neighbours, run, missingBlock(use, memory.count)), distance);
    return Promise.resolve(Object.assign(fit, { heldOut, dispose: () => memory.dispose() }));
  },
  open(tf, fitted, { width, channels }, params, crew) {
    const memory = new NearestRows(tf, fitted['memory']!, width, crew);
    return {
      chunk: CHUNK,
      read(windows, onlyPoints = false) {
        const k = Math.min(params.neighbours, memory.count);
        const nearest = memory.find(windows, k);
        return {
          points: knnScores(nearest, params.distance),
          energy: onlyPoints ? NO_ENERGY : addByTag(windows, memory, nearest, neighboursOf(k, params.distance), channels),
        };
      },
      dispose: () => memory.dispose(),
    };
  },
});

/** [B] the score of PyOD's `KNN` with the method of the same name. */
export function knnScores({ distance, k }: Nearest, method: KnnParams['distance']): Float64Array {
  const [from, to] = neighboursOf(k, method);
  return Float64Array.from({ length: distance.length / k }, (_, row) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += distance[row * k + i]!;
    return sum / (to - from);
  });
}

/** Which of the k neighbours make the score: half-open, nearest first. Of an even number the median is the mean of the middle two. */
function neighboursOf(k: number, method: KnnParams['distance']): readonly [number, number] {
  if (method === 'largest') return [k - 1, k];
  return method === 'mean' ? [0, k] : [(k - 1) >> 1, (k >> 1) + 1];
}
