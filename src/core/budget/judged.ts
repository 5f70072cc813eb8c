import type { EventRows, ScoredRows } from '../events/events';
import type { Interval } from '../labels/interval';
import type { Label } from '../labels/label';
import { eventJudge, stretchOf, type Stretch } from '../metrics/judge';
import { lowerBound } from '../series/search';
import { rowKinds } from '../thresholds/rows';
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
  readonly count: (rule: ThresholdRule, events: readonly EventRows[]) => PartCounts;
  /** The part's own rows (views) and what each counts as, in any mode. */
  readonly rows: Stretch;
  readonly normalDays: number;
  /** Labelled anomalies with scores, in order of their start: the order of `PartCounts.delays`. */
  readonly labels: readonly Label[];
}

export interface PartCounts {
  readonly falseEvents: number;
  /** [labels] ms; NaN where missed. */
  readonly delays: Float64Array;
}

/**
 * Judges rules on one part for contracts, by the definitions of `eventJudge`, with the place of each false event on the clock of normal
 * time. What does not depend on the rule is computed once.
 *
 * @throws Error when a mode is asked for and the rows have none.
 */
export function partJudge(input: PartJudgeInput): PartJudge {
  const rows = stretchOf({ ...input.rows, labels: input.labels, range: input.range });
  const { timestamps, kinds, modes } = rows;
  const mode = input.mode ?? null;
  const judge = eventJudge(rows, input.labels, mode);
  const counted = mode === null ? kinds : kinds.map((kind, i) => (modes?.[i] === mode ? kind : rowKinds.left));
  const clock = normalClock(timestamps, counted);
  return {
    rows,
    normalDays: judge.days,
    labels: judge.labels,
    judge: (rule, events) => {
      const { falseAt, found } = judge.of(rule, events && { events });
      return {
        part: input.part,
        normalDays: judge.days,
        falseEvents: falseAt.map((time) => ({ time, day: clock[lowerBound(timestamps, time)]! })),
        labels: judge.labels.map(({ id, start, end }, k) => ({ id, start, end, delayMs: found[k]!.delayMs })),
      };
    },
    count: (rule, events) => {
      const { falseAt, found } = judge.of(rule, {
        events: events.map(({ first, last }) => ({ start: timestamps[first]!, end: timestamps[last]! })),
      });
      return { falseEvents: falseAt.length, delays: Float64Array.from(found, ({ delayMs }) => delayMs ?? NaN) };
    },
  };
}
