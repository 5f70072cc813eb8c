import type { DataFacts } from './detector';

/** A detector for a new user, with the reason in words and in figures. */
export interface Recommendation {
  readonly id: string;
  readonly why: string;
}

/**
 * Honest figures of docs/papers.md, medians over seeds: no label of the test chose anything. A test holds them to the results of the bench.
 * VUS-PR and event F1 on five NAB series; VUS-PR on SKAB valve1; share of faulty rows missed on the Tennessee Eastman plant at 1 % false alarms.
 */
export const measured = {
  oneTag: {
    'hreg-vae-lstm': { vusPr: 0.764, eventF1: 0.626 },
    lof: { vusPr: 0.755, eventF1: 0.65 },
    knn: { vusPr: 0.743, eventF1: 0.65 },
  },
  manyTags: {
    'whitened-windows': { vusPr: 0.94, missed: 0.07 },
    knn: { vusPr: 0.84, missed: 0.25 },
  },
} as const;

/** Spans that the training part must hold before a network is worth its training. */
const ENOUGH_SPANS = 500;
/** Windows in a row that the network reads unless told otherwise. */
const WINDOWS_IN_A_ROW = 7;
/** Rows of several tags from which a covariance of windows is sound. */
const ENOUGH_ROWS = 200;

interface Rule {
  readonly id: string;
  readonly fits: (facts: DataFacts) => boolean;
  readonly why: (facts: DataFacts) => string;
}

const rows = (count: number): string => `${count.toLocaleString('en')} rows`;
const networkFits = ({ trainRows, windowSamples }: DataFacts): boolean =>
  trainRows >= ENOUGH_SPANS + WINDOWS_IN_A_ROW * windowSamples;
const figure = (value: number): string => value.toFixed(2).replace(/^0/, '');
const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** First that fits and exists wins. */
const rules: readonly Rule[] = [
  {
    id: 'whitened-windows',
    fits: ({ channels, trainRows }) => channels > 1 && trainRows >= ENOUGH_ROWS,
    why: ({ channels, trainRows }) => {
      const { 'whitened-windows': own, knn } = measured.manyTags;
      return (
        `Best on average for several tags in our measurements: it missed ${percent(own.missed)} of the faulty rows of a chemical plant where nearest ` +
        `neighbours missed ${percent(knn.missed)}, and ranked those of a water rig with ${figure(own.vusPr)} of 1 (VUS-PR; nearest neighbours ` +
        `${figure(knn.vusPr)}). It learns from ${rows(trainRows)} of ${channels} tags in seconds.`
      );
    },
  },
  {
    id: 'hreg-vae-lstm',
    fits: networkFits,
    why: ({ channels, trainRows }) => {
      const { 'hreg-vae-lstm': own, lof, knn } = measured.oneTag;
      return (
        `Among the best for one tag in our measurements: VUS-PR ${figure(own.vusPr)} on five series, as the local outlier factor (${figure(lof.vusPr)}); ` +
        `nearest neighbours ${figure(knn.vusPr)}. With thresholds without labels the three are level, and this one also shows what was expected. ` +
        `${rows(trainRows)} train: enough for a network${channels > 1 ? '; with several tags it is less sure' : ''}.`
      );
    },
  },
  {
    id: 'robust-z',
    fits: () => true,
    why: ({ trainRows }) =>
      `${rows(trainRows)} train: too few for patterns in time. Robust distances of single values need no more than that, and are a sound first look.`,
  },
];

/**
 * The detector that is best on average by the honest protocol of docs/papers.md for data like these: no labels of the test part, a
 * threshold without labels, equal windows and aggregation.
 *
 * @param ids - detectors that exist and can be trained here; not empty.
 */
export function recommend(facts: DataFacts, ids: readonly string[]): Recommendation {
  const rule = rules.find(({ id, fits }) => ids.includes(id) && fits(facts));
  if (rule) return { id: rule.id, why: rule.why(facts) };
  return { id: ids[0]!, why: 'The first detector of the list: none of the measured ones can be trained here.' };
}
