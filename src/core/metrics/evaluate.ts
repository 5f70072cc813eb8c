import { eventsFrom } from '../events/events';
import { explainingClasses, ofClass, overlaps, rowsWithin, unionIntervals, type Interval } from '../labels/interval';
import type { Label } from '../labels/label';
import { formatDuration, formatScore, timeFormatter } from '../report/format';
import { lowerBound } from '../series/search';
import { usualGapMs } from '../series/statistics';
import { rowKinds, rowKindsOf, scoresOfKind } from '../thresholds/rows';
import type { ThresholdRule } from '../thresholds/threshold';
import { normalDays } from './days';
import type { Evaluation, Metric } from './evaluation';
import { poissonUpper } from './poisson';
import { aucRoc, averagePrecision, vus } from './rank';

export interface EvaluateInput {
  /** [n] ms; the whole series or any stretch of it that holds the range. */
  readonly timestamps: Float64Array;
  /** [n] NaN where there is no score. */
  readonly score: Float32Array;
  readonly labels: readonly Label[];
  readonly rule: ThresholdRule;
  /** Events under the rule; found here when absent. Those that overlap the range are judged. */
  readonly events?: readonly Interval[];
  /** Judged time, half-open; everything when absent. */
  readonly range?: Interval;
  /** Name of the part for the protocol, "test part". */
  readonly part?: string;
  /** Longest buffer of VUS-PR in rows; 100 when absent or larger. */
  readonly vusBuffer?: number;
  /** Already computed by `rankMetrics` for the same scores, labels and range; they do not depend on the threshold. */
  readonly rank?: RankMetrics;
}

export type RankMetrics = Pick<Evaluation, 'aucRoc' | 'averagePrecision' | 'vusPr'>;

const vusBufferCap = 100;

/** Judges any threshold on the part it was made for. */
export type Evaluator = (rule: ThresholdRule, events?: readonly Interval[]) => Evaluation;

/**
 * Judges one threshold on one part.
 *
 * Rows without a score and rows in labels of instrument faults or ignored time count neither as normal nor as anomalous. Point metrics
 * count samples with score >= value. Event metrics count events after merging and minimum duration: a label is caught when an event
 * overlaps it; an event is false when it overlaps no label other than "normal": an instrument fault, a mask or a mode change that
 * someone marked explains it. Nothing is point-adjusted. A metric that is not defined has its reason instead of a number.
 *
 * @see Sehili and Zhang 2023 (event recall and precision); Paparrizos et al. 2022 (VUS-PR).
 */
export function evaluate(input: EvaluateInput): Evaluation {
  return evaluator(input)(input.rule, input.events);
}

/**
 * `evaluate` for many thresholds on the same part: everything that does not depend on the threshold is computed once, so that what is
 * left can run on every frame while a threshold is dragged.
 */
export function evaluator(input: Omit<EvaluateInput, 'rule' | 'events'>): Evaluator {
  const part = stretch(input);
  const { timestamps, score, kinds } = part;
  const anomalies = scoresOfKind(score, kinds, rowKinds.anomaly).sort();
  const normals = scoresOfKind(score, kinds, rowKinds.normal).sort();
  const scored = anomalies.length + normals.length;
  const anomalyRows = countsBefore(kinds, rowKinds.anomaly);
  const normalRows = countsBefore(kinds, rowKinds.normal);
  const why = emptyReason(part, scored, input.part);
  const noAnomaly = why ?? (anomalies.length === 0 ? 'no labelled anomaly with scores in this part' : null);
  const bounds = { start: timestamps[0] ?? NaN, end: timestamps.at(-1) ?? NaN };
  const labels = ofClass(input.labels, 'anomaly').filter((label) => countWithin(timestamps, anomalyRows, label) > 0);
  const marked = overlapFinder(unionIntervals(labels));
  const explained = overlapFinder(unionIntervals(ofClass(input.labels, ...explainingClasses)));
  const days = normalDays(timestamps, kinds);
  const gapMs = usualGapMs(timestamps);
  const rank = input.rank ?? rankMetrics(input);
  const left = timestamps.length - scored;

  return (rule, given) => {
    const hits = anomalies.length - lowerBound(anomalies, rule.value);
    const falseHits = normals.length - lowerBound(normals, rule.value);
    const events = (given ?? eventsFrom(timestamps, score, rule, undefined, [], gapMs)).filter((event) => overlaps(event, bounds));
    const isTrue = events.map((event) => marked(event) !== undefined);
    const trueEvents = isTrue.filter(Boolean).length;
    const falseEvents = events.filter(
      (event, i) => !isTrue[i] && !explained(event) && countWithin(timestamps, normalRows, event) > 0,
    ).length;
    const counted = trueEvents + falseEvents;
    const detected = overlapFinder(events);
    const delays = labels.flatMap((label) => {
      const found = detected(label);
      return found ? [Math.max(0, found.start - label.start)] : [];
    });
    const inEvents = events.reduce(
      (sum, event) => sum + countWithin(timestamps, anomalyRows, event) + countWithin(timestamps, normalRows, event),
      0,
    );
    const perDay = (count: number): Metric =>
      days > 0 ? { value: count / days } : { value: null, reason: why ?? 'no scored normal time in this part' };
    const noPrediction = hits + falseHits === 0 ? 'no sample reaches the threshold in this part' : null;
    const noEvent = events.length === 0 ? 'nothing was detected in this part' : null;
    const allMasked = counted === 0 ? 'every event is explained by a label of another class' : null;
    return {
      protocol: protocolOf(input.part, rule, left, bounds),
      rows: scored,
      days,
      labels: labels.length,
      caught: delays.length,
      events: events.length,
      falseEvents,
      falseEventsPerDay: perDay(falseEvents),
      falseEventsPerDayUpper: perDay(poissonUpper(falseEvents)),
      medianDelayMs: metric(noAnomaly ?? (delays.length === 0 ? 'no labelled anomaly was caught' : null), () => median(delays)),
      precision: metric(why ?? noPrediction ?? noAnomaly, () => hits / (hits + falseHits)),
      recall: metric(noAnomaly, () => hits / anomalies.length),
      // With anomalies but no detection F1 is 0, not undefined: 2·TP / (2·TP + FP + FN).
      f1: metric(noAnomaly, () => (2 * hits) / (hits + falseHits + anomalies.length)),
      eventPrecision: metric(why ?? noEvent ?? noAnomaly ?? allMasked, () => trueEvents / counted),
      eventRecall: metric(noAnomaly, () => delays.length / labels.length),
      eventF1: metric(noAnomaly, () => harmonic(counted === 0 ? 0 : trueEvents / counted, delays.length / labels.length)),
      ...rank,
      prevalence: metric(why, () => anomalies.length / scored),
      allOnesF1: metric(noAnomaly, () => (2 * anomalies.length) / (scored + anomalies.length)),
      timeInEvents: metric(why, () => inEvents / scored),
    };
  };
}

/** The metrics of a part that need no threshold; compute them once while a threshold is dragged. */
export function rankMetrics(input: Omit<EvaluateInput, 'rule'>): RankMetrics {
  const part = stretch(input);
  const score = part.score.filter((_, i) => part.kinds[i] !== rowKinds.left);
  const truth = part.kinds.filter((kind) => kind !== rowKinds.left);
  const reason =
    emptyReason(part, truth.length, input.part) ??
    (truth.includes(rowKinds.anomaly) ? 'no scored normal time in this part' : 'no labelled anomaly with scores in this part');
  const of = (value: number | null): Metric => (value === null ? { value, reason } : { value });
  const buffer = Math.min(vusBufferCap, Math.max(0, Math.round(input.vusBuffer ?? vusBufferCap)));
  return {
    aucRoc: of(aucRoc({ score, truth })),
    averagePrecision: of(averagePrecision({ score, truth })),
    vusPr: of(vus({ score, truth }, buffer)?.pr ?? null),
  };
}

interface Stretch {
  readonly timestamps: Float64Array;
  readonly score: Float32Array;
  readonly kinds: Uint8Array;
}

function stretch(input: Omit<EvaluateInput, 'rule'>): Stretch {
  const start = input.range ? lowerBound(input.timestamps, input.range.start) : 0;
  const end = input.range ? lowerBound(input.timestamps, input.range.end) : input.timestamps.length;
  const timestamps = input.timestamps.subarray(start, Math.max(start, end));
  const score = input.score.subarray(start, Math.max(start, end));
  return { timestamps, score, kinds: rowKindsOf(timestamps, score, input.labels) };
}

function emptyReason(part: Stretch, scored: number, name = 'part'): string | null {
  if (part.timestamps.length === 0) return `the ${name} has no row`;
  return scored === 0 ? `no row of the ${name} has a score outside masks` : null;
}

/** [n + 1] number of rows of a kind before each row. */
function countsBefore(kinds: Uint8Array, kind: number): Int32Array {
  const counts = new Int32Array(kinds.length + 1);
  for (let i = 0; i < kinds.length; i++) counts[i + 1] = counts[i]! + (kinds[i] === kind ? 1 : 0);
  return counts;
}

function countWithin(timestamps: Float64Array, counts: Int32Array, interval: Interval): number {
  const rows = rowsWithin(timestamps, interval);
  return counts[rows.end]! - counts[rows.start]!;
}

/** Finds the first of sorted, disjoint intervals (ends included) that overlaps another; by binary search. */
function overlapFinder(sorted: readonly Interval[]): (interval: Interval) => Interval | undefined {
  const ends = Float64Array.from(sorted, ({ end }) => end);
  return (interval) => {
    const candidate = sorted[lowerBound(ends, interval.start)];
    return candidate && overlaps(candidate, interval) ? candidate : undefined;
  };
}

function metric(reason: string | null, value: () => number): Metric {
  return reason === null ? { value: value() } : { value: null, reason };
}

function harmonic(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}

/** Middle value; of an even number the mean of the two middle ones. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function protocolOf(part = 'part', rule: ThresholdRule, left: number, bounds: Interval): string {
  const { iso } = timeFormatter('UTC');
  const day = (ms: number): string => iso(ms).slice(0, 10);
  const period = Number.isNaN(bounds.start) ? 'without rows' : `${day(bounds.start)} to ${day(bounds.end)}`;
  return (
    `${part} ${period}, score >= ${formatScore(rule.value)}, min duration ${formatDuration(rule.minDurationMs)}, ` +
    `merge gap ${formatDuration(rule.mergeGapMs)}, not point-adjusted` +
    (left > 0 ? `, ${left} rows without score or in masks left out` : '')
  );
}
