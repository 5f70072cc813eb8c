import type { DataFacts, Preset } from '../detector';
import type { ParamSpecs, ParamsOf } from '../params';
import { trainingParams } from '../shared/training-params';
import { proposeWindow, spanParam, windowParam } from '../shared/window-params';

export const specs = {
  window: {
    ...{ ...windowParam, default: 24 },
    help: 'Rows that are squeezed into one code together. 1 looks at each row by itself, as the source does.',
  },
  span: { ...spanParam, default: 0 },
  components: {
    ...{ kind: 'integer', default: 4, min: 1, max: 12, unit: '', title: 'Mixture components' },
    help: 'Kinds of normal operation that are told apart, each a cloud of codes. More than there are does little harm.',
  },
  latent: {
    ...{ kind: 'integer', default: 2, min: 1, max: 8, unit: '', title: 'Code size', expert: true },
    help: 'Numbers that a window is squeezed into. How well it is rebuilt is added to them as two more.',
  },
  hidden: {
    ...{ kind: 'integer', default: 64, min: 2, max: 512, unit: '', title: 'Hidden units', expert: true },
    help: 'Width of the layer before and of the layer after the code.',
  },
  energyWeight: {
    ...{ kind: 'number', default: 0.1, min: 0, max: 10, unit: '', title: 'Weight of the energy λ1', expert: true },
    help: 'How much a code that is likely under the mixture counts in training beside a window that is rebuilt well.',
  },
  spreadWeight: {
    ...{ kind: 'number', default: 0.005, min: 0, max: 1, unit: '', title: 'Weight of the spread λ2', expert: true },
    help: 'How much clouds without any width are avoided. 0 lets a cloud shrink to a point.',
  },
  steps: {
    ...{ kind: 'integer', default: 1500, min: 10, max: 50_000, unit: 'steps', title: 'Training steps', expert: true },
    help: 'At most; training stops earlier when the validation loss no longer falls.',
  },
  ...trainingParams,
} as const satisfies ParamSpecs;

export type DagmmParams = ParamsOf<typeof specs>;

export const presets: readonly Preset[] = [
  { id: 'fast', help: 'A third of the training steps: a first look in some seconds.', params: { steps: 500 } },
  { id: 'balanced', help: 'The default settings for your data.', params: {} },
  {
    id: 'paper',
    help: 'Single rows, one number and four components, as Zong et al. 2018 on network traffic.',
    params: { window: 1, span: 0, latent: 1, components: 4, batch: 1024, rate: 0.0001, steps: 20_000 },
  },
];

/** As all window detectors, so that a comparison is one of methods. */
export function propose(facts: DataFacts) {
  return proposeWindow(facts);
}
