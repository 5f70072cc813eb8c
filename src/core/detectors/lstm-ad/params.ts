import type { DataFacts, Preset } from '../detector';
import type { ParamSpecs, ParamsOf } from '../params';
import type { StackShape } from '../../tensor/lstm-stack';
import { trainingParams } from '../shared/training-params';
import { proposeWindow, spanParam, windowParam } from '../shared/window-params';

export const specs = {
  window: {
    ...{ ...windowParam, default: 96, min: 2 },
    help: 'Rows that the network reads, the row that is judged included; also the sequences it is trained on. Some cycles of the signal.',
  },
  span: {
    ...{ ...spanParam, default: 0 },
    help: 'Rows whose scores are joined (fourth-power mean), which calms them and finds lasting faults. 0: each row by itself.',
  },
  ahead: {
    ...{ kind: 'integer', default: 5, min: 1, max: 48, unit: 'samples', title: 'Samples forecast l' },
    help:
      'How far ahead the network forecasts, at most half the window. Each row is then judged by as many forecasts: the longer ones see ' +
      'a fault that the shorter ones follow.',
  },
  score: {
    ...{ kind: 'choice', default: 'distance', title: 'Score' },
    choices: [
      { value: 'distance', title: 'Distance: errors in their normal standard deviations (Mahalanobis)' },
      { value: 'likelihood', title: 'Negative log likelihood: half the squared distance; weighs large errors more' },
    ],
    help: 'Both measure how unusual the errors of all forecasts of a row are, given the errors of normal rows.',
  },
  layers: {
    ...{ kind: 'integer', default: 2, min: 1, max: 4, unit: '', title: 'LSTM layers', expert: true },
    help: 'Layers on top of each other. Two are the source’s; more learn slower rhythms and train slower.',
  },
  hidden: {
    ...{ kind: 'integer', default: 32, min: 4, max: 256, unit: '', title: 'Hidden units', expert: true },
    help: 'Memory cells of each layer. More follow complicated signals and cost more time.',
  },
  steps: {
    ...{ kind: 'integer', default: 1500, min: 10, max: 50_000, unit: 'steps', title: 'Training steps', expert: true },
    help: 'At most; training stops earlier when the validation loss no longer falls.',
  },
  ...trainingParams,
  batch: { ...trainingParams.batch, default: 64 },
  rate: { ...trainingParams.rate, default: 0.01 },
} as const satisfies ParamSpecs;

export type LstmAdParams = ParamsOf<typeof specs>;

export const presets: readonly Preset[] = [
  { id: 'fast', help: 'One layer and a third of the training steps: a first look.', params: { layers: 1, steps: 500 } },
  { id: 'balanced', help: 'The default settings for your data.', params: {} },
  {
    id: 'paper',
    help: 'Two layers of 35 units, 3 samples ahead, each row scored by itself with its likelihood, in the manner of Malhotra et al. 2015.',
    params: { layers: 2, hidden: 35, ahead: 3, score: 'likelihood', span: 0 },
  },
];

/** A forecast needs some rows to read, where other methods do with fewer. */
const LEAST_PROPOSED = 12;

/** Joined over the same span as all window detectors, so that a comparison is one of methods. */
/**
 * Windows of the data's rhythm that are read: on training parts, four left a lower validation loss than one or two.
 */
const WINDOWS_READ = 4;
/** Training rows for each row that is read. */
const ROWS_A_WINDOW_ROW = 12;

export function propose(facts: DataFacts) {
  const { span } = proposeWindow(facts);
  const most = Math.min(specs.window.max, Math.floor(facts.trainRows / ROWS_A_WINDOW_ROW));
  return { window: Math.max(LEAST_PROPOSED, Math.min(most, WINDOWS_READ * facts.windowSamples)), span };
}

/** Samples forecast l: half of a window at least is read before the first forecast that counts. */
export function aheadOf({ window, ahead }: LstmAdParams): number {
  return Math.min(ahead, Math.floor(window / 2));
}

/** The network: all channels in, l samples of all channels out at every step. */
export function shapeOf(params: LstmAdParams, channels: number): StackShape {
  return { inputs: channels, hidden: params.hidden, layers: params.layers, outputs: aheadOf(params) * channels };
}
