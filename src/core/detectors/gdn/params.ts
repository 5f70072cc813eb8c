import type { DataFacts, Preset } from '../detector';
import type { ParamSpecs, ParamsOf } from '../params';
import { trainingParams } from '../shared/training-params';
import { proposeWindow, spanParam, windowParam } from '../shared/window-params';

export const specs = {
  window: {
    ...{ ...windowParam, default: 6, min: 2 },
    help: 'Rows that are looked at, the row that is judged included: the rows before it forecast it.',
  },
  span: {
    ...{ ...spanParam, default: 0 },
    help: 'Rows whose scores are joined (fourth-power mean), which calms them and finds lasting faults. 0: each row by itself.',
  },
  neighbours: {
    ...{ kind: 'integer', default: 15, min: 1, max: 200, unit: 'tags', title: 'Neighbours K' },
    help: 'Other tags that the forecast of a tag may look at: those whose learned embeddings are most alike.',
  },
  embedding: {
    ...{ kind: 'integer', default: 32, min: 2, max: 256, unit: '', title: 'Embedding size', expert: true },
    help: 'Numbers that describe a tag, and what is passed along an edge of the graph.',
  },
  hidden: {
    ...{ kind: 'integer', default: 64, min: 2, max: 512, unit: '', title: 'Hidden units', expert: true },
    help: 'Width of the layer that makes the forecast.',
  },
  steps: {
    ...{ kind: 'integer', default: 1500, min: 10, max: 50_000, unit: 'steps', title: 'Training steps', expert: true },
    help: 'At most; training stops earlier when the validation loss no longer falls.',
  },
  ...trainingParams,
} as const satisfies ParamSpecs;

export type GdnParams = ParamsOf<typeof specs>;

export const presets: readonly Preset[] = [
  { id: 'fast', help: 'A third of the training steps: a first look.', params: { steps: 500 } },
  { id: 'balanced', help: 'The default settings for your data.', params: {} },
  {
    id: 'paper',
    help: 'Five rows forecast the next, 15 neighbours, embeddings of 64, scores over 4 rows, as Deng and Hooi 2021 on SWaT.',
    params: { window: 6, span: 4, neighbours: 15, embedding: 64, hidden: 64 },
  },
];

/** A forecast needs some rows to read, where other methods do with fewer. */
const LEAST_PROPOSED = 6;

/** Joined over the same span as all window detectors, so that a comparison is one of methods. */
export function propose(facts: DataFacts) {
  const { window, span } = proposeWindow(facts);
  return { window: Math.max(LEAST_PROPOSED, window), span };
}
