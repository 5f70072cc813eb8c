import type { ParamSpecs } from '../params';

/** How the one network of a detector is trained. */
export const trainingParams = {
  batch: {
    ...{ kind: 'integer', default: 128, min: 4, max: 1024, unit: 'windows', title: 'Batch size', expert: true },
    help: 'Windows that one training step looks at.',
  },
  rate: {
    ...{ kind: 'number', default: 0.001, min: 0.00001, max: 0.1, unit: '', title: 'Learning rate', expert: true },
    help: 'At the start; it falls to 0 along a cosine. Smaller is slower and safer.',
  },
  earlyStopping: {
    ...{ kind: 'flag', default: true, title: 'Early stopping', expert: true },
    help: 'Stop when 30 evaluations (300 steps) in a row bring no better validation loss. The best state is kept either way.',
  },
} as const satisfies ParamSpecs;
