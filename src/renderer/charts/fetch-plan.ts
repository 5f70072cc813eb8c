import type { TimeRange } from '../../core/series/series';

/** What is asked for to show a range: half a view more on each side, one bucket a pixel column. */
export interface FetchPlan {
  readonly range: TimeRange;
  readonly buckets: number;
}

/** The contract's limit of buckets in one answer. */
const mostBuckets = 4096;
const margin = 0.5;

export function fetchPlan(shown: TimeRange, pixels: number): FetchPlan {
  const span = shown.end - shown.start;
  return {
    range: { start: shown.start - margin * span, end: shown.end + margin * span },
    buckets: Math.min(mostBuckets, Math.max(1, Math.ceil(pixels * (1 + 2 * margin)))),
  };
}

/** True when what was fetched does not cover the shown range, or is coarser than 1.25 or finer than 2.5 times what the pixels want. */
export function needsFetch(plan: FetchPlan, shown: TimeRange, pixels: number): boolean {
  if (shown.start < plan.range.start || shown.end > plan.range.end) return true;
  const got = (plan.range.end - plan.range.start) / plan.buckets;
  const wanted = (shown.end - shown.start) / Math.min(pixels, mostBuckets);
  return got > 1.25 * wanted || got < wanted / 2.5;
}
