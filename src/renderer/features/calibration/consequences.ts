import { eventsFrom } from '../../../core/events/events';
import type { DetectedEvent } from '../../../core/events/event';
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

export interface Consequences {
  readonly events: readonly JudgedEvent[];
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

/**
 * Prepares the calibration part for judging by the same code that judges the kept threshold. What does not depend on the rule is computed
 * once, so that the rest is quick enough for every frame of a drag.
 */
export function judgeOf(scores: PartScores, labels: readonly Label[]): Judge {
  const { timestamps, score } = scores;
  const evaluate = evaluator({ timestamps, score, labels, part: 'calibration part', rank: noRank });
  const gapMs = usualGapMs(timestamps);
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
    evaluate: (rule) => evaluate(rule),
    of: (rule) => {
      const found = eventsFrom(timestamps, score, rule, undefined, [], gapMs);
      const caught = new Set<string>();
      const events = found.map((event, i): JudgedEvent => {
        const matches = anomalies.filter((label) => overlaps(label, event));
        const first = matches.find((label) => !caught.has(label.id)) ?? null;
        const foundAfterMs = first ? Math.max(0, event.start - first.start) : null;
        for (const label of matches) caught.add(label.id);
        const label = first ?? matches[0] ?? null;
        const explainedBy = label ? null : (explaining.find((l) => overlaps(l, event)) ?? null);
        return { ...event, name: `E-${String(i + 1).padStart(2, '0')}`, label, explainedBy, foundAfterMs };
      });
      return { events, missed: anomalies.filter((label) => !caught.has(label.id)), evaluation: evaluate(rule, found) };
    },
  };
}

/** A point of the precision-recall curve. */
export interface CurvePoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/**
 * Precision and recall per sample over all thresholds, from strict to loose, thinned to at most `most` points; empty without labelled or
 * normal rows.
 */
export function precisionRecall(scores: PartScores, labels: readonly Label[], most = 240): readonly CurvePoint[] {
  const kinds = rowKindsOf(scores.timestamps, scores.score, labels);
  const of = (kind: number): Float32Array => scores.score.filter((_, i) => kinds[i] === kind).sort();
  const anomalies = of(rowKinds.anomaly);
  const normals = of(rowKinds.normal);
  if (anomalies.length === 0 || normals.length === 0) return [];
  const points: CurvePoint[] = [];
  let a = anomalies.length;
  let b = normals.length;
  const every = Math.max(1, Math.floor(anomalies.length / most));
  while (a > 0) {
    a = Math.max(0, a - every);
    const threshold = anomalies[a]!;
    while (a > 0 && anomalies[a - 1] === threshold) a--;
    while (b > 0 && normals[b - 1]! >= threshold) b--;
    const hits = anomalies.length - a;
    points.push({ threshold, precision: hits / (hits + normals.length - b), recall: hits / anomalies.length });
  }
  return points;
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
