import { expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { randomFrom } from '../random';
import { evaluate, evaluator } from './evaluate';
import type { Metric } from './evaluation';

const minute = 60_000;
const label = (start: number, end: number, over: Partial<Label> = {}): Label =>
  testLabel({ id: `${start}`, start: start * minute, end: end * minute, ...over });
const timestamps = Float64Array.from({ length: 20 }, (_, i) => i * minute);
// Vector B of the metrics document: anomalies at 5-8 and 15-16, threshold 0.45 gives rows 6, 7, 9, 16, 17.
const score = Float32Array.of(0.1, 0.1, 0.2, 0.1, 0.3, 0.2, 0.9, 0.8, 0.1, 0.7, 0.1, 0.1, 0.2, 0.1, 0.1, 0.4, 0.6, 0.5, 0.1, 0.1);
const labels = [label(5, 8), label(15, 16)];
const rule = { value: 0.45, minDurationMs: 0, mergeGapMs: 0 };
const value = (metric: Metric): number | null => metric.value;

it('counts samples, events and delays of vector B', () => {
  const found = evaluate({ timestamps, score, labels, rule, part: 'test part' });
  // 3 of 5 reached samples are anomalous, 3 of 6 anomalous samples are reached: F1 = 6 / 11.
  expect(value(found.precision)).toBeCloseTo(0.6, 12);
  expect(value(found.recall)).toBeCloseTo(0.5, 12);
  expect(value(found.f1)).toBeCloseTo(0.545455, 6);
  // Events 6-7, 9, 16-17: the middle one touches no label.
  expect(found).toMatchObject({ rows: 20, labels: 2, caught: 2, events: 3, falseEvents: 1 });
  expect(value(found.eventPrecision)).toBeCloseTo(2 / 3, 12);
  expect(value(found.eventRecall)).toBe(1);
  expect(value(found.eventF1)).toBeCloseTo(0.8, 12);
  // Both found one minute after they began.
  expect(value(found.medianDelayMs)).toBe(minute);
  // 14 normal rows of one minute.
  expect(found.days).toBeCloseTo(14 / 1440, 12);
  expect(value(found.falseEventsPerDay)).toBeCloseTo(1440 / 14, 9);
  expect(value(found.falseEventsPerDayUpper)).toBeCloseTo((4.743865 * 1440) / 14, 3);
  expect(value(found.prevalence)).toBeCloseTo(0.3, 12);
  expect(value(found.allOnesF1)).toBeCloseTo(0.6 / 1.3, 12);
  expect(value(found.timeInEvents)).toBeCloseTo(5 / 20, 12);
  expect(value(found.aucRoc)).toBeCloseTo(0.803571, 6);
  expect(value(found.averagePrecision)).toBeCloseTo(0.702778, 6);
  expect(found.protocol).toBe(
    'test part 1970-01-01 00:00:00 to 1970-01-01 00:19:00, score >= 0.4500, min duration 0 s, merge gap 0 s, not point-adjusted',
  );
});

it('does not call an event false that another label explains', () => {
  // The event at row 9 touches the mode change at 9-10; its rows still count as normal samples.
  const found = evaluate({ timestamps, score, labels: [...labels, label(9, 10, { class: 'mode-change' })], rule });
  expect(found).toMatchObject({ rows: 20, events: 3, falseEvents: 0 });
  expect(value(found.eventPrecision)).toBe(1);
  expect(value(found.precision)).toBeCloseTo(0.6, 12);
  // A label "normal" explains nothing.
  expect(evaluate({ timestamps, score, labels: [...labels, label(9, 10, { class: 'normal' })], rule }).falseEvents).toBe(1);
});

it('takes the buffer of VUS-PR that is asked for', () => {
  expect(value(evaluate({ timestamps, score, labels, rule, vusBuffer: 4 }).vusPr)).toBeCloseTo(0.819962, 6);
});

it('leaves rows without score and in masks out of every count', () => {
  const holed = score.map((s, i) => (i === 16 || i === 0 ? NaN : s));
  const masks = [label(9, 9, { class: 'ignore' }), label(17, 18, { class: 'instrument' })];
  const found = evaluate({ timestamps, score: holed, labels: [...labels, ...masks], rule });
  // Left: rows 6, 7 reached, both anomalous; anomalous with score: 5-8 and 15. The events at 9 and 17 are wholly masked.
  expect(found).toMatchObject({ rows: 15, labels: 2, caught: 1, events: 3, falseEvents: 0 });
  expect(value(found.precision)).toBe(1);
  expect(value(found.recall)).toBeCloseTo(0.4, 12);
  expect(value(found.eventPrecision)).toBe(1);
  expect(value(found.eventRecall)).toBe(0.5);
});

it('gives a reason and never 0 where a metric is not defined', () => {
  const none = evaluate({ timestamps, score, labels: [], rule, part: 'test part' });
  for (const metric of [none.f1, none.recall, none.precision, none.eventRecall, none.medianDelayMs, none.aucRoc, none.vusPr]) {
    expect(metric).toEqual({ value: null, reason: 'no labelled anomaly with scores in this part' });
  }
  // False events can still be counted: all three are.
  expect(none.falseEvents).toBe(3);
  const empty = evaluate({ timestamps, score, labels, rule, range: { start: 100 * minute, end: Infinity }, part: 'test part' });
  expect(empty.prevalence).toEqual({ value: null, reason: 'the test part has no row' });
  expect(empty.falseEventsPerDay.value).toBeNull();
  const high = evaluate({ timestamps, score, labels, rule: { ...rule, value: 2 } });
  expect(high.precision).toEqual({ value: null, reason: 'no sample reaches the threshold in this part' });
  expect(high.medianDelayMs).toEqual({ value: null, reason: 'no labelled anomaly was caught' });
  expect(value(high.recall)).toBe(0);
  expect(value(high.f1)).toBe(0);
});

it('judges only the range it is given', () => {
  const found = evaluate({ timestamps, score, labels, rule, range: { start: 12 * minute, end: 20 * minute } });
  expect(found).toMatchObject({ rows: 8, labels: 1, caught: 1, events: 1, falseEvents: 0 });
});

it('judges many thresholds as it judges each alone, and only the events are found again', () => {
  const judge = evaluator({ timestamps, score, labels, part: 'test part' });
  for (const value of [0.05, 0.1, 0.35, 0.6, 0.9, 2]) {
    for (const mergeGapMs of [0, 3 * minute]) {
      const tried = { ...rule, value, mergeGapMs };
      expect(judge(tried)).toEqual(evaluate({ timestamps, score, labels, rule: tried, part: 'test part' }));
    }
  }
});

it('judges a threshold over a million samples', () => {
  const n = 1_000_000;
  const random = randomFrom(2);
  const time = Float64Array.from({ length: n }, (_, i) => i * 1000);
  const many = Float64Array.from({ length: 20 }, (_, i) => i * 40_000);
  const judge = evaluator({
    timestamps: time,
    score: Float32Array.from(time, () => random.next()),
    labels: Array.from(many, (start, i) => ({ ...label(0, 0), id: String(i), start: start * 1000, end: (start + 3000) * 1000 })),
    rank: { aucRoc: { value: 1 }, averagePrecision: { value: 1 }, vusPr: { value: 1 } },
  });
  const found = judge({ ...rule, value: 0.998 });
  expect(found.labels).toBe(20);
  expect(found.falseEvents).toBeGreaterThan(1000);
});
