import { describe, expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { evaluate, evaluator } from './evaluate';
import { eventJudge, stretchOf } from './judge';

const minute = 60_000;
const label = (start: number, end: number, over: Partial<Label> = {}): Label =>
  testLabel({ id: `L${start}`, start: start * minute, end: end * minute, ...over });
// Events at 9: rows 2, 4-5, 8, 10; labels 4-6 and 11.
const scores = [0, 0, 9, 0, 9, 9, 0, 0, 9, 0, 9, 0];
const timestamps = Float64Array.from(scores, (_, i) => i * minute);
const score = Float32Array.from(scores);
const labels = [label(11, 11), label(4, 6)];
const plain = { value: 5, minDurationMs: 0, mergeGapMs: 0 };

describe('judgement of events', () => {
  const judge = eventJudge(stretchOf({ timestamps, score, labels }), labels);

  it('names the false events by time, and the delay of each label', () => {
    const found = judge.of(plain);
    expect(found.falseAt).toEqual([2 * minute, 8 * minute, 10 * minute]);
    expect(found).toMatchObject({ trueEvents: 1, falseEvents: 3, hidden: 0 });
    // In order of time, however the labels were given.
    expect(found.found).toEqual([
      { labelId: 'L4', delayMs: 0 },
      { labelId: 'L11', delayMs: null },
    ]);
    // 8 normal rows of a minute.
    expect(judge.days * 1440).toBeCloseTo(8, 9);
  });

  it('lets an event that is hidden neither catch nor be false', () => {
    // Dead time of 3 minutes after the event at 2 hides 4-5, the only one that finds a label, and after 8 the one at 10.
    const found = judge.of({ ...plain, deadTimeMs: 3 * minute });
    expect(found).toMatchObject({ trueEvents: 0, falseEvents: 2, hidden: 2 });
    expect(found.found[0]).toEqual({ labelId: 'L4', delayMs: null });
  });

  it('counts false events of one mode by their beginning, and its normal days', () => {
    // Mode 1 from row 6 on: false events at 8 and 10; normal rows 7 to 10.
    const modes = Uint8Array.from(scores, (_, i) => (i >= 6 ? 1 : 0));
    const input = { timestamps, score, labels, modes, rule: plain };
    const one = evaluate({ ...input, mode: 1, part: 'test part' });
    expect(one.falseEvents).toBe(2);
    expect(one.days * 1440).toBeCloseTo(4, 9);
    expect(one.falseEventsPerDay.value! / 1440).toBeCloseTo(0.5, 9);
    expect(one.caught).toBe(1);
    // Of all events: one true of four.
    expect(one.eventPrecision.value).toBe(0.25);
    expect(one.protocol).toContain('false events and normal days of mode 2 alone');
    expect(evaluate({ ...input, mode: 5 }).falseEventsPerDay).toEqual({
      value: null,
      reason: 'no scored normal time of the mode in this part',
    });
    expect(evaluate(input)).toEqual(evaluate({ ...input, mode: null }));
    expect(() => evaluate({ ...input, modes: undefined, mode: 1 })).toThrow('modes of the rows');
  });
});

describe('evaluation of the whole rule', () => {
  it('counts samples by the threshold of their mode', () => {
    // Mode 0 at 10 reaches nothing; mode 1 at 5 reaches rows 8 and 10, both normal.
    const modes = Uint8Array.from(scores, (_, i) => (i >= 6 ? 1 : 0));
    const rule = { ...plain, modes: { channel: 'speed', edges: [500], values: [10, null] } };
    const found = evaluate({ timestamps, score, labels, modes, rule, part: 'test part' });
    expect(found).toMatchObject({ events: 2, falseEvents: 2, caught: 0 });
    expect(found.precision.value).toBe(0);
    expect(found.protocol).toBe(
      'test part 1970-01-01 00:00:00 to 1970-01-01 00:11:00, score >= 5.000 (10.00 at speed < 500), min duration 0 s, merge gap 0 s, not point-adjusted',
    );
    // A pooled rule on the same rows: 4-5 of 4 anomalous samples (4, 5, 6, 11), 5 reached.
    const pooled = evaluator({ timestamps, score, labels, modes })(plain);
    expect([pooled.precision.value, pooled.recall.value]).toEqual([2 / 5, 2 / 4]);
  });

  it('tells the knobs that are used and the number of hidden events', () => {
    const share = Float32Array.from(scores, (_, i) => (i === 2 ? 0.8 : 0));
    const rule = {
      ...plain,
      hysteresis: 0.5,
      deadTimeMs: 2 * minute,
      suppress: [{ channel: 'flow', minShare: 0.5, reason: 'calibrated' }],
    };
    const found = evaluate({ timestamps, score, labels, shares: [{ channel: 'flow', share }], rule, part: 'test part' });
    // 2 is suppressed, 10 begins 2 minutes after 8.
    expect(found).toMatchObject({ events: 2, hidden: 2, falseEvents: 1, caught: 1 });
    expect(found.protocol).toBe(
      'test part 1970-01-01 00:00:00 to 1970-01-01 00:11:00, score >= 5.000, hysteresis 0.5000, min duration 0 s, merge gap 0 s, dead time 2 min, ' +
        '1 suppression rule, 2 events hidden, not point-adjusted',
    );
  });

  it('cuts modes and shares with the range, and takes hidden events that were found elsewhere', () => {
    const modes = Uint8Array.from(scores, (_, i) => (i >= 6 ? 1 : 0));
    const byChannel = Float32Array.from({ length: 24 }, (_, i) => (i >> 1 === 8 ? 1 - (i % 2) : i % 2));
    const rule = {
      ...plain,
      modes: { channel: 's', edges: [1], values: [99, null] },
      suppress: [{ channel: 'a', minShare: 1, reason: '' }],
    };
    const range = { start: 3 * minute, end: 12 * minute };
    const input = { timestamps, score, labels, modes, byChannel, channels: ['a', 'b'], rule, range };
    // Of the range 3 to 11 the threshold of mode 1 is reached at 8 (all of it tag a: hidden) and 10.
    expect(evaluate(input)).toMatchObject({ rows: 9, events: 1, hidden: 1, falseEvents: 1 });
    const given = evaluate({
      ...input,
      events: [{ start: 10 * minute, end: 10 * minute }],
      hidden: [
        { start: 0, end: minute },
        { start: 8 * minute, end: 8 * minute },
      ],
    });
    expect(given).toEqual(evaluate(input));
  });

  it('says that nothing is shown because all is hidden', () => {
    const share = new Float32Array(12).fill(1);
    const suppress = [{ channel: 'flow', minShare: 0.5, reason: 'calibrated' }];
    const found = evaluate({ timestamps, score, labels, shares: [{ channel: 'flow', share }], rule: { ...plain, suppress } });
    expect(found.eventPrecision).toEqual({ value: null, reason: 'every event in this part is hidden' });
    expect(found.eventRecall.value).toBe(0);
  });
});
