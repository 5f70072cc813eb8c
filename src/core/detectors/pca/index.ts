import { FaultlineError } from '../../errors';
import type { ParamSpecs, ParamsOf } from '../params';
import type { WindowReader } from '../shared/score-windows';
import { CHUNK, windowDetector, type Fitted, type WindowShape } from '../shared/window-detector';
import { memoryParam, spanParam, windowParam } from '../shared/window-params';
import { componentsOf } from './insight';
import { controlOf, componentsFitter, Statistics, type Components, type RowStatistics } from './model';

const MOST_WINDOWS = 1_000_000;
/** Values of all windows of a fit, 256 MB: it keeps none of them, only their sums. */
const MOST_VALUES = 64_000_000;
const MEMORY_HELP =
  'At most so many windows of the training part are learned from: one drawn at random from each of as many equal parts of it. ' +
  'Of very wide windows fewer are taken, 64 million values in all. Training takes longer in proportion.';

const specs = {
  window: windowParam,
  span: spanParam,
  score: {
    ...{ kind: 'choice', default: 'combined', title: 'Statistic' },
    choices: [
      { value: 'combined', title: 'T² and Q: both over their limits, added' },
      { value: 'q', title: 'Q (SPE): what the components do not explain' },
      { value: 't2', title: 'Hotelling T²: how far along the components' },
      { value: 'weighted', title: 'Weighted distances to all components, as PyOD' },
    ],
    help: 'Q sees relations between tags that break, T² sees normal relations at unusual strength. The first three are 1 at their control limit (T² and Q together: 1 to 2).',
  },
  components: {
    ...{ kind: 'integer', default: 0, min: 0, max: 500, unit: '', title: 'Components' },
    help: 'How many are kept; 0 keeps as many as hold the share of variance below.',
  },
  variance: {
    ...{ kind: 'number', default: 0.9, min: 0.3, max: 0.999, unit: '', title: 'Share of variance' },
    help: 'What the kept components explain of normal data, where their number is 0.',
  },
  confidence: {
    ...{ kind: 'number', default: 0.99, min: 0.9, max: 0.9999, unit: '', title: 'Confidence of the limits', expert: true },
    help: 'Share of normal rows below the control limits of T² and Q, in whose units scores are given.',
  },
  scaling: {
    ...{ kind: 'choice', default: 'standard', title: 'Scaling of columns', expert: true },
    choices: [
      { value: 'standard', title: 'Each divided by its spread' },
      { value: 'none', title: 'As they are' },
    ],
    help:
      'Divided by its spread, each tag counts alike, and so does one that hardly ever moves. As they are, tags count by how much they vary: ' +
      'for tags of one unit, or scaled by their range.',
  },
  memory: { ...memoryParam, max: MOST_WINDOWS, help: MEMORY_HELP },
} as const satisfies ParamSpecs;

export type PcaParams = ParamsOf<typeof specs>;

/** Wider matrices take minutes for each of the fits. */
const MOST_WIDTH = 2048;
const FEWEST = 20;

/**
 * Principal component analysis of windows, standardised unless told otherwise, with Hotelling's T² and Q.
 *
 * Scores are square roots (distances, like those of the other detectors): √(T²/limit), √(Q/limit), √(T²/limit + Q/limit).
 *
 * @see Jackson and Mudholkar 1979 (Q), Tracy, Young and Mason 1992 (T²), Yue and Qin 2001 (both), MacGregor and Kourti 1995.
 */
export const pca = windowDetector<PcaParams>({
  info: {
    id: 'pca',
    title: 'PCA (T² and Q)',
    summary:
      'Finds the few movements that normal data are made of, and scores how far a window goes along them (T²) and how much of it they do ' +
      'not explain (Q). The standard of process monitoring; shows what was expected.',
    shows: 'the loadings of its components and its control limits',
    whenItFails:
      'Relations that are not linear, several operating modes in one model, and few training rows with many tags: the limits are then too narrow.',
    source:
      'Jackson and Mudholkar 1979; Tracy, Young and Mason 1992; Yue and Qin 2001. Components equal scikit-learn 1.9, weighted scores PyOD 3.6',
    presets: [
      { id: 'fast', help: 'Learns from 3,000 windows.', params: { memory: 3000 } },
      { id: 'balanced', help: 'T² and Q of windows, joined over the span.', params: {} },
      { id: 'paper', help: 'T² and Q of single rows, as on a control chart.', params: { window: 1, span: 0 } },
    ],
  },
  specs,
  windows: ({ memory }) => ({ most: memory, least: FEWEST, values: MOST_VALUES }),
  arrays(_, { width }) {
    requireWidth(width);
    return [
      { name: 'mean', shape: [width] },
      { name: 'scale', shape: [width] },
      { name: 'variances', shape: [width] },
      { name: 'vectors', shape: [width, width] },
      { name: 'rows', shape: [1] },
    ];
  },
  async fitter(_, sample, { width }, { scaling }, run) {
    const fit = await componentsFitter(sample, width, run.checkpoint, scaling);
    return async (use) => {
      const stored = Object.entries(await fit(use)).map(([name, values]) => [name, Float32Array.from(values)] as const);
      return { ...Object.fromEntries(stored), rows: Float32Array.of(use.length) };
    };
  },
  open: (_, fitted, shape, params) => pcaReader(asComponents(fitted), fitted['rows']![0]!, shape, params),
  insight: ({ fitted, shape, params, tags }, request, run) =>
    componentsOf(asComponents(fitted), fitted['rows']![0]!, shape, params, tags, request, run),
});

function asComponents(fitted: Fitted): Components {
  return { mean: fitted['mean']!, scale: fitted['scale']!, variances: fitted['variances']!, vectors: fitted['vectors']! };
}

function pcaReader(components: Components, rows: number, { width, channels: c }: WindowShape, params: PcaParams): WindowReader {
  const control = controlOf(components, rows, params);
  const statistics = new Statistics(components, control, params.score);
  const scoreOf = ({ t2, q, weighted }: RowStatistics): number => {
    const [overT2, overQ] = [t2 / control.t2Limit, q / control.qLimit];
    if (params.score === 'weighted') return weighted;
    return Math.sqrt(params.score === 't2' ? overT2 : params.score === 'q' ? overQ : overT2 + overQ);
  };
  return {
    chunk: CHUNK,
    read(windows, onlyPoints = false) {
      const count = windows.length / width;
      const reading = {
        points: new Float64Array(count),
        energy: new Float64Array(onlyPoints ? 0 : count * c),
        expected: new Float32Array(count * c),
      };
      for (let row = 0; row < count; row++) {
        const result = statistics.of(windows, row, onlyPoints);
        reading.points[row] = scoreOf(result);
        for (let tag = 0, at = row * c; tag < c; tag++, at++) {
          reading.expected[at] = result.rebuilt[width - c + tag]!;
          for (let j = tag; !onlyPoints && j < width; j += c) reading.energy[at] = reading.energy[at]! + result.parts[j]!;
        }
      }
      return reading;
    },
    dispose: () => undefined,
  };
}

function requireWidth(width: number): void {
  if (width <= MOST_WIDTH) return;
  throw new FaultlineError(
    'detector/bad-params',
    `PCA works on windows of at most ${MOST_WIDTH} values (samples times tags), not ${width}. Choose a shorter window or fewer tags.`,
    { width, most: MOST_WIDTH },
  );
}
