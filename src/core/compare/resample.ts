import { drawQuantile, noZones, tailShare } from '../metrics/bootstrap';
import { vusOf, type VusZones } from '../metrics/vus-zones';
import type { Random } from '../random';
import type { Estimate, PairedDifference } from '../referee/report';

/** Zones of the runs of one row: one run, or one for each seed. All rows are of the same test rows, labels and buffer. */
export type RowZones = readonly VusZones[];

export interface ResampledRows {
  readonly estimates: readonly Estimate[];
  /** VUS-PR of row a minus row b, on the same draws. */
  difference(a: number, b: number): PairedDifference;
}

const resamples = 1000;
const confidence = 0.95;

/**
 * VUS-PR of each row with its interval, and of all differences, from one set of draws of the zones (see `vusZones`, `bootstrap`). The
 * value of a row with several seeds is the mean of its runs, on the part itself and on every draw: the interval is that of the mean over
 * these seeds, and the spread between seeds is told apart from it.
 *
 * @param rows - null where the metric is not defined; then it is for none, as all share rows and labels.
 */
export function resampleRows(rows: readonly (RowZones | null)[], random: Random): ResampledRows {
  const defined = rows.filter((row) => row !== null);
  const first = defined[0]?.[0];
  if (!first || defined.length < rows.length) return undefinedRows(rows.length);
  const values = defined.map((row) => mean(row.map((zones) => vusOf(zones).pr)));
  const draws = drawn(defined, first.count, random);
  const interval = (of: Float64Array): Estimate['interval'] => {
    if (of.length === 0) return { low: null, reason: '1 labelled anomaly: an interval needs at least 2' };
    const tail = tailShare(first.count, confidence);
    const sorted = of.slice().sort();
    return { low: drawQuantile(sorted, tail), high: drawQuantile(sorted, 1 - tail) };
  };
  return {
    estimates: values.map((value, i) => ({ value: { value }, interval: interval(draws[i]!) })),
    difference: (a, b) => ({
      metric: 'VUS-PR',
      value: { value: values[a]! - values[b]! },
      interval: interval(draws[a]!.map((value, r) => value - draws[b]![r]!)),
      events: first.anomalies,
      resamples: draws[a]!.length,
    }),
  };
}

function undefinedRows(count: number): ResampledRows {
  const none = { value: null, reason: noZones } as const;
  const interval = { low: null, reason: noZones } as const;
  return {
    estimates: Array.from({ length: count }, () => ({ value: none, interval })),
    difference: () => ({ metric: 'VUS-PR', value: none, interval, events: 0, resamples: 0 }),
  };
}

/** [rows][resamples]; no resample for a single zone, of which every draw is the part itself. */
function drawn(rows: readonly RowZones[], zones: number, random: Random): Float64Array[] {
  const count = zones < 2 ? 0 : resamples;
  const values = rows.map(() => new Float64Array(count));
  // Few zones have few different draws: 35 of four. What a draw gives depends on its weights alone.
  const known = new Map<string, readonly number[]>();
  for (let r = 0; r < count; r++) {
    const weights = new Float64Array(zones);
    for (let i = 0; i < zones; i++) weights[random.int(zones)]! += 1;
    const key = weights.join(' ');
    const found = known.get(key) ?? rows.map((row) => mean(row.map((one) => vusOf(one, weights).pr)));
    known.set(key, found);
    found.forEach((value, row) => (values[row]![r] = value));
  }
  return values;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
