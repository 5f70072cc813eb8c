import { expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { evaluate } from '../metrics/evaluate';
import { normalDays } from '../metrics/days';
import { randomFrom } from '../random';
import { rowKindsOf } from '../thresholds/rows';
import { normalClock } from './clock';
import { partJudge } from './judged';

const minute = 60_000;
const label = (start: number, end: number, over: Partial<Label> = {}): Label =>
  testLabel({ id: `${start}`, start: start * minute, end: end * minute, ...over });

it('finds false events on the clock of normal time, and delays', () => {
  const timestamps = Float64Array.from({ length: 20 }, (_, i) => i * minute);
  // Events at 1, 6-7, 12 and 18; labels 5-8 and 13-14, standstill (ignored) 15-16.
  const score = Float32Array.of(0, 9, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 9, 0);
  const labels = [label(13, 14), label(5, 8), label(15, 16, { class: 'ignore' })];
  const judge = partJudge({ rows: { timestamps, score }, labels, part: 'later' });
  const found = judge.judge({ value: 5, minDurationMs: 0, mergeGapMs: 0 });
  // Normal rows: 20 less 4, 2 and 2. Before row 12 there are 12 − 4, before row 18 18 − 8.
  expect(found.normalDays).toBeCloseTo(12 / 1440, 12);
  expect(found.falseEvents.map(({ time, day }) => [time / minute, Math.round(day * 1440)])).toEqual([
    [1, 1],
    [12, 8],
    [18, 10],
  ]);
  expect(found.labels.map(({ id, delayMs }) => [id, delayMs])).toEqual([
    ['5', minute],
    ['13', null],
  ]);
});

it('counts the false events and normal days of one mode', () => {
  const timestamps = Float64Array.from({ length: 12 }, (_, i) => i * minute);
  const score = Float32Array.of(9, 0, 9, 0, 0, 9, 9, 0, 0, 9, 0, 0);
  const modes = Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 255);
  const judge = partJudge({ rows: { timestamps, score, modes }, labels: [], part: 'calibration', mode: 1 });
  // The event 5-6 begins in mode 0; that at 9 comes after three rows of mode 1.
  const found = judge.judge({ value: 5, minDurationMs: 0, mergeGapMs: 0 });
  expect(found.falseEvents.map(({ time, day }) => [time / minute, Math.round(day * 1440)])).toEqual([[9, 3]]);
  expect(found.normalDays).toBeCloseTo(5 / 1440, 12);
});

it('agrees with the evaluation of the same rule, and its clock with the normal days', () => {
  const random = randomFrom(4);
  for (let round = 0; round < 50; round++) {
    let t = 0;
    const timestamps = Float64Array.from({ length: 120 }, () => (t += random.int(20) === 0 ? 30 * minute : minute));
    const score = Float32Array.from({ length: 120 }, () => (random.int(10) === 0 ? NaN : random.next()));
    const labels = Array.from({ length: 5 }, (_, k) => {
      const start = random.int(150);
      const kind = (['anomaly', 'anomaly', 'ignore', 'normal', 'mode-change'] as const)[k]!;
      return label(start, start + random.int(12), { id: `${k}`, class: kind });
    });
    const rule = { value: 0.8, minDurationMs: random.int(3) * minute, mergeGapMs: random.int(4) * minute };
    const input = { rows: { timestamps, score }, labels, part: 'calibration' as const };
    const found = partJudge(input).judge(rule);
    const all = evaluate({ timestamps, score, labels, rule });
    expect(found.normalDays).toBeCloseTo(all.days, 9);
    expect(found.falseEvents.length).toBe(all.falseEvents);
    expect(found.labels.filter(({ delayMs }) => delayMs !== null).length).toBe(all.caught);
    const kinds = rowKindsOf(timestamps, score, labels);
    expect(normalClock(timestamps, kinds).at(-1)).toBeCloseTo(normalDays(timestamps, kinds), 9);
  }
});
