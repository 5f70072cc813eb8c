import type { ParamSpecs, ParamsOf } from '../params';

export const specs = {
  order: {
    ...{ kind: 'choice', default: 'fixed', title: 'Order' },
    choices: [
      { value: 'fixed', title: 'As given below' },
      { value: 'aic', title: 'Chosen for each tag, up to the values below (Akaike)' },
    ],
    help: 'How many values and surprises the forecast looks back. Choosing it for each tag takes about ten times as long.',
  },
  p: {
    ...{ kind: 'integer', default: 3, min: 0, max: 12, unit: 'samples', title: 'Autoregressive order p' },
    help: 'How many of the last values the forecast uses.',
  },
  q: {
    ...{ kind: 'integer', default: 2, min: 0, max: 12, unit: 'samples', title: 'Moving-average order q' },
    help: 'How many of the last forecast errors the forecast uses.',
  },
  differences: {
    ...{ kind: 'integer', default: 0, min: 0, max: 1, unit: '', title: 'Differencing d' },
    help: 'With 1 the changes from row to row are forecast in place of the values: for signals that wander without a level of their own.',
  },
  span: {
    ...{ kind: 'integer', default: 0, min: 0, max: 10_000, unit: 'samples', title: 'Aggregation span L' },
    help: 'The score becomes the power mean of the scores of the last L rows, so that it can be compared with window detectors; 0: no aggregation.',
  },
  combine: {
    ...{ kind: 'choice', default: 'max', title: 'Combination of tags' },
    choices: [
      { value: 'max', title: 'Largest: one surprising tag is enough' },
      { value: 'rms', title: 'Root mean square: all tags count' },
    ],
    help: 'How the surprises of the tags become one score.',
  },
  estimation: {
    ...{ kind: 'choice', default: 'css', title: 'Estimation', expert: true },
    choices: [
      { value: 'css', title: 'Conditional sum of squares: faster' },
      { value: 'exact', title: 'Exact likelihood (Kalman filter): better for few rows' },
    ],
    help: 'What the coefficients of a tag are fitted by. Scoring uses the Kalman filter either way.',
  },
  fitRows: {
    ...{ kind: 'integer', default: 20_000, min: 200, max: 1_000_000, unit: 'rows', title: 'Rows fitted at most', expert: true },
    help: 'A longer training period is fitted on its last rows only (before the held-out ones), so that the time stays bounded.',
  },
} as const satisfies ParamSpecs;

export type ArmaParams = ParamsOf<typeof specs>;

/** Rows at the start of a segment from which nothing can be forecast yet. */
export function settleRows({ p, q, differences }: ArmaParams): number {
  return Math.max(p, q) + differences;
}

/** Rows behind one score. */
export function spanOf({ span }: ArmaParams): number {
  return Math.max(1, span);
}
