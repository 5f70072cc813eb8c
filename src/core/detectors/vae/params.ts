import type { DataFacts, Preset } from '../detector';
import type { ParamSpecs, ParamsOf } from '../params';
import { trainingParams } from '../shared/training-params';
import { vaeParams } from '../shared/vae-params';
import { proposeWindow, spanParam, windowParam } from '../shared/window-params';

export const specs = {
  window: {
    ...{ ...windowParam, default: 24, min: 2 },
    help: 'Rows that are written as one code and rebuilt together. About one short cycle or the length of a typical disturbance.',
  },
  span: { ...spanParam, default: 0 },
  score: {
    ...{ kind: 'choice', default: 'reconstruction', title: 'Score' },
    choices: [
      { value: 'reconstruction', title: 'Reconstruction: how far the window is from what the network makes of it' },
      { value: 'elbo', title: 'Negative ELBO: the same, and how unusual the code of the window is' },
    ],
    help: 'Both read the same trained network. The reconstruction error is in standard deviations of the signals.',
  },
  ...vaeParams,
  steps: {
    ...{ kind: 'integer', default: 1500, min: 10, max: 50_000, unit: 'steps', title: 'Training steps', expert: true },
    help: 'At most; training stops earlier when the validation loss no longer falls.',
  },
  ...trainingParams,
} as const satisfies ParamSpecs;

export type VaeParams = ParamsOf<typeof specs>;

export const presets: readonly Preset[] = [
  { id: 'fast', help: 'A third of the training steps: a first look in some seconds.', params: { steps: 500 } },
  { id: 'balanced', help: 'The default settings for your data.', params: {} },
  {
    id: 'paper',
    help: 'The baseline of Xu and Wang 2025: windows of 24 samples, each scored by itself.',
    params: { window: 24, span: 0, score: 'reconstruction' },
  },
];

/** As all window detectors, so that a comparison is one of methods. */
export function propose(facts: DataFacts) {
  const { window, span } = proposeWindow(facts);
  return { window: Math.max(specs.window.min, window), span };
}
