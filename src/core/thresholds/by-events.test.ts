import { describe, expect, it } from 'vitest';
import { isFaultline } from '../errors';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { evaluate } from '../metrics/evaluate';
import { randomFrom } from '../random';
import { levelsBetween, thresholdLevels } from './levels';
import { suggestThreshold, type SuggestInput } from './suggest';

const minute = 60_000;
const label = (start: number, end: number, cls: Label['class'] = 'anomaly'): Label =>
  testLabel({ id: `L${start}`, start: start * minute, end: end * minute, class: cls });
const input = (scores: readonly number[], labels: Label[], over: Partial<SuggestInput> = {}): SuggestInput => ({
  timestamps: Float64Array.from(scores, (_, i) => i * minute),
  score: Float32Array.from(scores),
  labels,
  normal: new Float32Array(0),
  normalFrom: 'train rows',
  minDurationMs: 0,
  mergeGapMs: 0,
  ...over,
});
const code = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (isFaultline(error)) return error.code;
    throw error;
  }
  return 'none';
};

describe('thresholds worth trying', () => {
  it('lie between neighbouring scores, above all, and at the lowest', () => {
    expect(thresholdLevels(Float32Array.of(3, NaN, 1, 3, 8), 10)).toEqual([8.008, 5.5, 2, 1]);
    expect(thresholdLevels(new Float32Array(2).fill(NaN), 10)).toEqual([]);
  });

  it('are dense at the high end where there are many, and keep those of anomalies', () => {
    const score = Float32Array.from({ length: 10_000 }, (_, i) => i);
    const wanted = Uint8Array.from(score, (_, i) => (i === 1234 ? 1 : 0));
    const found = thresholdLevels(score, 40, wanted);
    expect(found.length).toBeLessThanOrEqual(41);
    expect(found).toEqual(found.toSorted((a, b) => b - a));
    // The three highest steps are all there, and the one that the anomaly's score needs.
    expect(found.slice(1, 3)).toEqual([9998.5, 9997.5]);
    expect(found).toContain(1233.5);
    expect(found.at(-1)).toBe(0);
    expect(levelsBetween(score, 105, 100, 10)).toEqual([103.5, 102.5, 101.5, 100.5]);
  });
});

describe('objectives on events', () => {
  // Labels at 7 (score 9) and 9 (score 3). Normal events: 4-5 (8), 11 (6), 1 (5).
  const scores = [0, 5, 0, 0, 8, 8, 0, 9, 0, 3, 0, 6];
  const two = input(scores, [label(7, 7), label(9, 9)]);
  const days = 10 / 1440;

  it('recall: most caught within the limit; of equal ones fewer false events, then the higher threshold', () => {
    // Two false events allowed: the second label would cost three, so one is caught, best without any false event.
    const strict = suggestThreshold({ kind: 'recall', limit: 2 / days }, two);
    expect(strict).toMatchObject({ value: 8.5, achieved: 0.5 });
    expect(strict.from).toContain('1 of 2 labelled anomalies caught, no false event in');
    const loose = suggestThreshold({ kind: 'recall', limit: 3 / days }, two);
    expect(loose).toMatchObject({ value: 1.5, achieved: 1 });
    expect(loose.from).toContain('2 of 2 labelled anomalies caught, 3 false events in');
    expect(Object.keys(loose).sort()).toEqual(['achieved', 'from', 'mergeGapMs', 'minDurationMs', 'objective', 'value']);
  });

  it('cost: a miss against false events', () => {
    // 8.5: one miss. 1.5: three false events. Above all: two misses.
    expect(suggestThreshold({ kind: 'cost', miss: 10, falseEvent: 1 }, two)).toMatchObject({ value: 1.5, achieved: 3 });
    expect(suggestThreshold({ kind: 'cost', miss: 2, falseEvent: 1 }, two)).toMatchObject({ value: 8.5, achieved: 2 });
    // A label that only comes with a false event of five: better to detect nothing.
    const hopeless = suggestThreshold({ kind: 'cost', miss: 1, falseEvent: 5 }, input([9, 0, 4, 0], [label(2, 2)]));
    expect(hopeless.value).toBeGreaterThan(9);
    expect(hopeless.achieved).toBe(1);
  });

  it('delay: the shortest among those that catch most', () => {
    // The label from 4 on scores 2, 3, 9: at 8 found after two minutes; at 2 at once, with the false event at 0.
    const slow = input([4, 0, 0, 0, 2, 3, 9, 9, 9, 0], [label(4, 8)]);
    const allowed = 5 / 1440;
    const none = suggestThreshold({ kind: 'delay', limit: 0.5 / allowed }, slow);
    expect(none).toMatchObject({ value: 6.5, achieved: 2 * minute });
    expect(none.from).toContain('2 min');
    expect(suggestThreshold({ kind: 'delay', limit: 1 / allowed }, slow)).toMatchObject({ value: 1, achieved: 0 });
  });

  it('false events a day with dead time: hidden ones are not counted', () => {
    // At 8: 4-5, and 7 begins two minutes later: hidden. False: 4-5, then 11 at 6, then 1 at 5.
    const found = suggestThreshold(
      { kind: 'events-per-day', limit: 2 / (11 / 1440) },
      input(scores, [label(7, 7)], { deadTimeMs: 2 * minute }),
    );
    expect(found).toMatchObject({ value: 5.5, deadTimeMs: 2 * minute });
    expect(found.achieved! * (11 / 1440)).toBeCloseTo(2, 9);
    // Not even one allowed: above everything.
    const nothing = suggestThreshold({ kind: 'events-per-day', limit: 0.01 }, input(scores, [], { hysteresis: 1 }));
    expect(nothing.value).toBeGreaterThan(9);
    expect(nothing.achieved).toBe(0);
    // All allowed: down to the lowest score.
    const all = suggestThreshold({ kind: 'events-per-day', limit: 10_000 }, input(scores, [], { hysteresis: 1 }));
    expect(all.value).toBe(0);
  });

  it('never takes one event over everything for a catch', () => {
    // At 0 a single event covers both labels, with no false event and no delay. On the way there three false events were too many.
    const limit = 1 / days;
    for (const kind of ['recall', 'delay'] as const) {
      expect(suggestThreshold({ kind, limit }, two)).toMatchObject({ value: 8.5 });
    }
    expect(suggestThreshold({ kind: 'cost', miss: 1, falseEvent: 1 }, two)).toMatchObject({ value: 8.5, achieved: 1 });
  });

  it('says what is missing', () => {
    for (const kind of ['recall', 'delay'] as const) {
      expect(code(() => suggestThreshold({ kind, limit: 1 }, input(scores, [])))).toBe('threshold/no-labels');
    }
    expect(code(() => suggestThreshold({ kind: 'cost', miss: 1, falseEvent: 1 }, input(scores, [])))).toBe('threshold/no-labels');
    expect(code(() => suggestThreshold({ kind: 'recall', limit: 1 }, input([NaN, NaN], [label(0, 1)])))).toBe(
      'threshold/no-scores',
    );
    expect(code(() => suggestThreshold({ kind: 'recall', limit: 1 }, input([1, 2], [label(0, 1)])))).toBe('threshold/no-scores');
    for (const kind of ['manual', 'carried'] as const) {
      expect(code(() => suggestThreshold({ kind }, two))).toBe('threshold/bad-objective');
    }
  });

  it('finds what trying every threshold finds', () => {
    const random = randomFrom(8);
    for (let round = 0; round < 60; round++) {
      const list = Array.from({ length: 50 }, () => random.int(15));
      const labels = [label(5, 8), label(20, 22), label(30, 35)];
      const data = input(list, labels, { mergeGapMs: random.int(3) * minute, minDurationMs: random.int(3) * minute });
      const { timestamps, score, mergeGapMs, minDurationMs } = data;
      const allowed = random.int(3);
      const limit = (allowed + 0.5) / evaluate({ timestamps, score, labels, rule: { value: 0, mergeGapMs, minDurationMs } }).days;
      const down = Array.from({ length: 16 }, (_, k) =>
        evaluate({ timestamps, score, labels, rule: { value: 15 - k, mergeGapMs, minDurationMs } }),
      );
      // Only as far down as nothing breaks the limit.
      const broken = down.findIndex(({ falseEvents }) => falseEvents > allowed);
      const kept = broken < 0 ? down : down.slice(0, broken);
      const caught = Math.max(...kept.map((e) => e.caught));
      const most = (k: number): number => Math.max(...kept.slice(0, k + 1).map((e) => e.falseEvents));
      const fewest = Math.min(...kept.flatMap((e, k) => (e.caught === caught ? [most(k)] : [])));
      const rule = suggestThreshold({ kind: 'recall', limit }, data);
      const found = evaluate({ timestamps, score, labels, rule });
      expect(found.caught).toBe(caught);
      expect(found.falseEvents).toBeLessThanOrEqual(fewest);
      // The highest threshold of those: any higher one catches less or has had as many false events.
      const first = kept.findIndex((e, k) => e.caught === caught && most(k) === fewest);
      expect(Math.ceil(rule.value)).toBe(Math.min(15 - first, Math.max(...list) + 1));
    }
  });

  it('comes down to neighbouring scores where they are too many to try all', () => {
    // 6,000 different normal scores up to 1, and a label at 0.99995 that 0 of them reach within a hair.
    const random = randomFrom(4);
    const list = Array.from({ length: 6000 }, () => 0.9 * random.next());
    list[3000] = 0.9001;
    list[100] = 0.90011;
    const found = suggestThreshold({ kind: 'recall', limit: 0.1 }, input(list, [label(3000, 3000), label(100, 100)]));
    expect(found.achieved).toBe(1);
    expect(found.value).toBeGreaterThan(Math.max(...list.filter((_, i) => i !== 3000 && i !== 100)));
    expect(found.value).toBeLessThan(0.9001);
  });
});

describe('knobs searched together with the threshold', () => {
  const flat = (n: number, values: Readonly<Record<number, number>>): number[] =>
    Array.from({ length: n }, (_, i) => values[i] ?? 0);

  it('minimum duration drops the short false ones', () => {
    // Spikes of one row at 9; the label is ten rows of 5. Without the knob it cannot be had without three false events.
    const list = flat(60, { 5: 9, 15: 9, 25: 9, ...Object.fromEntries(Array.from({ length: 10 }, (_, k) => [40 + k, 5])) });
    const data = input(list, [label(40, 49)]);
    expect(suggestThreshold({ kind: 'recall', limit: 0.1 }, data).achieved).toBe(0);
    const found = suggestThreshold({ kind: 'recall', limit: 0.1 }, { ...data, search: ['minDuration'] });
    expect(found).toMatchObject({ achieved: 1, value: 2.5, minDurationMs: 2 * minute, mergeGapMs: 0 });
    expect(found.from).toMatch(
      /Found with it: minimum duration 2 min\. \d+ settings tried on 1 labelled anomaly: the best of so many/,
    );
  });

  it('merge gap makes one of several false ones', () => {
    const list = flat(40, { 10: 9, 12: 9, 14: 9, 30: 8, 31: 8, 32: 8, 33: 8 });
    const data = input(list, [label(30, 33)], { search: ['mergeGap'] });
    // One false event allowed in 36 normal minutes.
    const found = suggestThreshold({ kind: 'recall', limit: 1440 / 36 }, data);
    expect(found).toMatchObject({ achieved: 1, mergeGapMs: 5 * minute });
  });

  it('hysteresis holds a flickering one together', () => {
    // The label flickers between 9 and 8; normal time lingers at 8.5. Events must last five minutes.
    const list = flat(60, { ...Object.fromEntries(Array.from({ length: 10 }, (_, k) => [10 + k, 8.5])) });
    for (let k = 0; k < 10; k++) list[40 + k] = k % 2 === 0 ? 9 : 8;
    const data = input(list, [label(40, 49)], { minDurationMs: 5 * minute });
    expect(suggestThreshold({ kind: 'recall', limit: 0.1 }, data).achieved).toBe(0);
    const found = suggestThreshold({ kind: 'recall', limit: 0.1 }, { ...data, search: ['hysteresis'] });
    // A tenth of the way from the median normal score (0) to 8.75.
    expect(found).toMatchObject({ achieved: 1, value: 8.75 });
    expect(found.hysteresis).toBeCloseTo(0.875, 9);
  });

  it('dead time hides the echoes', () => {
    const list = flat(40, { 10: 9, 11: 9, 12: 9, 15: 9, 18: 9, 20: 9 });
    const found = suggestThreshold({ kind: 'recall', limit: 0.1 }, input(list, [label(10, 12)], { search: ['deadTime'] }));
    // Four times the length of the label.
    expect(found).toMatchObject({ achieved: 1, deadTimeMs: 8 * minute });
  });

  it('takes no length from what a label does behind the rows', () => {
    // The label goes on from 55 to the last row, 59: dead times of 4 and 16 minutes. The longer one leaves one false event, which is allowed.
    const list = flat(60, { 5: 9, 8: 9, 10: 9, 55: 9, 56: 9, 57: 9, 58: 9, 59: 9 });
    for (const end of [59, 80, 5000]) {
      const data = input(list, [label(55, end)], { search: ['deadTime'] });
      expect(suggestThreshold({ kind: 'recall', limit: 1440 / 55 }, data)).toMatchObject({ achieved: 1, deadTimeMs: 16 * minute });
    }
  });

  it('searches all at once, and leaves objectives per sample and without labels alone', () => {
    const list = flat(60, { 5: 9, 15: 9, ...Object.fromEntries(Array.from({ length: 10 }, (_, k) => [40 + k, 5])) });
    const search = ['minDuration', 'mergeGap', 'hysteresis', 'deadTime'] as const;
    const data = input(list, [label(40, 49)], { search, normal: Float32Array.of(1, 2, 3), mergeGapMs: minute });
    const found = suggestThreshold({ kind: 'cost', miss: 1, falseEvent: 1 }, data);
    expect(found.achieved).toBe(0);
    expect(Number(/([\d,]+) settings/.exec(found.from)![1]!.replace(',', ''))).toBeGreaterThan(100);
    for (const objective of [{ kind: 'f1' }, { kind: 'quantile', q: 0.5 }, { kind: 'events-per-day', limit: 1 }] as const) {
      expect(suggestThreshold(objective, data)).toEqual(suggestThreshold(objective, { ...data, search: undefined }));
    }
  });

  it('keeps a suppression rule in force while it searches', () => {
    // The false event at 5 is all of one tag, which a rule hides: then both labels come free.
    const list = flat(30, { 5: 9, 15: 5, 20: 7 });
    const share = Float32Array.from(list, (_, i) => (i === 5 ? 1 : 0));
    const suppress = [{ channel: 'flow', minShare: 0.9, reason: 'calibrated' }];
    const data = input(list, [label(15, 15), label(20, 20)]);
    expect(suggestThreshold({ kind: 'recall', limit: 0.1 }, data).achieved).toBe(0);
    const found = suggestThreshold({ kind: 'recall', limit: 0.1 }, { ...data, suppress, shares: [{ channel: 'flow', share }] });
    expect(found).toMatchObject({ achieved: 1, value: 2.5, suppress });
  });
});
