import { lowerBound } from '../series/search';
import { overlaps, type Interval } from './interval';

/** Finds the first of sorted, disjoint intervals (ends included) that overlaps another; by binary search. */
export function overlapFinder<T extends Interval>(sorted: readonly T[]): (interval: Interval) => T | undefined {
  const ends = Float64Array.from(sorted, ({ end }) => end);
  return (interval) => {
    const candidate = sorted[lowerBound(ends, interval.start)];
    return candidate && overlaps(candidate, interval) ? candidate : undefined;
  };
}
