import type { ParamSpecs, ParamsOf } from '../params';
import { CHUNK, windowDetector } from '../shared/window-detector';
import { memoryParam, spanParam, windowParam } from '../shared/window-params';
import { growForest, nodesOf } from './forest';
import { ForestReader } from './reader';

const specs = {
  window: { ...windowParam, default: 1 },
  span: spanParam,
  trees: {
    ...{ kind: 'integer', default: 100, min: 10, max: 2000, unit: '', title: 'Trees' },
    help: 'More make the score smoother and take longer in proportion; beyond some hundreds little changes.',
  },
  size: {
    ...{ kind: 'integer', default: 256, min: 16, max: 1024, unit: 'windows', title: 'Windows of a tree', expert: true },
    help: 'Each tree sees so many windows, drawn at random. More do not help: faults then hide in the crowd.',
  },
  memory: memoryParam,
} as const satisfies ParamSpecs;

/** Values and windows that are read at once. */
const VALUES_AT_ONCE = 2 ** 20;
const MOST_AT_ONCE = 2 ** 16;

export type IsolationForestParams = ParamsOf<typeof specs>;

/** Isolation forest of Liu, Ting and Zhou 2008. A tag's share is how much it shortens the paths. */
export const isolationForest = windowDetector<IsolationForestParams>({
  info: {
    id: 'isolation-forest',
    title: 'Isolation forest',
    summary:
      'Counts how few random cuts set a row apart from normal rows. Fast on any amount of data, and indifferent to the scale of the tags.',
    whenItFails:
      'Faults inside the usual range of every tag: it cuts one tag at a time and hardly sees broken relations or wrong orders.',
    source: 'Liu, Ting and Zhou 2008, Isolation Forest; shares after Saabas 2014',
    presets: [
      { id: 'fast', help: '50 trees.', params: { trees: 50 } },
      { id: 'balanced', help: '100 trees on single rows, joined over the span.', params: {} },
      { id: 'paper', help: '100 trees of 256 rows, no joining.', params: { window: 1, span: 0, trees: 100, size: 256 } },
    ],
  },
  specs,
  windows: ({ memory }) => ({ most: memory, least: 20 }),
  arrays({ trees, size }) {
    const shape = [trees, nodesOf(size)];
    return [
      { name: 'column', shape },
      { name: 'threshold', shape },
      { name: 'length', shape },
      { name: 'size', shape: [1] },
    ];
  },
  fitter: (_, sample, { width }, { trees, size }, run) =>
    Promise.resolve(async (use) => {
      const forest = await growForest(sample, width, use, { trees, size }, run.random.fork('forest'), run.checkpoint);
      return { ...forest, size: Float32Array.of(Math.min(size, use.length)) };
    }),
  open(_, fitted, { width, channels }, { size }, crew) {
    const forest = { column: fitted['column']!, threshold: fitted['threshold']!, length: fitted['length']! };
    const reader = new ForestReader(forest, width, size, fitted['size']![0]!, crew);
    return {
      // Many windows for each tree, whose shares are tabulated anew each time.
      chunk: Math.min(MOST_AT_ONCE, Math.max(CHUNK, Math.floor(VALUES_AT_ONCE / width))),
      read: (windows, onlyPoints = false) => reader.read(windows, onlyPoints ? 0 : channels),
      dispose: () => undefined,
    };
  },
});
