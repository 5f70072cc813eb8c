import type { TimeRange } from '../../core/series/series';
import { dayMs } from './time-axis';
import { instantOf, wallTime } from './zone';

/** Shortest range that can be shown: four samples at least, never below 4 ms. */
export function leastSpan(stepMs: number): number {
  return Math.max(4, 4 * stepMs);
}

/** The range kept inside `bounds` (moved first, then cut) and not shorter than `least`. */
export function clampRange(range: TimeRange, bounds: TimeRange, least: number): TimeRange {
  const whole = bounds.end - bounds.start;
  const span = Math.min(Math.max(range.end - range.start, Math.min(least, whole)), whole);
  const middle = (range.start + range.end) / 2;
  const start = range.end - range.start < span ? middle - span / 2 : range.start;
  const inside = Math.min(Math.max(start, bounds.start), bounds.end - span);
  return { start: inside, end: inside + span };
}

/** Zooms so that the instant `at` keeps its place on the screen; `factor` below 1 shows less time. */
export function zoomAt(range: TimeRange, at: number, factor: number): TimeRange {
  return { start: at - (at - range.start) * factor, end: at + (range.end - at) * factor };
}

export function moveBy(range: TimeRange, ms: number): TimeRange {
  return { start: range.start + ms, end: range.end + ms };
}

/** Interval with some context on both sides, for "show this event". */
export function around(start: number, end: number, stepMs: number): TimeRange {
  const margin = Math.max((end - start) * 1.25, 60 * stepMs);
  return { start: start - margin, end: end + margin };
}

export const sameRange = (a: TimeRange, b: TimeRange): boolean => a.start === b.start && a.end === b.end;

/** Visited ranges, like the pages of a browser. Immutable. */
export interface ZoomHistory {
  readonly past: readonly TimeRange[];
  readonly now: TimeRange;
  readonly future: readonly TimeRange[];
}

const kept = 100;

export function startHistory(now: TimeRange): ZoomHistory {
  return { past: [], now, future: [] };
}

/**
 * Goes to a range. With `replace` the present one is exchanged instead of remembered: the steps of one gesture are one entry.
 */
export function visit(history: ZoomHistory, range: TimeRange, replace = false): ZoomHistory {
  if (sameRange(history.now, range)) return history;
  if (replace) return { ...history, now: range };
  return { past: [...history.past, history.now].slice(-kept), now: range, future: [] };
}

export function goBack(history: ZoomHistory): ZoomHistory {
  const before = history.past.at(-1);
  if (!before) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future] };
}

export function goForward(history: ZoomHistory): ZoomHistory {
  const [next, ...rest] = history.future;
  if (!next) return history;
  return { past: [...history.past, history.now], now: next, future: rest };
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs };

/** A time as an engineer types it in the zone: "2026-03-01", "2026-03-01 06:00", "2026-03-01 06:00:30"; null when it is none. */
export function parseTime(text: string, zone: string): number | null {
  const match = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?\s*$/.exec(text);
  if (!match) return null;
  const [year, month, day, hours, minutes, seconds] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const millis = Number((match[7] ?? '0').padEnd(3, '0'));
  const wall = Date.UTC(year, month - 1, day, hours, minutes, seconds, millis);
  const check = new Date(wall);
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== day || hours > 23 || minutes > 59 || seconds > 59) return null;
  return instantOf(wall, zone);
}

/**
 * A range as an engineer types it: "-8h" the last eight hours of what is shown, "*-1d" of the data, "A to B" with two times, or
 * one time as the start of what is shown. Null when it cannot be read.
 */
export function parseRange(text: string, zone: string, shown: TimeRange, data: TimeRange): TimeRange | null {
  const relative = /^\s*(\*?)\s*[-\u2212]\s*(\d+(?:\.\d+)?)\s*(s|min|m|h|d|w)\s*$/.exec(text);
  if (relative) {
    const end = relative[1] ? data.end : shown.end;
    return { start: end - Number(relative[2]) * unitMs[relative[3]!]!, end };
  }
  const parts = text.split(/\s+(?:to|until|\u2013|-)\s+/);
  const times = parts.map((part) => parseTime(part, zone));
  const [start, end] = times;
  if (parts.length === 2 && typeof start === 'number' && typeof end === 'number' && start < end) return { start, end };
  if (parts.length === 1 && typeof start === 'number') return { start, end: start + (shown.end - shown.start) };
  return null;
}

/** The day, in the zone, that holds an instant. */
export function localDay(time: number, zone: string): TimeRange {
  const wall = Math.floor(wallTime(time, zone) / dayMs) * dayMs;
  return { start: instantOf(wall, zone), end: instantOf(wall + dayMs, zone) };
}
