import type { HiddenEvent } from '../events/event';
import { modeLimits } from '../events/rows';
import { detect, type ScoredRows } from '../events/events';
import type { Interval, Span } from '../labels/interval';
import type { Label } from '../labels/label';
import { noZones } from '../metrics/bootstrap';
import { evaluate } from '../metrics/evaluate';
import type { Evaluation, Metric } from '../metrics/evaluation';
import { aucRoc, vus, type RankInput } from '../metrics/rank';
import { randomPointF1 } from '../metrics/random-peer';
import { vusZones, type VusZones } from '../metrics/vus-zones';
import type { Random } from '../random';
import { lowerBound } from '../series/search';
import { rowKinds, rowKindsOf } from '../thresholds/rows';
import type { ThresholdRule } from '../thresholds/threshold';
import type { RefereeRow } from './report';

/** The rows that every method is judged on. */
export interface JudgedTest {
  /** [n] ms; all rows of the run. */
  readonly timestamps: Float64Array;
  /** [n] 1 for the rows of the test part where every method has a score and nothing was seen before. */
  readonly common: Uint8Array;
  readonly labels: readonly Label[];
  /** Half-open. */
  readonly range: Span;
  /** L of VUS in rows. */
  readonly buffer: number;
}

/** A method on those rows. */
export interface JudgedMethod {
  readonly evaluation: Evaluation;
  readonly aucRoc: Metric;
  readonly zones: VusZones | null;
}

/** Row numbers that count, and 1 for the anomalous ones among them. */
export function countedRows({ timestamps, common, labels, range }: JudgedTest): { rows: Int32Array; truth: Uint8Array } {
  const scored = Float32Array.from(common, (is) => (is === 1 ? 0 : NaN));
  const kinds = rowKindsOf(timestamps, scored, labels);
  const [from, to] = [lowerBound(timestamps, range.start), lowerBound(timestamps, range.end)];
  const rows: number[] = [];
  for (let i = from; i < to; i++) if (kinds[i] !== rowKinds.left) rows.push(i);
  return { rows: Int32Array.from(rows), truth: Uint8Array.from(rows, (i) => Number(kinds[i] === rowKinds.anomaly)) };
}

/** Judges a method with its rule. @param rows - its scores of all rows of the run, with what its rule needs. */
export function judgeMethod(test: JudgedTest, rows: ScoredRows, rule: ThresholdRule): JudgedMethod {
  return judgeDetected(test, rows, rule, detect(rows, rule));
}

/** The same for events that were detected before; those without a judged row do not count. */
export function judgeDetected(
  test: JudgedTest,
  rows: ScoredRows,
  rule: ThresholdRule,
  { events, hidden }: { readonly events: readonly Interval[]; readonly hidden: readonly HiddenEvent[] },
): JudgedMethod {
  const { timestamps, common, labels, range, buffer } = test;
  const score = rows.score.map((value, i) => (common[i] === 1 ? value : NaN));
  const counted = countedRows(test);
  const input = pick(score, counted);
  const area = aucRoc(input);
  const evaluation = evaluate({
    ...rows,
    score,
    labels,
    rule,
    events: events.filter((event) => touches(timestamps, common, event)),
    hidden: hidden.filter((event) => touches(timestamps, common, event)),
    range,
    part: 'test part',
    rank: notAsked,
  });
  return { evaluation, aucRoc: area === null ? { value: null, reason: noZones } : { value: area }, zones: vusZones(input, buffer) };
}

/** Row of the table, but for its VUS-PR. */
export function rowOf(id: string, title: string, { evaluation, aucRoc: area }: JudgedMethod): Omit<RefereeRow, 'vusPr'> {
  const { caught, labels, falseEvents, falseEventsPerDay, medianDelayMs, f1 } = evaluation;
  return { id, title, caught, labels, falseEvents, falseEventsPerDay, medianDelayMs, f1, aucRoc: area };
}

/** The volume comes from the zones and the area from the counted rows: `evaluate` need not compute them again. */
const notAsked = {
  aucRoc: { value: null, reason: 'not asked for' },
  averagePrecision: { value: null, reason: 'not asked for' },
  vusPr: { value: null, reason: 'not asked for' },
} as const;

function pick(score: Float32Array, { rows, truth }: { rows: Int32Array; truth: Uint8Array }): RankInput {
  return { score: Float32Array.from(rows, (i) => score[i]!), truth };
}

/** True when an event has a judged row. */
export function touches(timestamps: Float64Array, common: Uint8Array, event: Interval): boolean {
  for (let i = lowerBound(timestamps, event.start); i < timestamps.length && timestamps[i]! <= event.end; i++) {
    if (common[i] === 1) return true;
  }
  return false;
}

/** Number of judged rows that reach the threshold of their mode. */
export function countAbove(test: JudgedTest, rows: ScoredRows, rule: ThresholdRule): number {
  const limits = modeLimits(rule);
  return countedRows(test).rows.reduce((sum, i) => {
    const mode = rows.modes?.[i] ?? 255;
    return sum + Number(rows.score[i]! >= (limits[mode] ?? rule.value));
  }, 0);
}

/** Draws of a random score; enough for two digits of their mean. */
export const randomDraws = 10;

/**
 * What a random score has with as many samples above its threshold as the detector: means over seeded draws, with 1.96 standard deviations
 * of the draws as the spread of VUS-PR; F1 is its exact expectation and AUC-ROC one half.
 */
export function randomRow(test: JudgedTest, above: number, rule: ThresholdRule, random: Random): RefereeRow {
  const counted = countedRows(test);
  const n = counted.rows.length;
  const positives = counted.truth.reduce((sum, y) => sum + y, 0);
  const { minDurationMs, mergeGapMs, deadTimeMs } = rule;
  const volumes: number[] = [];
  const found: Evaluation[] = [];
  for (let draw = 0; draw < randomDraws; draw++) {
    const score = new Float32Array(test.timestamps.length).fill(NaN);
    for (const i of counted.rows) score[i] = random.next();
    const input = pick(score, counted);
    const volume = vus(input, test.buffer);
    if (volume) volumes.push(volume.pr);
    const value = above > 0 ? input.score.slice().sort()[n - above]! : 2;
    const peer = { value, minDurationMs, mergeGapMs, ...(deadTimeMs !== undefined && { deadTimeMs }) };
    found.push(evaluate({ ...test, score, rule: peer, part: 'test part', rank: notAsked }));
  }
  const first = found[0]!;
  const undefinedHere = volumes.length === 0;
  return {
    id: 'random',
    title: 'Random, same rate of samples',
    vusPr: undefinedHere
      ? { value: { value: null, reason: noZones }, interval: { low: null, reason: noZones } }
      : spreadOf(volumes),
    caught: mean(found.map(({ caught }) => caught)),
    labels: first.labels,
    falseEvents: mean(found.map(({ falseEvents }) => falseEvents)),
    falseEventsPerDay: meanMetric(found.map(({ falseEventsPerDay }) => falseEventsPerDay)),
    medianDelayMs: meanMetric(found.map(({ medianDelayMs }) => medianDelayMs)),
    f1: undefinedHere ? { value: null, reason: noZones } : { value: randomPointF1(above, positives, n) },
    aucRoc: undefinedHere ? { value: null, reason: noZones } : { value: 0.5 },
    thresholdFrom: `as many test samples above it as the detector has; mean of ${randomDraws} draws`,
  };
}

function spreadOf(values: readonly number[]): RefereeRow['vusPr'] {
  const middle = mean(values);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
  return {
    value: { value: middle },
    interval: { low: Math.max(0, middle - 1.96 * deviation), high: Math.min(1, middle + 1.96 * deviation) },
  };
}

function meanMetric(metrics: readonly Metric[]): Metric {
  const values = metrics.flatMap(({ value }) => (value === null ? [] : [value]));
  return values.length > 0 ? { value: mean(values) } : metrics[0]!;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
