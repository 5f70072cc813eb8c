import type { DecimatedLine } from '../../../core/series/series';
import { indexAt } from '../../charts/envelope';
import type { Band } from '../../charts/trend';

/** Points in a row that must be outside, so that one noisy sample is not taken for the beginning. */
const needed = 3;

/**
 * When a tag left its expected band to stay out for at least three points in a row, at the resolution of the line; null when it did not.
 *
 * @param from - the search begins here.
 */
export function firstOutside(line: DecimatedLine, band: Band, from: number): number | null {
  let since = -1;
  let run = 0;
  for (let i = Math.max(0, indexAt(line.time, from - 1e-6) + 1); i < line.time.length; i++) {
    const j = indexAt(band.time, line.time[i]!);
    const low = band.low[j] ?? Number.NaN;
    const high = band.high[j] ?? Number.NaN;
    if (line.min[i]! < low || line.max[i]! > high) {
      if (run === 0) since = line.time[i]!;
      if (++run >= needed) return since;
    } else {
      run = 0;
    }
  }
  return null;
}
