import { mean, median, short, table, withSpread } from '../markdown';
import { atLeast, atMost, type Gate } from './gates';
import { wholeSeeds, type SkabEntry } from './skab';

/** Rows of the test part by what they are and what was said of them. */
export interface Counts {
  readonly hits: number;
  readonly falsely: number;
  readonly missed: number;
  readonly quiet: number;
}

const SMOOTHED_ROWS = 10;
const ABOVE_MEDIAN = 1.5;

/**
 * The protocol behind the benchmark's own table: scores smoothed by the median of the last 10 rows; an alarm above median + 1.5·(maximum − median)
 * of the smoothed scores of the training rows, most of which the model has seen.
 *
 * @param score - of all rows of a file, NaN where none. @param truth - [n] 1 anomalous. @param trainRows - rows before the test part.
 */
export function protocolCounts(score: Float32Array, truth: Uint8Array, trainRows: number): Counts {
  const smooth = Array.from(score, (_, row) => {
    const known = Array.from(score.subarray(Math.max(0, row - SMOOTHED_ROWS + 1), row + 1)).filter(Number.isFinite);
    return known.length === 0 ? Number.NaN : median(known);
  });
  const normal = smooth.slice(0, trainRows).filter(Number.isFinite);
  const middle = median(normal);
  const limit = middle + ABOVE_MEDIAN * (Math.max(...normal) - middle);
  const count = (anomalous: boolean, alarm: boolean): number =>
    smooth.filter((value, row) => row >= trainRows && (truth[row] === 1) === anomalous && value > limit === alarm).length;
  return { hits: count(true, true), falsely: count(false, true), missed: count(true, false), quiet: count(false, false) };
}

interface Rates {
  readonly f1: number;
  /** False alarm rate, missed alarm rate. */
  readonly far: number;
  readonly mar: number;
}

interface Reference extends Rates {
  readonly title: string;
  /** Methods without randomness must come out equal; of the others the F1 must be as good. */
  readonly equal: boolean;
}

const row = (title: string, equal: boolean, f1: number, far: number, mar: number): Reference => ({ title, equal, f1, far, mar });

/** What PyOD, scikit-learn and PyTorch prototypes reach on single rows (VAE: windows), by the contestant that has to reach the same. */
export const skabReferences: Readonly<Record<string, Reference>> = {
  'knn rows': row('KNN', true, 0.784, 0.47, 0.1),
  'lof rows': row('LOF', true, 0.789, 0.5, 0.07),
  'oc-svm rows': row('OC-SVM', true, 0.777, 0.53, 0.07),
  'pca rows': row('PCA, weighted', true, 0.741, 0.39, 0.21),
  'pca rows T²+Q': row('T² + Q', true, 0.756, 0.51, 0.12),
  'isolation-forest rows': row('Isolation forest', false, 0.555, 0.07, 0.59),
  'vae 24': row('VAE', false, 0.803, 0.35, 0.13),
  'gdn rows': row('GDN', false, 0.756, 0.54, 0.11),
  'dagmm rows': row('DAGMM', false, 0.113, 0.05, 0.94),
};
/** T² + Q may be joined and limited in several ways: its alarms may lie elsewhere on the same curve. */
const [F1_EQUAL, RATES_EQUAL] = [0.005, 0.055];
/** Spread of a prototype's F1 that is not told; the forest's, over the files, has seeds of its own. */
const F1_SPREAD = 0.05;

/** Over all files, for each seed. */
function ratesOf(entries: readonly SkabEntry[]): Rates[] {
  const whole = wholeSeeds(entries);
  return [...new Set(whole.map(({ seed }) => seed))].map((seed) => {
    const own = whole.flatMap((entry) => (entry.seed === seed && entry.protocol ? [entry.protocol] : []));
    const sum = (of: keyof Counts): number => own.reduce((total, counts) => total + counts[of], 0);
    const [hits, falsely, missed] = [sum('hits'), sum('falsely'), sum('missed')];
    return {
      f1: (2 * hits) / (2 * hits + falsely + missed),
      far: falsely / (falsely + sum('quiet')),
      mar: missed / (missed + hits),
    };
  });
}

const measured = (entries: readonly SkabEntry[], id: string): Rates[] => {
  const own = entries.filter(({ contestant, protocol }) => contestant === id && protocol);
  return own.length === 0 ? [] : ratesOf(own);
};

export function skabReferenceGates(entries: readonly SkabEntry[]): Gate[] {
  return Object.entries(skabReferences).flatMap(([id, reference]) => {
    const seeds = measured(entries, id);
    const reached = (of: keyof Rates): number | null => (seeds.length === 0 ? null : median(seeds.map((rates) => rates[of])));
    if (!reference.equal) return atLeast(id, 'F1', reference.f1 - F1_SPREAD, reached('f1'));
    const off = (of: keyof Rates): number | null => {
      const value = reached(of);
      return value === null ? null : Math.abs(value - reference[of]);
    };
    return [
      atMost(id, 'difference of F1', F1_EQUAL, off('f1')),
      atMost(id, 'difference of the false alarm rate', RATES_EQUAL, off('far')),
      atMost(id, 'difference of the missed alarm rate', RATES_EQUAL, off('mar')),
    ];
  });
}

export function skabProtocolPage(entries: readonly SkabEntry[]): string[] {
  const ids = [...new Set(entries.map(({ contestant }) => contestant))].filter((id) => measured(entries, id).length > 0);
  if (ids.length === 0) return [];
  const lines = ids
    .map((id) => ({ id, rates: measured(entries, id), reference: skabReferences[id] }))
    .sort((a, b) => mean(b.rates.map(({ f1 }) => f1)) - mean(a.rates.map(({ f1 }) => f1)));
  return [
    "### By the benchmark's own protocol",
    '',
    `Scores smoothed by the median of ${SMOOTHED_ROWS} rows; an alarm above median + ${ABOVE_MEDIAN}·(maximum − median) of the scores of the training rows; counts over all files. _rows_ are`,
    'detectors on single rows, as in the prototypes behind the references (in brackets); all others are those of the table above. "All anomalous" has F1 .698. Methods',
    `without randomness have to agree with their reference (F1 within ${short(F1_EQUAL)}), the others to be as good within ${short(F1_SPREAD, 2)}.`,
    'Of the table of the prototypes two things are missing: an LSTM autoencoder, which Faultline does not have, and the NAB score, which judges change points.',
    '',
    ...table(
      ['method', 'F1', 'false alarm rate', 'missed alarm rate'],
      lines.map(({ id, rates, reference }) => {
        const cell = (of: keyof Rates): string =>
          withSpread(rates.map((one) => one[of])) + (reference ? ` (${short(reference[of], of === 'f1' ? 3 : 2)})` : '');
        return [id, cell('f1'), cell('far'), cell('mar')];
      }),
    ),
    '',
  ];
}
