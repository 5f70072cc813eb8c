import { bootstrapMeans, noZones, type Resampled } from '../metrics/bootstrap';
import type { VusZones } from '../metrics/vus-zones';
import type { Random } from '../random';

/** Zones of the runs of one row: one run, or one for each seed. All rows are of the same test rows, labels and buffer. */
export type RowZones = readonly VusZones[];

/**
 * VUS-PR of each row with its interval, and of all differences, from one set of draws of the zones (see `vusZones`, `bootstrap`). The
 * value of a row with several seeds is the mean of its runs, on the part itself and on every draw: the interval is that of the mean over
 * these seeds, and the spread between seeds is told apart from it.
 *
 * @param rows - null where the metric is not defined; then it is for none, as all share rows and labels.
 */
export function resampleRows(rows: readonly (RowZones | null)[], random: Random): Resampled {
  const defined = rows.filter((row) => row !== null);
  if (!defined[0]?.[0] || defined.length < rows.length) return undefinedRows(rows.length);
  return bootstrapMeans(defined, random);
}

function undefinedRows(count: number): Resampled {
  const none = { value: null, reason: noZones } as const;
  const interval = { low: null, reason: noZones } as const;
  return {
    estimates: Array.from({ length: count }, () => ({ value: none, interval })),
    difference: () => ({ metric: 'VUS-PR', value: none, interval, events: 0, resamples: 0 }),
  };
}
