import type { DataFacts, Preset } from '../detector';
import type { ParamSpecs, ParamsOf } from '../params';
import { trainingParams } from '../shared/training-params';
import { proposeWindow, spanParam, windowParam } from '../shared/window-params';

export const specs = {
  window: {
    ...{ ...windowParam, default: 24 },
    help: 'Rows that are squeezed into one code and rebuilt together. 1 looks at each row by itself: relations between tags, no shapes.',
  },
  span: { ...spanParam, default: 0 },
  hidden: {
    ...{ kind: 'integer', default: 64, min: 2, max: 512, unit: '', title: 'Hidden units', expert: true },
    help: 'Width of the layer before and of the layer after the code.',
  },
  latent: {
    ...{ kind: 'integer', default: 16, min: 1, max: 256, unit: '', title: 'Code size', expert: true },
    help: 'Numbers that a window is squeezed into. With more than the data need, faults are rebuilt as well and stay unseen.',
  },
  steps: {
    ...{ kind: 'integer', default: 1500, min: 10, max: 50_000, unit: 'steps', title: 'Training steps', expert: true },
    help: 'At most; training stops earlier when the validation loss no longer falls.',
  },
  ...trainingParams,
} as const satisfies ParamSpecs;

export type AutoencoderParams = ParamsOf<typeof specs>;

export const presets: readonly Preset[] = [
  { id: 'fast', help: 'A third of the training steps: a first look in some seconds.', params: { steps: 500 } },
  { id: 'balanced', help: 'The default settings for your data.', params: {} },
  {
    id: 'paper',
    help: 'Layers of 64, 16 and 64 units, each window scored by itself, as the autoencoders that both papers compare with.',
    params: { hidden: 64, latent: 16, span: 0 },
  },
];

/**
 * One tag: a window as long as the span, because 16 numbers squeeze nothing out of a short one. Everywhere a code of at most half the
 * values of a window.
 */
export function propose(facts: DataFacts) {
  const { window: short, span } = proposeWindow(facts);
  const window = facts.channels > 1 ? short : Math.min(Math.max(short, span), specs.window.max);
  return { window, span, latent: Math.min(specs.latent.default, Math.ceil((window * facts.channels) / 2)) };
}
