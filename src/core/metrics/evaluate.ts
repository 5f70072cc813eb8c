import { eventsFrom } from '../events/events';
import { ofClass, overlaps, rowsWithin, unionIntervals, type Interval } from '../labels/interval';
import type { Label } from '../labels/label';
import { formatDuration, formatScore, timeFormatter } from '../report/format';
import { lowerBound } from '../series/search';
import { rowKinds, rowKindsOf } from '../thresholds/rows';
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

/**
 * Judges one threshold on one part.
 *
 * Rows without a score and rows in labels of instrument faults or ignored time count neither as normal nor as anomalous. Point metrics
 * count samples with score >= value. Event metrics count events after merging and minimum duration: a label is caught when an event
 * overlaps it; an event is false when it overlaps no labelled anomaly, unless all of it is masked. Nothing is point-adjusted. A metric
 * that is not defined has its reason instead of a number.
 *
 * @see Sehili and Zhang 2023 (event recall and precision); Paparrizos et al. 2022 (VUS-PR).
 */
export function evaluate(input: EvaluateInput): Evaluation {
  const part = stretch(input);
  const { timestamps, score, kinds } = part;
  const { rule } = input;
  const judged = countRows(score, kinds, rule.value);
  const scored = judged.anomalies + judged.normals;
  const why = emptyReason(part, scored, input.part);

  const first = timestamps[0] ?? 0;
  const last = timestamps.at(-1) ?? 0;
  const labels = ofClass(input.labels, 'anomaly').filter((label) => hasKind(timestamps, kinds, label, rowKinds.anomaly));
  const events = (input.events ?? eventsFrom(timestamps, score, rule)).filter(
    (event) => timestamps.length > 0 && overlaps(event, { start: first, end: last }),
  );
  const marked = overlapFinder(unionIntervals(labels));
  const isTrue = events.map((event) => marked(event) !== undefined);
  const trueEvents = isTrue.filter(Boolean).length;
  const falseEvents = events.filter((event, i) => !isTrue[i] && hasKind(timestamps, kinds, event, rowKinds.normal)).length;
  const detected = overlapFinder(events);
  const delays = labels.flatMap((label) => {
    const found = detected(label);
    return found ? [Math.max(0, found.start - label.start)] : [];
  });
  const days = normalDays(timestamps, kinds);
  const perDay = (count: number): Metric =>
    days > 0 ? { value: count / days } : { value: null, reason: why ?? 'no scored normal time in this part' };

  const noAnomaly = why ?? (judged.anomalies === 0 ? 'no labelled anomaly with scores in this part' : null);
  const noEvent = why ?? (events.length === 0 ? 'nothing was detected in this part' : null);
  const noPrediction = why ?? (judged.hits + judged.falseHits === 0 ? 'no sample reaches the threshold in this part' : null);
  const counted = trueEvents + falseEvents;
  const precision = metric(noPrediction ?? noAnomaly, () => judged.hits / (judged.hits + judged.falseHits));
  const recall = metric(noAnomaly, () => judged.hits / judged.anomalies);
  const eventPrecision = metric(
    noEvent ?? noAnomaly ?? (counted === 0 ? 'every event lies in masked time' : null),
    () => trueEvents / counted,
  );
  const eventRecall = metric(noAnomaly, () => delays.length / labels.length);
  const prevalence = metric(why, () => judged.anomalies / scored);
  return {
    protocol: protocolOf(input, part.left, first, last),
    rows: scored,
    days,
    labels: labels.length,
    caught: delays.length,
    events: events.length,
    falseEvents,
    falseEventsPerDay: perDay(falseEvents),
    falseEventsPerDayUpper: perDay(poissonUpper(falseEvents)),
    medianDelayMs: metric(noAnomaly ?? (delays.length === 0 ? 'no labelled anomaly was caught' : null), () => median(delays)),
    precision,
    recall,
    // With anomalies but no detection F1 is 0, not undefined: 2·TP / (2·TP + FP + FN).
    f1: metric(noAnomaly, () => (2 * judged.hits) / (judged.hits + judged.falseHits + judged.anomalies)),
    eventPrecision,
    eventRecall,
    eventF1: metric(noAnomaly, () => harmonic(counted === 0 ? 0 : trueEvents / counted, delays.length / labels.length)),
    ...(input.rank ?? rankMetrics(input)),
    prevalence,
    allOnesF1: metric(noAnomaly, () => (2 * judged.anomalies) / (scored + judged.anomalies)),
    timeInEvents: metric(why, () => inEvents(timestamps, kinds, events) / scored),
  };
}

/** The metrics of a part that need no threshold; compute them once while a threshold is dragged. */
export function rankMetrics(input: Omit<EvaluateInput, 'rule'>): RankMetrics {
  const part = stretch(input);
  const kept = part.kinds.reduce((sum, kind) => sum + (kind === rowKinds.left ? 0 : 1), 0);
  const score = part.score.filter((_, i) => part.kinds[i] !== rowKinds.left);
  const truth = part.kinds.filter((kind) => kind !== rowKinds.left);
  const reason =
    emptyReason(part, kept, input.part) ??
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
  /** Rows that count neither way. */
  readonly left: number;
}

function stretch(input: Omit<EvaluateInput, 'rule'>): Stretch {
  const start = input.range ? lowerBound(input.timestamps, input.range.start) : 0;
  const end = input.range ? lowerBound(input.timestamps, input.range.end) : input.timestamps.length;
  const timestamps = input.timestamps.subarray(start, Math.max(start, end));
  const score = input.score.subarray(start, Math.max(start, end));
  const kinds = rowKindsOf(timestamps, score, input.labels);
  return { timestamps, score, kinds, left: kinds.reduce((sum, kind) => sum + (kind === rowKinds.left ? 1 : 0), 0) };
}

function emptyReason(part: Stretch, scored: number, name = 'part'): string | null {
  if (part.timestamps.length === 0) return `the ${name} has no row`;
  return scored === 0 ? `no row of the ${name} has a score outside masks` : null;
}

function countRows(
  score: Float32Array,
  kinds: Uint8Array,
  value: number,
): { anomalies: number; normals: number; hits: number; falseHits: number } {
  const count = { anomalies: 0, normals: 0, hits: 0, falseHits: 0 };
  for (let i = 0; i < kinds.length; i++) {
    if (kinds[i] === rowKinds.left) continue;
    const reached = score[i]! >= value;
    if (kinds[i] === rowKinds.anomaly) {
      count.anomalies++;
      if (reached) count.hits++;
    } else {
      count.normals++;
      if (reached) count.falseHits++;
    }
  }
  return count;
}

function hasKind(timestamps: Float64Array, kinds: Uint8Array, interval: Interval, kind: number): boolean {
  const rows = rowsWithin(timestamps, interval);
  return kinds.subarray(rows.start, rows.end).includes(kind);
}

/** Finds the first of sorted, disjoint intervals (ends included) that overlaps another; by binary search. */
function overlapFinder(sorted: readonly Interval[]): (interval: Interval) => Interval | undefined {
  const ends = Float64Array.from(sorted, ({ end }) => end);
  return (interval) => {
    const candidate = sorted[lowerBound(ends, interval.start)];
    return candidate && overlaps(candidate, interval) ? candidate : undefined;
  };
}

function inEvents(timestamps: Float64Array, kinds: Uint8Array, events: readonly Interval[]): number {
  let rows = 0;
  for (const event of events) {
    const within = rowsWithin(timestamps, event);
    for (let i = within.start; i < within.end; i++) if (kinds[i] !== rowKinds.left) rows++;
  }
  return rows;
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

function protocolOf(input: EvaluateInput, left: number, first: number, last: number): string {
  const { rule } = input;
  const date = timeFormatter('UTC').iso;
  const day = (ms: number): string => date(ms).slice(0, 10);
  const period = first === 0 && last === 0 ? 'no row' : `${day(first)} to ${day(last)}`;
  return (
    `${input.part ?? 'part'} ${period}, score >= ${formatScore(rule.value)}, min duration ${formatDuration(rule.minDurationMs)}, ` +
    `merge gap ${formatDuration(rule.mergeGapMs)}, not point-adjusted` +
    (left > 0 ? `, ${left} rows without score or in masks left out` : '')
  );
}
