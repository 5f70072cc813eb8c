import type { DataFacts } from './detector';

/** A detector for a new user, with the reason in words and in figures. */
export interface Recommendation {
  readonly id: string;
  readonly why: string;
}

/** Windows of the network's span that the training part must hold before a network is worth its training. */
const ENOUGH_WINDOWS = 500;
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
  trainRows >= ENOUGH_WINDOWS + WINDOWS_IN_A_ROW * windowSamples;

/** First that fits and exists wins. The figures are those of docs/papers.md. */
const rules: readonly Rule[] = [
  {
    id: 'whitened-windows',
    fits: ({ channels, trainRows }) => channels > 1 && trainRows >= ENOUGH_ROWS,
    why: ({ channels, trainRows }) =>
      `Best on average for several tags (docs/papers.md): of the Tennessee Eastman plant it missed 7 % of faulty samples where the network ` +
      `missed 10 to 14 %. ${channels} tags, ${rows(trainRows)} train.`,
  },
  {
    id: 'hreg-vae-lstm',
    fits: networkFits,
    why: ({ channels, trainRows }) =>
      `Best on average for ${channels === 1 ? 'one tag' : 'series with a rhythm'} (docs/papers.md): F1 .78 on five series against .75 of ` +
      `the nearest neighbours and .63 of the published score, each at its best threshold. ${rows(trainRows)} train: enough for a network.`,
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
