import { detect, type ScoredRows } from '../../../core/events/events';
import type { DetectedEvent, HiddenEvent } from '../../../core/events/event';
import { explainingClasses, ofClass, overlaps, rowsWithin } from '../../../core/labels/interval';
import type { Label } from '../../../core/labels/label';
import { evaluator, type RankMetrics } from '../../../core/metrics/evaluate';
import type { Evaluation } from '../../../core/metrics/evaluation';
import { usualGapMs } from '../../../core/series/statistics';
import { rowKinds, rowKindsOf } from '../../../core/thresholds/rows';
import type { ThresholdRule } from '../../../core/thresholds/threshold';
import type { PartScores } from '../../../contract/types';

/** An event of the calibration part with what it means. */
export interface JudgedEvent extends DetectedEvent {
  readonly name: string;
  readonly label: Label | null;
  /** A label of an instrument, a mask or a mode change, where no anomaly is matched: the event is then not false. */
  readonly explainedBy: Label | null;
  /** Time from the label's beginning to the event's, for the first event that finds a label; never negative. */
  readonly foundAfterMs: number | null;
}

/** An event that dead time or a suppression rule hid; "H-01" in order of time. */
export interface HiddenRow extends HiddenEvent {
  readonly name: string;
  /** The labelled anomaly that is hidden with it. */
  readonly label: Label | null;
}

export interface Consequences {
  readonly events: readonly JudgedEvent[];
  readonly hidden: readonly HiddenRow[];
  readonly missed: readonly Label[];
  readonly evaluation: Evaluation;
}

const notHere = { value: null, reason: 'does not depend on the threshold; shown with the result' } as const;
const noRank: RankMetrics = { aucRoc: notHere, averagePrecision: notHere, vusPr: notHere };

/** Tells what any threshold rule means on the part it was made for. */
export interface Judge {
  of(rule: ThresholdRule): Consequences;
  /** Figures alone, for many thresholds. */
  evaluate(rule: ThresholdRule): Evaluation;
}

/** The rows of the part with everything that a whole rule needs. */
export function scoredRows({ timestamps, score, modes, shares }: PartScores): ScoredRows {
  return { timestamps, score, shares, modes: modes?.rows, gapMs: usualGapMs(timestamps) };
}

/** The rule as far as the rows at hand can judge it: while rows with the modes of a new mode rule are on their way, without modes. */
export function ruleFor({ modes }: PartScores, rule: ThresholdRule): ThresholdRule {
  if (!rule.modes) return rule;
  const same = modes?.rule.channel === rule.modes.channel && modes.rule.edges.join() === rule.modes.edges.join();
  return same ? rule : { ...rule, modes: undefined };
}

/**
 * Prepares the calibration part for judging by the same code that judges the kept threshold. What does not depend on the rule is computed
 * once, so that the rest is quick enough for every frame of a drag.
 *
 * @param mode - counts false events and normal days of this mode alone; null: of all time.
 */
export function judgeOf(scores: PartScores, labels: readonly Label[], mode: number | null = null): Judge {
  const { timestamps, score } = scores;
  const rows = scoredRows(scores);
  const evaluate = evaluator({ ...rows, labels, part: 'calibration part', rank: noRank, mode: rows.modes ? mode : null });
  const kinds = rowKindsOf(timestamps, score, labels);
  const anomalies = ofClass(labels, 'anomaly')
    .filter((label) => {
      // A label without any counted row (no score, masked) can neither be caught nor missed.
      const { start, end } = rowsWithin(timestamps, label);
      return kinds.subarray(start, end).includes(rowKinds.anomaly);
    })
    .sort((a, b) => a.start - b.start);
  const explaining = ofClass(labels, ...explainingClasses);
  return {
    evaluate: (rule) => evaluate(ruleFor(scores, rule)),
    of: (asked) => {
      const rule = ruleFor(scores, asked);
      const found = detect(rows, rule);
      const caught = new Set<string>();
      const events = found.events.map((event, i): JudgedEvent => {
        const matches = anomalies.filter((label) => overlaps(label, event));
        const first = matches.find((label) => !caught.has(label.id)) ?? null;
        const foundAfterMs = first ? Math.max(0, event.start - first.start) : null;
        for (const label of matches) caught.add(label.id);
        const label = first ?? matches[0] ?? null;
        const explainedBy = label ? null : (explaining.find((l) => overlaps(l, event)) ?? null);
        return { ...event, name: named('E', i), label, explainedBy, foundAfterMs };
      });
      const hidden = found.hidden.map((event, i): HiddenRow => {
        return { ...event, name: named('H', i), label: anomalies.find((label) => overlaps(label, event)) ?? null };
      });
      const missed = anomalies.filter((label) => !caught.has(label.id));
      return { events, hidden, missed, evaluation: evaluate(rule, found.events, found.hidden) };
    },
  };
}

const named = (letter: string, index: number): string => `${letter}-${String(index + 1).padStart(2, '0')}`;

/** How many events each suppression rule hides, by its place in the rule. */
export function hiddenBy(hidden: readonly HiddenEvent[], rule: ThresholdRule): readonly number[] {
  const rules = rule.suppress ?? [];
  const counts = rules.map(() => 0);
  for (const event of hidden) {
    if (event.by !== 'suppression') continue;
    const at = rules.findIndex((r) => r.channel === event.channel && r.reason === event.reason);
    if (at >= 0) counts[at]! += 1;
  }
  return counts;
}

/** Price of every threshold: false events a day and share of labels caught, with the other knobs as they are. */
export interface TradeOff {
  readonly threshold: number;
  readonly falsePerDay: number | null;
  readonly caught: number;
  readonly labels: number;
}

export function tradeOff(judge: Judge, rule: ThresholdRule, high: number, steps = 60): readonly TradeOff[] {
  return Array.from({ length: steps }, (_, i): TradeOff => {
    const threshold = ((i + 1) / steps) * high;
    const evaluation = judge.evaluate({ ...rule, value: threshold });
    return { threshold, falsePerDay: evaluation.falseEventsPerDay.value, caught: evaluation.caught, labels: evaluation.labels };
  });
}
