import type { ParamSpecs, ParamsOf } from '../params';
import { vaeParams } from '../shared/vae-params';

export const specs = {
  window: {
    ...{ kind: 'integer', default: 24, min: 2, max: 512, unit: 'samples', title: 'Window p' },
    help: 'Length of one window. About one short cycle or the length of a typical disturbance.',
  },
  windows: {
    ...{ kind: 'integer', default: 7, min: 2, max: 32, unit: 'windows', title: 'Windows in a row k' },
    help: 'How many windows in a row the forecast sees. A score covers p times k samples, for example a whole week of daily windows.',
  },
  score: {
    ...{ kind: 'choice', default: 'sharp', title: 'Score' },
    choices: [
      { value: 'sharp', title: 'Sharp: whitened residual against remembered normal windows' },
      { value: 'paper', title: 'Paper: forecast error of Xu and Wang, Eq. 4' },
    ],
    help: 'Both read the same trained network. The sharp score places an event more exactly; the paper score is the published one.',
  },
  statistics: {
    ...{ kind: 'choice', default: 'auto', title: 'Normal residuals', expert: true },
    choices: [
      {
        value: 'auto',
        title: 'Automatic: out of fold for several tags with fewer than 5,000 rows (and at least five spans), else all rows',
      },
      { value: 'out-of-fold', title: 'Out of fold: five more networks, each without one block' },
      { value: 'tail', title: 'Tail: only the last rows, which no network saw' },
      { value: 'all', title: 'All: also rows that the network was trained on' },
    ],
    help:
      'Where the sharp score takes its picture of normal residuals from. A network rebuilds what it was trained on better than new data, ' +
      'so that scores of trained rows are too low to choose a threshold from.',
  },
  ...vaeParams,
  hidden: { ...vaeParams.hidden, help: 'Width of each hidden layer and of the LSTM.' },
  lambda: {
    ...{ kind: 'number', default: 1, min: 0, max: 100, unit: '', title: 'Weight of the gradient penalty λ', expert: true },
    help: 'Strength of the penalty on how fast the network reacts to its input (Hreg, Eq. 1); 0 turns it off.',
  },
  penalty: {
    ...{ kind: 'choice', default: 'jacobian', title: 'Gradient penalty', expert: true },
    choices: [
      { value: 'jacobian', title: 'Reconstruction: random projections of its Jacobian' },
      { value: 'encoder', title: 'Encoder: random projections of the code' },
      { value: 'error', title: 'Error: gradient of the squared reconstruction error' },
    ],
    help: 'Which output the penalty differentiates. The paper does not say.',
  },
  exponent: {
    ...{ kind: 'number', default: 2, min: 1, max: 4, unit: '', title: 'Exponent n of the penalty', expert: true },
    help: 'Power of the gradient norm in Eq. 1.',
  },
  vaeSteps: {
    ...{ kind: 'integer', default: 1200, min: 10, max: 50_000, unit: 'steps', title: 'Training steps of the VAE', expert: true },
    help: 'At most; training stops earlier when the validation loss no longer falls.',
  },
  lstmSteps: {
    ...{ kind: 'integer', default: 800, min: 10, max: 50_000, unit: 'steps', title: 'Training steps of the LSTM', expert: true },
    help: 'At most; training stops earlier when the validation loss no longer falls.',
  },
  batch: {
    ...{ kind: 'integer', default: 64, min: 4, max: 1024, unit: 'windows', title: 'Batch size', expert: true },
    help: 'Windows (VAE) or sequences (LSTM) in one step.',
  },
  vaeRate: {
    ...{ kind: 'number', default: 0.001, min: 0.00001, max: 0.1, unit: '', title: 'Learning rate of the VAE', expert: true },
    help: 'At the start; it falls to 0 along a cosine.',
  },
  lstmRate: {
    ...{ kind: 'number', default: 0.002, min: 0.00001, max: 0.1, unit: '', title: 'Learning rate of the LSTM', expert: true },
    help: 'At the start; it falls to 0 along a cosine.',
  },
  earlyStopping: {
    ...{ kind: 'flag', default: true, title: 'Early stopping', expert: true },
    help: 'Stop when 30 evaluations (300 steps) in a row bring no better validation loss. The best state is kept either way.',
  },
} as const satisfies ParamSpecs;

export type HregParams = ParamsOf<typeof specs>;

/** Rows that one score covers: L = p·k. */
export function spanOf(params: HregParams): number {
  return params.window * params.windows;
}

/** Rows of a window and of a sequence, for the training split. */
export function splitShape(params: HregParams) {
  return { window: params.window, span: spanOf(params), what: `${params.windows} windows of ${params.window} samples` };
}

/** Rows of several tags below which networks are trained out of fold (docs/decisions/0014). */
const FEW_ROWS = 5000;

/** Spans of the training rows from which on each of five folds leaves a sequence to train on and one to validate. */
export const FOLD_SPANS = 5;

/** Where normal residuals are taken from. The paper score has no statistics: its normal scores are those of the tail. */
export function statisticsOf(params: HregParams, rows: number, channels: number): 'out-of-fold' | 'tail' | 'all' {
  if (params.score === 'paper') return 'tail';
  if (params.statistics !== 'auto') return params.statistics;
  return channels > 1 && rows < FEW_ROWS && rows >= FOLD_SPANS * spanOf(params) ? 'out-of-fold' : 'all';
}
