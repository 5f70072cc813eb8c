import { FaultlineError } from '../../errors';
import type { Detector } from '../detector';
import type { ParamSpecs, ParamsOf } from '../params';
import { Blame } from '../shared/blame';
import type { WindowReader } from '../shared/score-windows';
import { Whitener } from '../shared/whitening';
import { CHUNK, windowDetector, type WindowShape } from '../shared/window-detector';
import { memoryParam, proposeWindow, spanParam, windowParam } from '../shared/window-params';
import { statesByCriterion, statesByShare, variatesFitter, type Variates } from './model';
import { formsOf, rootOf, sumOfForms } from './statistic';

const specs = {
  window: { ...windowParam, help: 'Rows of the past that the state is made of. 1 takes the last row alone.' },
  span: spanParam,
  ahead: {
    ...{ kind: 'integer', default: 0, min: 0, max: 64, unit: 'samples', title: 'Rows ahead', expert: true },
    help: 'Rows of the future that the state has to foresee while it is learned; 0: as many as of the past. Scores use none.',
  },
  score: {
    ...{ kind: 'choice', default: 'residual', title: 'Statistic' },
    choices: [
      { value: 'residual', title: 'T² of what the states leave' },
      { value: 'states', title: 'T² of the states' },
      { value: 'q', title: 'Q: squared error of the states' },
      { value: 'combined', title: 'All three over their limits, added' },
    ],
    help:
      'States are what of the past tells the future. Their T² sees that the process goes unusually far, also where it only wanders; ' +
      'the other two see what should not be there at all.',
  },
  order: {
    ...{ kind: 'choice', default: 'aic', title: 'Number of states by' },
    choices: [
      { value: 'aic', title: 'Akaike’s criterion' },
      { value: 'share', title: 'Share of the canonical correlations' },
    ],
    help: 'The first weighs the error of one step against the numbers to be learned.',
  },
  states: {
    ...{ kind: 'integer', default: 0, min: 0, max: 500, unit: '', title: 'States', expert: true },
    help: 'Their number; 0 lets it be found as said above.',
  },
  share: {
    ...{ kind: 'number', default: 0.9, min: 0.3, max: 0.999, unit: '', title: 'Share kept', expert: true },
    help: 'Of the sum of squared canonical correlations, where the number of states is found by it.',
  },
  shrinkage: {
    ...{ kind: 'number', default: 0.1, min: 0.001, max: 1, unit: '', title: 'Shrinkage', expert: true },
    help: 'How far the covariance is drawn towards equal, independent tags: more for few training rows.',
  },
  confidence: {
    ...{ kind: 'number', default: 0.99, min: 0.9, max: 0.9999, unit: '', title: 'Confidence of the limits', expert: true },
    help: 'Share of normal rows below the control limits, in whose units scores are given.',
  },
  memory: memoryParam,
} as const satisfies ParamSpecs;

export type CvaParams = ParamsOf<typeof specs>;

/** Wider pasts or futures take minutes for each of the fits. */
const MOST_WIDTH = 600;
const FEWEST = 20;

const aheadOf = ({ window, ahead }: CvaParams): number => ahead || window;

const windowed = windowDetector<CvaParams>({
  info: {
    id: 'cva',
    title: 'Canonical variates (CVA)',
    summary:
      'Learns which combinations of the last rows tell the next ones, the states of the process, and watches them and what they leave over. ' +
      'For plants with dynamics: controllers, delays, slow tanks.',
    whenItFails:
      'Relations that are not linear, several operating modes in one model, and few training rows with many tags: limits of theory are then ' +
      'far too narrow.',
    source:
      'Larimore 1990; Chiang, Russell and Braatz 2001, chapter 7; Russell, Chiang and Braatz 2000; Alcala and Qin 2009 (contributions)',
    presets: [
      { id: 'fast', help: 'Two rows of past and future, from 3,000 windows.', params: { window: 2, memory: 3000 } },
      { id: 'balanced', help: 'T² of what the states leave, joined over the span.', params: {} },
      {
        id: 'paper',
        help: 'Row by row with hardly any shrinkage, as in the source.',
        params: { span: 0, shrinkage: 0.001 },
      },
    ],
  },
  specs,
  windows: ({ memory }) => ({ most: memory, least: FEWEST }),
  ahead: aheadOf,
  arrays(params, shape) {
    requireWidth(Math.max(shape.width, aheadOf(params) * shape.channels));
    return [
      { name: 'mean', shape: [shape.width] },
      // W of the form x'WW'x.
      { name: 'root', shape: [shape.width, shape.width] },
    ];
  },
  async fitter(_, sample, { width: past, channels }, params, run) {
    const fit = await variatesFitter(
      sample,
      { past, future: aheadOf(params) * channels, channels },
      params.shrinkage,
      run.checkpoint,
    );
    const count = sample.length / (past + aheadOf(params) * channels);
    return async (use) => {
      const variates = await fit(use);
      const k = statesOf(variates, channels, params);
      if (use.length === count) {
        const log = `${k} states, canonical correlations ${[...variates.correlations.slice(0, 5)].map((r) => r.toFixed(2)).join(', ')}, …`;
        run.report({ stage: 'fit', done: count, total: count, unit: 'windows', log });
      }
      const forms = formsOf(variates, k, params.confidence);
      await run.checkpoint();
      const chosen = params.score === 'combined' ? Object.values(forms) : [forms[params.score]];
      const root = rootOf(sumOfForms(chosen), past);
      const { mean, scale } = variates;
      return { mean: Float32Array.from(mean), root: Float32Array.from(root, (value, i) => value / scale[Math.floor(i / past)]!) };
    };
  },
  open(tf, fitted, shape) {
    const form = { mean: fitted['mean']!, inverse: fitted['root']!, variance: new Float32Array(0) };
    return formReader(new Whitener(tf, form), shape.channels > 1 ? new Blame(tf, form, shape.channels) : null, shape);
  },
});

/**
 * Canonical variate analysis: the combinations of the past that tell most about the future are the states of the process.
 *
 * Each statistic is a quadratic form xᵀMx of the standardised past; scores are square roots of it over its limit. A tag's share is what
 * the form would lose if the tag were what the others make of it (blame.ts).
 */
export const cva: Detector<CvaParams> = {
  ...windowed,
  propose(facts) {
    const proposed = proposeWindow(facts);
    return { ...proposed, window: Math.max(1, Math.min(proposed['window'] as number, Math.floor(MOST_WIDTH / facts.channels))) };
  },
};

function statesOf(variates: Variates, channels: number, { states, order, share }: CvaParams): number {
  if (states > 0) return Math.min(states, variates.correlations.length);
  return order === 'aic' ? statesByCriterion(variates, channels) : statesByShare(variates, share);
}

function formReader(form: Whitener, blame: Blame | null, { width }: WindowShape): WindowReader {
  return {
    chunk: CHUNK,
    read(windows) {
      const parts = form.apply(windows);
      const points = new Float64Array(windows.length / width);
      parts.forEach((part, i) => (points[Math.floor(i / width)] = points[Math.floor(i / width)]! + part * part));
      return { points: points.map(Math.sqrt), energy: blame ? blame.parts(parts) : new Float64Array(points.length) };
    },
    dispose: () => form.dispose(),
  };
}

function requireWidth(width: number): void {
  if (width <= MOST_WIDTH) return;
  throw new FaultlineError(
    'detector/bad-params',
    `CVA works on pasts and futures of at most ${MOST_WIDTH} values (samples times tags), not ${width}. Choose a shorter window or fewer tags.`,
    { width, most: MOST_WIDTH },
  );
}
