import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../markdown';
import { atLeast, type Gate } from './gates';
import type { NabEntry } from './nab';

/** A figure that must be reached, as the median over the seeds. */
interface Level {
  readonly series: string;
  readonly contestant: string;
  readonly figure: string;
  readonly of: (entry: NabEntry) => number;
  readonly atLeast: number;
}

const gatesOf = (contestant: string, figure: string, of: Level['of'], levels: Readonly<Record<string, number>>): Level[] =>
  Object.entries(levels).map(([series, atLeast]) => ({ series, contestant, figure, of, atLeast }));

type Levels = Readonly<Record<string, readonly [widened: number, unwidened: number]>>;

/** Independent prototypes (the baselines at 24 rows, the others on windows of L) reached these, widened and unwidened. Their spread was not told. */
const references: Readonly<Record<string, Levels>> = {
  'vae 24': { ambient: [0.4, 0.15], cpu: [0.44, 0.1], ec2: [0.97, 0.96], machine: [0.4, 0.33], taxi: [0.68, 0.49] },
  'lstm-ad 24': { ambient: [0.64, 0.52], cpu: [0.44, 0.23], ec2: [0.98, 0.93], machine: [0.64, 0.59], taxi: [0.7, 0.54] },
  'knn L': { ambient: [0.96, 0.9], cpu: [0.76, 0.43], ec2: [0.97, 0.82], machine: [0.81, 0.59], taxi: [0.93, 0.86] },
  'lof L': { ambient: [0.99, 0.77], cpu: [0.83, 0.43], ec2: [1, 0.99], machine: [0.82, 0.53], taxi: [0.95, 0.82] },
  'feature-bagging L': { ambient: [0.99, 0.77], cpu: [0.85, 0.43], ec2: [1, 0.96], machine: [0.79, 0.53], taxi: [0.96, 0.83] },
  'oc-svm L': { ambient: [0.96, 0.83], cpu: [0.71, 0.51], ec2: [1, 0.99], machine: [0.8, 0.59], taxi: [0.86, 0.73] },
  'pca L': { ambient: [1, 0.92], cpu: [0.89, 0.43], ec2: [1, 0.99], machine: [0.8, 0.61], taxi: [0.59, 0.43] },
  'isolation-forest L': { ambient: [1, 0.49], cpu: [0.9, 0.4], ec2: [0.98, 0.37], machine: [0.86, 0.59], taxi: [0.84, 0.44] },
  'arma 24': { ambient: [0.1, 0.05], cpu: [0.44, 0.2], ec2: [0.91, 0.89], machine: [0.4, 0.36], taxi: [0.53, 0.39] },
};

/** Its settings were not told: a twin with ours does not reach the same figures either, so the twin's mean is the reference of our gates. */
export const autoencoderPrototype: Levels = {
  ...{ ambient: [0.77, 0.59], cpu: [0.91, 0.43], ec2: [1, 0.96], machine: [0.68, 0.63], taxi: [0.84, 0.56] },
};

/** At least this is allowed below a reference. */
const LEAST_ALLOWED = 0.05;
type Figure = 'f1' | 'f1Unwidened';
type Spread = Record<
  string,
  Record<string, Record<Figure, { readonly mean: number; readonly sd: number; readonly lowest: number }>>
>;
/** What seeds alone do to independent twins of the same networks (baseline_spread.py). */
export const { spread } = JSON.parse(readFileSync(join(import.meta.dirname, '../results/baseline-spread.json'), 'utf8')) as {
  readonly spread: Spread;
};

/** Less than a reference as far as the lowest seed of the twin lies below the twin's mean, its spread; but at least half of it. */
function lowered(reference: number, contestant: string, series: string, figure: Figure): number {
  const twin = spread[contestant]?.[series]?.[figure];
  const allowed = Math.max(LEAST_ALLOWED, twin ? twin.mean - twin.lowest : 0);
  return Math.round(100 * Math.max(reference - allowed, reference / 2)) / 100;
}

/** Means of the twin as references. */
function twinOf(contestant: string): Levels {
  return Object.fromEntries(
    Object.entries(spread[contestant] ?? {}).map(([series, { f1, f1Unwidened }]) => [series, [f1.mean, f1Unwidened.mean]]),
  );
}

const gates: readonly Level[] = [
  ...gatesOf('hreg-vae-lstm paper', 'F1 of the protocol', ({ all, first }) => (first ?? all).f1, {
    ...{ ambient: 0.85, cpu: 0.9, ec2: 0.96, machine: 0.97, taxi: 0.98 },
  }),
  ...gatesOf('hreg-vae-lstm paper', 'F1 unwidened', ({ all }) => all.f1Unwidened, {
    ...{ ambient: 0.45, cpu: 0.43, ec2: 0.74, machine: 0.69, taxi: 0.75 },
  }),
  ...gatesOf('hreg-vae-lstm sharp', 'F1 unwidened', ({ all }) => all.f1Unwidened, {
    ...{ ambient: 0.84, cpu: 0.5, ec2: 0.96, machine: 0.55, taxi: 0.78 },
  }),
  ...Object.entries({ ...references, 'autoencoder L': twinOf('autoencoder L') }).flatMap(([contestant, series]) => {
    const levels = (which: 0 | 1, figure: Figure): Record<string, number> =>
      Object.fromEntries(Object.entries(series).map(([id, figures]) => [id, lowered(figures[which], contestant, id, figure)]));
    return [
      ...gatesOf(contestant, 'F1 of the protocol', ({ all }) => all.f1, levels(0, 'f1')),
      ...gatesOf(contestant, 'F1 unwidened', ({ all }) => all.f1Unwidened, levels(1, 'f1Unwidened')),
    ];
  }),
];

export function nabGates(entries: readonly NabEntry[]): Gate[] {
  return gates.map(({ series, contestant, figure, of, atLeast: least }) => {
    const values = entries.filter((entry) => entry.series === series && entry.contestant === contestant).map(of);
    return atLeast(`${contestant}, ${series}`, figure, least, values.length === 0 ? null : median(values));
  });
}
