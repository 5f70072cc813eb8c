import { detectRows, eventRows, type EventRows } from '../events/events';
import { usualGapMs } from '../series/statistics';
import type { ThresholdRule } from '../thresholds/threshold';
import type { PartJudge } from './judged';
import { ruleAt, type ContractSearch } from './search-input';

/** What was seen at each threshold and minimum duration, from the highest threshold down. */
export interface Trials {
  /** [f] descending; those below the last were not tried, because every duration had far too many false events already. */
  readonly values: readonly number[];
  readonly durations: readonly number[];
  /** [d][f] false events. */
  readonly falseEvents: readonly Int32Array[];
  /** [d][f] most false events at this or any higher threshold tried. */
  readonly most: readonly Int32Array[];
  /** [d][f] delays of the part's labels, ms; NaN where missed. */
  readonly delays: readonly (readonly Float64Array[])[];
}

export type OtherKnobs = Pick<ThresholdRule, 'mergeGapMs' | 'hysteresis' | 'deadTimeMs'>;

/**
 * Tries all thresholds and durations at one merge gap, hysteresis and dead time. Events are found once for each threshold; shorter ones
 * are then left out for each duration, unless dead time or suppression depend on what was dropped before.
 *
 * @param enough - a duration that had more false events than this is not counted any further, with its labels as missed; the trial ends when
 * that is true of all.
 */
export function tryAll(
  part: PartJudge,
  base: ContractSearch['rule'],
  thresholds: readonly number[],
  durations: readonly number[],
  knobs: OtherKnobs,
  enough: number,
): Trials {
  const { rows } = part;
  const { timestamps, score, modes } = rows;
  const gapMs = rows.gapMs ?? usualGapMs(timestamps);
  const simple = (knobs.deadTimeMs ?? 0) === 0 && !base.suppress?.length;
  const ruleOf = (value: number): ThresholdRule => ruleAt(base, value, { ...knobs, minDurationMs: 0 });
  const eventsAt = (rule: ThresholdRule): ((durationMs: number) => readonly EventRows[]) => {
    if (!simple) return (minDurationMs) => detectRows({ ...rows, gapMs }, { ...rule, minDurationMs }).events;
    const all = eventRows(timestamps, score, rule, gapMs, modes);
    return (minDurationMs) => all.filter(({ first, last }) => timestamps[last]! - timestamps[first]! >= minDurationMs);
  };
  const falseEvents = durations.map(() => new Int32Array(thresholds.length));
  const most = durations.map(() => new Int32Array(thresholds.length));
  const delays: Float64Array[][] = durations.map(() => []);
  const unknown = new Float64Array(part.labels.length).fill(NaN);
  let tried = 0;
  for (let goOn = true; goOn && tried < thresholds.length; tried++) {
    const rule = ruleOf(thresholds[tried]!);
    const events = eventsAt(rule);
    goOn = false;
    durations.forEach((duration, d) => {
      const before = tried > 0 ? most[d]![tried - 1]! : 0;
      // Far beyond what any wording allows: the rest of this row is not counted.
      const counts = before > enough ? { falseEvents: before, delays: unknown } : part.count(rule, events(duration));
      falseEvents[d]![tried] = counts.falseEvents;
      most[d]![tried] = Math.max(counts.falseEvents, before);
      delays[d]!.push(counts.delays);
      if (most[d]![tried]! <= enough) goOn = true;
    });
  }
  return {
    values: thresholds.slice(0, tried),
    durations,
    falseEvents: falseEvents.map((row) => row.subarray(0, tried)),
    most: most.map((row) => row.subarray(0, tried)),
    delays,
  };
}
