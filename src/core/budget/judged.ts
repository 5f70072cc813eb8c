import { detectRows, type EventRows, type ScoredRows } from '../events/events';
import { explainingClasses, ofClass, overlaps, rowsWithin, unionIntervals, type Interval } from '../labels/interval';
import type { Label } from '../labels/label';
import { overlapFinder } from '../labels/overlap';
import { lowerBound } from '../series/search';
import { rowKinds, rowKindsOf } from '../thresholds/rows';
import type { ThresholdRule } from '../thresholds/threshold';
import { normalClock } from './clock';

/** A labelled anomaly and when it was found. */
export interface JudgedLabel extends Interval {
  readonly id: string;
  /** From the start of the label to the start of the first event that overlaps it; null when none does. */
  readonly delayMs: number | null;
}

export interface FalseEvent {
  /** Start of the event, ms. */
  readonly time: number;
  /** Normal time (of the mode) before it in this part, days. */
  readonly day: number;
}

/** What a contract needs to know of one part under one rule. */
export interface PartFinds {
  /** 'calibration': the time that chose the threshold; 'later': any other, where every labelled anomaly must be caught. */
  readonly part: 'calibration' | 'later';
  /** Normal time (of the mode), days. */
  readonly normalDays: number;
  /** In order of time. */
  readonly falseEvents: readonly FalseEvent[];
  /** Labelled anomalies with scores, in order of their start. */
  readonly labels: readonly JudgedLabel[];
}

export interface PartJudgeInput {
  /** Rows of the part, or of more when `range` is given. With `mode` or a rule with modes, `rows.modes` is needed. */
  readonly rows: ScoredRows;
  readonly labels: readonly Label[];
  readonly part: PartFinds['part'];
  /** Judged time, half-open; everything when absent. */
  readonly range?: Interval | undefined;
  /** Mode whose normal time and false events count; null or absent: all. */
  readonly mode?: number | null | undefined;
}

export interface PartJudge {
  /** Under a rule; `events` (sorted, those of the whole run that overlap the part) are found here when absent. */
  readonly judge: (rule: ThresholdRule, events?: readonly Interval[]) => PartFinds;
  /** Counts alone, for events as rows of `rows`: for searching over rules. */
  readonly count: (events: readonly EventRows[]) => JudgedCounts;
  /** The part's own rows (views). */
  readonly rows: ScoredRows;
  /** [n] `rowKinds`, of all modes. */
  readonly kinds: Uint8Array;
  readonly normalDays: number;
  /** Labelled anomalies with scores, in order of their start: the order of `JudgedCounts.delays`. */
  readonly labels: readonly Label[];
}

export interface JudgedCounts {
  readonly falseEvents: number;
  /** [labels] ms; NaN where missed. */
  readonly delays: Float64Array;
}

/**
 * Judges rules on one part for contracts, by the definitions of `evaluate`: a label counts when at least one of its rows has a score and
 * is not masked; it is caught when an event overlaps it; an event is false when it overlaps no label other than "normal" and holds at
 * least one normal row. With a mode an event is false there when one of those normal rows is of that mode (one that runs through two
 * modes counts in both); labels are caught in any mode. What does not depend on the rule is computed once.
 *
 * @throws Error when a mode is asked for and the rows have none.
 */
export function partJudge(input: PartJudgeInput): PartJudge {
  const rows = rowsOf(input.rows, input.range);
  const { timestamps, score } = rows;
  const kinds = rowKindsOf(timestamps, score, input.labels);
  const counted = inMode(kinds, rows.modes, input.mode ?? null);
  const clock = normalClock(timestamps, counted);
  const normals = countsBefore(counted, rowKinds.normal);
  const anomalies = countsBefore(kinds, rowKinds.anomaly);
  const within = (counts: Int32Array, { start, end }: Interval): number => counts[end]! - counts[start]!;
  const labels = ofClass(input.labels, 'anomaly')
    .filter((label) => within(anomalies, rowsWithin(timestamps, label)) > 0)
    .toSorted((a, b) => a.start - b.start);
  const touching = overlapFinder(unionIntervals([...labels, ...ofClass(input.labels, ...explainingClasses)]));
  const bounds = { start: timestamps[0] ?? NaN, end: timestamps.at(-1) ?? NaN };
  const normalDays = clock[clock.length - 1]!;
  const isFalse = (event: Interval): boolean => touching(event) === undefined && within(normals, rowsWithin(timestamps, event)) > 0;

  return {
    rows,
    kinds,
    normalDays,
    labels,
    judge: (rule, given) => {
      const events = (given ?? detectRows(rows, rule).events.map((event) => timesOf(event, timestamps))).filter((event) =>
        overlaps(event, bounds),
      );
      const detected = overlapFinder(events);
      return {
        part: input.part,
        normalDays,
        falseEvents: events.filter(isFalse).map(({ start }) => ({ time: start, day: clock[lowerBound(timestamps, start)]! })),
        labels: labels.map(({ id, start, end }) => {
          const found = detected({ start, end });
          return { id, start, end, delayMs: found ? Math.max(0, found.start - start) : null };
        }),
      };
    },
    count: (events) => {
      const delays = new Float64Array(labels.length).fill(NaN);
      let falseEvents = 0;
      for (const event of events) if (isFalse(timesOf(event, timestamps))) falseEvents++;
      const detected = overlapFinder(events.map((event) => timesOf(event, timestamps)));
      labels.forEach((label, k) => {
        const found = detected(label);
        if (found) delays[k] = Math.max(0, found.start - label.start);
      });
      return { falseEvents, delays };
    },
  };
}

function timesOf(event: EventRows, timestamps: Float64Array): Interval {
  return { start: timestamps[event.first]!, end: timestamps[event.last]! };
}

function rowsOf(rows: ScoredRows, range: Interval | undefined): ScoredRows {
  if (!range) return rows;
  const start = lowerBound(rows.timestamps, range.start);
  const end = Math.max(start, lowerBound(rows.timestamps, range.end));
  const width = rows.channels?.length ?? 0;
  return {
    ...rows,
    timestamps: rows.timestamps.subarray(start, end),
    score: rows.score.subarray(start, end),
    modes: rows.modes?.subarray(start, end),
    byChannel: rows.byChannel?.subarray(start * width, end * width),
    shares: rows.shares?.map(({ channel, share }) => ({ channel, share: share.subarray(start, end) })),
  };
}

/** Rows of other modes count as neither normal nor anomalous. */
function inMode(kinds: Uint8Array, modes: Uint8Array | undefined, mode: number | null): Uint8Array {
  if (mode === null) return kinds;
  if (!modes) throw new Error('The false events of a mode need the modes of the rows.');
  return kinds.map((kind, i) => (modes[i] === mode ? kind : rowKinds.left));
}

/** [n + 1] number of rows of a kind before each row. */
function countsBefore(kinds: Uint8Array, kind: number): Int32Array {
  const counts = new Int32Array(kinds.length + 1);
  for (let i = 0; i < kinds.length; i++) counts[i + 1] = counts[i]! + (kinds[i] === kind ? 1 : 0);
  return counts;
}
