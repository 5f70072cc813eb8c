import { FaultlineError } from '../errors';
import type { Detector } from './detector';
import type { ParamSpecs } from './params';

/** Id of models that hold no weights of their own: their run was combined from stored runs. */
export const ensembleId = 'ensemble';

const params = {
  method: {
    kind: 'choice',
    title: 'How members are combined',
    help: 'Rank average: the mean percentile rank against normal scores, given as −log10(1 − rank). Highest: the largest −log10 of the members’ p-values.',
    default: 'rank-average',
    choices: [
      { value: 'rank-average', title: 'Rank average' },
      { value: 'max-p', title: 'Highest of the p-values' },
    ],
  },
} as const satisfies ParamSpecs;

const refusal = (): never => {
  throw new FaultlineError(
    'detector/untrainable',
    'An ensemble has nothing of its own to train or to score with. Score the data with each member, then combine the runs.',
  );
};

/** What reports and screens need to name a combined run. It is on no list of detectors to choose from. */
export const ensemble: Detector = {
  info: {
    id: ensembleId,
    formatVersion: 1,
    title: 'Ensemble',
    summary:
      'Turns the scores of several runs over the same rows into p-values against normal scores of each, and combines them. ' +
      'It steadies methods that err in different places.',
    whenItFails: 'When its members err in the same places, or when one of them is much better than the others.',
    channels: 'any',
    params,
    warmUp: () => 0,
    source:
      'Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005 (conformal p-values); ' +
      'Aggarwal and Sathe, ACM SIGKDD Explorations 17, 2015 (average and maximum of outlier scores).',
  },
  train: async () => refusal(),
  restore: async () => refusal(),
  size: () => refusal(),
};
