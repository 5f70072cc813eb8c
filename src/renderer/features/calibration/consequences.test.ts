import { describe, expect, it } from 'vitest';
import type { Label } from '../../../core/labels/label';
import { hiddenBy, judgeOf, ruleFor, tradeOff } from './consequences';
import { hour, label, labels, scores } from './test-scores';

const rule = { value: 3.5, minDurationMs: 0, mergeGapMs: 0 };

describe('consequences of a threshold', () => {
  it('say what each event matches and how long after the label it came', () => {
    const { events, missed, evaluation } = judgeOf(scores, labels).of(rule);
    expect(events.map((e) => [e.name, e.start / hour, e.label?.id ?? null, e.foundAfterMs])).toEqual([
      ['E-01', 10, 'a', hour],
      ['E-02', 20, null, null],
    ]);
    expect(missed.map((l) => l.id)).toEqual(['b']);
    expect(evaluation).toMatchObject({ labels: 2, caught: 1, events: 2, falseEvents: 1 });
  });
  it('follow the threshold', () => {
    const { events, missed } = judgeOf(scores, labels).of({ ...rule, value: 3 });
    expect(events).toHaveLength(3);
    expect(missed).toEqual([]);
  });
  it('do not call an event false that a label of another kind explains', () => {
    const mode: Label = { ...label('m', 19, 21), class: 'mode-change' };
    const { events, evaluation } = judgeOf(scores, [...labels, mode]).of(rule);
    expect(events.map((e) => [e.label?.id ?? null, e.explainedBy?.id ?? null])).toEqual([
      ['a', null],
      [null, 'm'],
    ]);
    expect(evaluation.falseEvents).toBe(0);
  });
  it('say why a figure is missing when there is no label', () => {
    const { evaluation } = judgeOf(scores, []).of(rule);
    expect(evaluation.recall).toMatchObject({ value: null, reason: expect.stringContaining('no labelled anomaly') as string });
    expect(evaluation.falseEvents).toBe(2);
  });
});

it('hides what begins within the dead time and what one tag alone drives, and says what was hidden', () => {
  // Events at 3.5: 10 to 12 h and 20 h. Dead time 9 h hides the second (8 h after the end of the first).
  const dead = judgeOf(scores, labels).of({ ...rule, deadTimeMs: 9 * hour });
  expect(dead.hidden.map((h) => [h.name, h.start / hour, h.by])).toEqual([['H-01', 20, 'dead-time']]);
  expect(dead.evaluation).toMatchObject({ events: 1, falseEvents: 0 });
  const shares = [{ channel: 'FT', share: Float32Array.from({ length: 48 }, (_, h) => (h === 20 ? 0.9 : 0.2)) }];
  const suppress = [
    { channel: 'PT', minShare: 0.5, reason: 'a' },
    { channel: 'FT', minShare: 0.8, reason: 'b' },
  ];
  const hidden = judgeOf({ ...scores, shares }, labels).of({ ...rule, suppress });
  expect(hidden.hidden.map((h) => [h.start / hour, h.channel, h.reason, h.label])).toEqual([[20, 'FT', 'b', null]]);
  expect(hiddenBy(hidden.hidden, { ...rule, suppress })).toEqual([0, 1]);
});

it('judges without modes until the rows with their modes are there', () => {
  const modes = { channel: 'speed', edges: [1], values: [9, null] };
  expect(ruleFor(scores, { ...rule, modes }).modes).toBeUndefined();
  const rows = new Uint8Array(48);
  const here = { ...scores, modes: { rule: { channel: 'speed', edges: [1] }, rows } };
  expect(judgeOf(here, labels).of({ ...rule, modes }).events).toEqual([]);
  expect(judgeOf(here, labels).of({ ...rule, modes: { ...modes, edges: [2] } }).events).toHaveLength(2);
});

it('gives the price of each threshold', () => {
  const steps = tradeOff(judgeOf(scores, labels), rule, 6, 6);
  expect(steps.map((s) => [s.threshold, s.caught])).toEqual([
    [1, 2],
    [2, 2],
    [3, 2],
    [4, 1],
    [5, 1],
    [6, 0],
  ]);
});
