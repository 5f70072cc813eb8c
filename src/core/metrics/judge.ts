import { detectRows, type ScoredRows } from '../events/events';
import { explainingClasses, ofClass, overlaps, rowsWithin, unionIntervals, type Interval } from '../labels/interval';
import type { Label } from '../labels/label';
import type { ScoreColumn } from '../scoring/scores';
import { lowerBound } from '../series/search';
import { usualGapMs } from '../series/statistics';
import { rowKinds, rowKindsOf } from '../thresholds/rows';
import type { ThresholdRule } from '../thresholds/threshold';
import { normalDays } from './days';

/** Rows of a part, what each counts as, and what the whole rule needs. */
export interface Stretch<S extends ScoreColumn = Float32Array> extends ScoredRows<S> {
  /** [n] see `rowKindsOf`. */
  readonly kinds: Uint8Array;
}

export interface StretchInput<S extends ScoreColumn = Float32Array> extends ScoredRows<S> {
  readonly labels: readonly Label[];
  /** Judged time, half-open; everything when absent. */
  readonly range?: Interval | undefined;
}

/** The rows inside the judged time; views, nothing is copied. */
export function stretchOf<S extends ScoreColumn>(input: StretchInput<S>): Stretch<S> {
  const from = input.range ? lowerBound(input.timestamps, input.range.start) : 0;
  const to = Math.max(from, input.range ? lowerBound(input.timestamps, input.range.end) : input.timestamps.length);
  const width = input.channels?.length ?? 0;
  const timestamps = input.timestamps.subarray(from, to);
  const score = input.score.subarray(from, to) as S;
  return {
    timestamps,
    score,
    kinds: rowKindsOf(timestamps, score, input.labels),
    gapMs: input.gapMs ?? usualGapMs(timestamps),
    channels: input.channels,
    byChannel: input.byChannel?.subarray(from * width, to * width),
    shares: input.shares?.map(({ channel, share }) => ({ channel, share: share.subarray(from, to) })),
    modes: input.modes?.subarray(from, to),
  };
}

/** What a rule means in events. */
export interface EventJudgement {
  /** Those that overlap the judged time. */
  readonly events: readonly Interval[];
  /** Number that dead time and suppression rules hid: they neither catch nor are false. */
  readonly hidden: number;
  /** Events that overlap a labelled anomaly. */
  readonly trueEvents: number;
  /** Events of any mode that are false. */
  readonly falseEvents: number;
  /** Beginnings (ms) of the false events that count: those of the mode, or all. */
  readonly falseAt: readonly number[];
  /** Each labelled anomaly with scores, in order of time, and the time to its first event; null when it is missed. */
  readonly found: readonly { readonly labelId: string; readonly delayMs: number | null }[];
}

export interface EventJudge {
  /** Normal days in which false events are counted: of the mode, or all. */
  readonly days: number;
  /** Labelled anomalies with at least one row that counts, in order of time. */
  readonly labels: readonly Label[];
  /** Judges a rule; `given` are its events found elsewhere, over a longer time. */
  of(
    rule: ThresholdRule,
    given?: { readonly events: readonly Interval[]; readonly hidden?: readonly Interval[] | undefined },
  ): EventJudgement;
  /** Rows of a kind inside an interval. */
  rowsOf(kind: 'anomaly' | 'normal', interval: Interval): number;
}

/**
 * Prepares a part for judging events under many rules: what does not depend on the rule is computed once.
 *
 * A label is caught when a shown event overlaps it; the delay runs from the label's beginning to the beginning of the first such event,
 * never below 0. A shown event is false when it overlaps no label other than "normal" and at least one row that counts as normal.
 *
 * @param mode - counts false events that begin in this mode, and its normal days, alone; null or absent: all.
 * @throws Error when `mode` is given and the rows have no modes.
 */
export function eventJudge(part: Stretch<ScoreColumn>, labels: readonly Label[], mode: number | null = null): EventJudge {
  const { timestamps, kinds } = part;
  const anomalyRows = countsBefore(kinds, rowKinds.anomaly);
  const normalRows = countsBefore(kinds, rowKinds.normal);
  const count = (counts: Int32Array, interval: Interval): number => {
    const rows = rowsWithin(timestamps, interval);
    return counts[rows.end]! - counts[rows.start]!;
  };
  const bounds = { start: timestamps[0] ?? NaN, end: timestamps.at(-1) ?? NaN };
  const anomalies = ofClass(labels, 'anomaly')
    .filter((label) => count(anomalyRows, label) > 0)
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const marked = overlapFinder(unionIntervals(anomalies));
  const explained = overlapFinder(unionIntervals(ofClass(labels, ...explainingClasses)));
  const inMode = mode === null ? null : modeAt(part, mode);
  return {
    days: normalDays(timestamps, inMode ? kinds.map((kind, i) => (part.modes![i] === mode ? kind : rowKinds.left)) : kinds),
    labels: anomalies,
    rowsOf: (kind, interval) => count(kind === 'anomaly' ? anomalyRows : normalRows, interval),
    of: (rule, given) => {
      const all = given ?? timesOf(part, rule);
      const events = all.events.filter((event) => overlaps(event, bounds));
      const hidden = (all.hidden ?? []).filter((event) => overlaps(event, bounds)).length;
      let trueEvents = 0;
      let falseEvents = 0;
      const falseAt: number[] = [];
      for (const event of events) {
        if (marked(event)) trueEvents++;
        else if (!explained(event) && count(normalRows, event) > 0) {
          falseEvents++;
          if (!inMode || inMode(event.start)) falseAt.push(event.start);
        }
      }
      const detected = overlapFinder(events);
      const found = anomalies.map((label) => {
        const event = detected(label);
        return { labelId: label.id, delayMs: event ? Math.max(0, event.start - label.start) : null };
      });
      return { events, hidden, trueEvents, falseEvents, falseAt, found };
    },
  };
}

function timesOf(part: Stretch<ScoreColumn>, rule: ThresholdRule): { events: readonly Interval[]; hidden: readonly Interval[] } {
  const { events, hidden } = detectRows(part, rule);
  const time = ({ first, last }: { first: number; last: number }): Interval => ({
    start: part.timestamps[first]!,
    end: part.timestamps[last]!,
  });
  return { events: events.map(time), hidden: hidden.map(time) };
}

/** Whether the row at (or next after) a time is in a mode. */
function modeAt({ timestamps, modes }: Stretch<ScoreColumn>, mode: number): (time: number) => boolean {
  if (!modes) throw new Error('False events of one mode need the modes of the rows.');
  return (time) => modes[lowerBound(timestamps, time)] === mode;
}

/** [n + 1] number of rows of a kind before each row. */
function countsBefore(kinds: Uint8Array, kind: number): Int32Array {
  const counts = new Int32Array(kinds.length + 1);
  for (let i = 0; i < kinds.length; i++) counts[i + 1] = counts[i]! + (kinds[i] === kind ? 1 : 0);
  return counts;
}

/** Finds the first of sorted, disjoint intervals (ends included) that overlaps another; by binary search. */
function overlapFinder(sorted: readonly Interval[]): (interval: Interval) => Interval | undefined {
  const ends = Float64Array.from(sorted, ({ end }) => end);
  return (interval) => {
    const candidate = sorted[lowerBound(ends, interval.start)];
    return candidate && overlaps(candidate, interval) ? candidate : undefined;
  };
}
