import { lowerBound, upperBound } from '../series/search';
import type { Label, LabelClass } from './label';

/**
 * Two kinds of intervals, never mixed. `Interval` (labels, events) includes both ends. `Span` (rows, time ranges) is half-open.
 */
export interface Interval {
  readonly start: number;
  readonly end: number;
}
export type Span = Interval;

/** True when two intervals (both ends included) share a point. */
export function overlaps(a: Interval, b: Interval): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** Intervals (both ends included) sorted and merged where they share a point. */
export function unionIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** The part of each interval inside `bounds` (ends included); those outside are left out. */
export function clipIntervals<T extends Interval>(intervals: readonly T[], bounds: Interval): T[] {
  return intervals
    .filter((interval) => overlaps(interval, bounds))
    .map((interval) => ({
      ...interval,
      start: Math.max(interval.start, bounds.start),
      end: Math.min(interval.end, bounds.end),
    }));
}

/** Half-open spans sorted, empty ones dropped, merged where they touch. */
export function unionSpans(spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of spans.filter((s) => s.end > s.start).toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** What is left of `spans` (half-open, sorted, disjoint) without `remove`. Spans that only touch stay apart. */
export function subtractSpans(spans: readonly Span[], remove: readonly Span[]): Span[] {
  const holes = unionSpans(remove);
  const left: Span[] = [];
  let first = 0;
  for (const span of spans) {
    let start = span.start;
    while (first < holes.length && holes[first]!.end <= start) first++;
    for (let h = first; h < holes.length && holes[h]!.start < span.end; h++) {
      if (holes[h]!.start > start) left.push({ start, end: holes[h]!.start });
      start = Math.max(start, holes[h]!.end);
    }
    if (start < span.end) left.push({ start, end: span.end });
  }
  return left;
}

/** The part of `spans` (half-open, sorted, disjoint) inside `keep`. Spans are cut, never joined. */
export function intersectSpans(spans: readonly Span[], keep: readonly Span[]): Span[] {
  const wanted = unionSpans(keep);
  return spans.flatMap((span) =>
    wanted.map((k) => ({ start: Math.max(k.start, span.start), end: Math.min(k.end, span.end) })).filter((s) => s.end > s.start),
  );
}

/** Rows whose time lies in an interval (both ends included). @param timestamps - [n] ascending. @returns half-open rows. */
export function rowsWithin(timestamps: ArrayLike<number>, interval: Interval): Span {
  const start = lowerBound(timestamps, interval.start);
  return { start, end: Math.max(start, upperBound(timestamps, interval.end)) };
}

/** [n] 1 for rows inside any of the intervals (ends included), else 0. */
export function rowMask(timestamps: ArrayLike<number>, intervals: readonly Interval[]): Uint8Array {
  const mask = new Uint8Array(timestamps.length);
  for (const interval of intervals) {
    const rows = rowsWithin(timestamps, interval);
    mask.fill(1, rows.start, rows.end);
  }
  return mask;
}

/** Labels of the given classes. */
export function ofClass(labels: readonly Label[], ...classes: readonly LabelClass[]): Label[] {
  return labels.filter((label) => classes.includes(label.class));
}

/** Classes whose time is neither normal nor anomalous: left out of every count. */
export const maskedClasses = ['ignore', 'instrument'] as const satisfies readonly LabelClass[];

/** Classes that explain an event without making it a find: an event that touches one of them is neither caught anomaly nor false. */
export const explainingClasses = [...maskedClasses, 'mode-change'] as const satisfies readonly LabelClass[];
