import { mean, median, short, table } from '../markdown';

/** Rates of faults by number. */
type Rates = Readonly<Record<string, number>>;

interface Reference {
  readonly title: string;
  /** Largest difference of a fault's rate that is allowed; null: three standard deviations of our seeds and this much. */
  readonly within: number | null;
  readonly missed: Rates;
}

const faults = [1, 2, 4, 5, 7, 8, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21];
const rates = (values: readonly number[]): Rates => Object.fromEntries(faults.map((fault, i) => [fault, values[i]!]));

const EQUAL = 0.005;

/**
 * Missed detection rates of single rows, scaled by the training part, at the 99 % quantile of run 0: scikit-learn 1.9 and PyOD 3.6. By the name
 * of the setting in tep.ts that has to reach the same.
 */
export const references: Readonly<Record<string, Reference>> = {
  'T² of rows': {
    ...{ title: 'T² (11 components)', within: EQUAL },
    missed: rates([
      0.007, 0.02, 0.943, 0.771, 0.064, 0.034, 0.64, 0.77, 0.026, 0.06, 0.139, 0.809, 0.248, 0.113, 0.994, 0.676, 0.728,
    ]),
  },
  'Q of rows': {
    ...{ title: 'Q (11 components)', within: EQUAL },
    missed: rates([0.002, 0.014, 0.034, 0.742, 0, 0.024, 0.634, 0.346, 0.024, 0.045, 0, 0.736, 0.105, 0.101, 0.864, 0.542, 0.564]),
  },
  'Mahalanobis of rows': {
    ...{ title: 'Mahalanobis, shrunk .1', within: EQUAL },
    missed: rates([0.002, 0.012, 0, 0.617, 0, 0.02, 0.287, 0.294, 0.009, 0.045, 0, 0.339, 0.052, 0.096, 0.597, 0.375, 0.525]),
  },
  'KNN of rows': {
    ...{ title: 'KNN 5', within: EQUAL },
    missed: rates([0.005, 0.016, 0.346, 0.749, 0, 0.025, 0.53, 0.45, 0.012, 0.051, 0.001, 0.694, 0.127, 0.106, 0.99, 0.522, 0.607]),
  },
  'LOF of rows': {
    ...{ title: 'LOF 20', within: EQUAL },
    missed: rates([
      0.005, 0.017, 0.397, 0.767, 0, 0.025, 0.58, 0.484, 0.011, 0.054, 0.001, 0.762, 0.131, 0.108, 0.993, 0.575, 0.627,
    ]),
  },
  'OC-SVM of rows': {
    ...{ title: 'OC-SVM .05', within: EQUAL },
    missed: rates([
      0.005, 0.017, 0.729, 0.77, 0, 0.027, 0.564, 0.555, 0.014, 0.056, 0.001, 0.765, 0.151, 0.109, 0.999, 0.586, 0.641,
    ]),
  },
  'Isolation forest of rows': {
    ...{ title: 'Isolation forest', within: null },
    missed: rates([
      0.25, 0.024, 0.986, 0.758, 0.595, 0.045, 0.718, 0.901, 0.046, 0.079, 0.954, 0.838, 0.833, 0.116, 0.994, 0.799, 0.754,
    ]),
  },
};

/** A setting that was run, with the missed rates of its seeds. */
export interface Rerun {
  readonly name: string;
  readonly seeds: readonly { readonly missed: Rates }[];
}

interface Compared {
  readonly fault: number;
  readonly ours: number;
  readonly reference: number;
  readonly allowed: number;
}

function compare({ within, missed }: Reference, { seeds }: Rerun): Compared[] {
  return faults.map((fault) => {
    const values = seeds.map((seed) => seed.missed[fault]!);
    const m = mean(values);
    const std = Math.sqrt(values.reduce((sum, value) => sum + (value - m) ** 2, 0) / Math.max(1, values.length - 1));
    return {
      ...{ fault, reference: missed[fault]! },
      ...(within === null ? { ours: m, allowed: 3 * std + EQUAL } : { ours: median(values), allowed: within }),
    };
  });
}

/** Rates are printed with three digits. */
const equal = ({ ours, reference, allowed }: Compared): boolean => Math.abs(ours - reference) <= allowed + 0.0005;

export function missedReferences(settings: readonly Rerun[]): string[] {
  return Object.entries(references).flatMap(([name, reference]) => {
    const run = settings.find((setting) => setting.name === name);
    if (!run) return [`tep: ${name} was not run`];
    return compare(reference, run)
      .filter((one) => !equal(one))
      .map(
        ({ fault, ours, reference: wanted, allowed }) =>
          `tep: ${name}, fault ${fault}: missed ${short(ours)}, reference ${short(wanted)} within ${short(allowed)}`,
      );
  });
}

/** Table of ours beside the reference, fault by fault. */
export function referencesPage(settings: readonly Rerun[]): string[] {
  const runs = Object.entries(references).flatMap(([name, reference]) => {
    const run = settings.find((setting) => setting.name === name);
    return run ? [{ ...reference, compared: compare(reference, run) }] : [];
  });
  if (runs.length === 0) return [];
  const cell = (one: Compared): string => `${short(one.ours)} (${short(one.reference)})${equal(one) ? '' : ' **differs**'}`;
  return [
    '### Single rows, beside reference libraries',
    '',
    'The table that plant engineers know: missed rates of single rows at the limit of run 0, ours and in brackets what scikit-learn and PyOD reach on the same',
    'rows. Wanted: every fault within .005; the isolation forest, mean of ten seeds, within three of their standard deviations.',
    '',
    ...table(
      ['fault', ...runs.map(({ title }) => title)],
      [
        ...faults.map((fault, i) => [String(fault), ...runs.map(({ compared }) => cell(compared[i]!))]),
        [
          'largest difference',
          ...runs.map(({ compared }) => short(Math.max(...compared.map((one) => Math.abs(one.ours - one.reference))))),
        ],
      ],
    ),
    '',
  ];
}
