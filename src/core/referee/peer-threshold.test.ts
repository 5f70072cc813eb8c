import { describe, expect, it } from 'vitest';
import type { Label } from '../labels/label';
import type { Objective, ThresholdChoice } from '../thresholds/threshold';
import { peerThreshold, shareAbove, type CalibrationRows } from './peer-threshold';

const label: Label = { id: 'L', start: 6000, end: 7000, class: 'anomaly', comment: '', channels: [], origin: 'user' };
const rowsOf = (score: readonly number[], labels: readonly Label[] = [label]): CalibrationRows => ({
  timestamps: Float64Array.from(score, (_, i) => i * 1000),
  score: Float32Array.from(score),
  labels,
});
const scores = [1, 2, 3, 4, 5, 6, 20, 30, 7, 8];
const choice = (objective: Objective): ThresholdChoice => ({
  ...{ value: 5, minDurationMs: 2000, mergeGapMs: 3000, deadTimeMs: 4000, hysteresis: 1, objective, from: '', achieved: null },
});
const none = new Float32Array(0);

describe('threshold of a one-liner', () => {
  it('is chosen by the objective of the detector, with its knobs but not its hysteresis', () => {
    const { rule, from } = peerThreshold(rowsOf(scores), none, choice({ kind: 'f1' }), 0.4);
    // Rows 6 and 7 are the anomaly; 8 is the highest normal score, so best F1 cuts at (8 + 20) / 2.
    expect(rule).toEqual({ value: 14, minDurationMs: 2000, mergeGapMs: 3000, deadTimeMs: 4000 });
    expect(from).toBe('by the objective of the detector');
  });
  it.each(['manual', 'carried', 'contract'] as const)('is matched by share where the detector was set by %s', (kind) => {
    const { rule, from } = peerThreshold(rowsOf(scores), none, choice({ kind }), 0.4);
    // 4 of 10 samples: 30, 20, 8, 7.
    expect(rule.value).toBe(7);
    expect(from).toContain('(40 %)');
  });
  it('is matched by share where the objective finds nothing to choose from', () => {
    expect(peerThreshold(rowsOf(scores, []), none, choice({ kind: 'f1' }), 0.2).rule.value).toBe(20);
  });
  it('lies just above all samples where none reaches the detector’s', () => {
    const { value } = peerThreshold(rowsOf(scores), none, choice({ kind: 'manual' }), 0).rule;
    expect(value).toBeGreaterThan(30);
    expect(Math.fround(value)).toBe(30);
  });
  it('cuts no constant score', () => {
    expect(peerThreshold(rowsOf([0, 0, 0, NaN]), none, choice({ kind: 'quantile', q: 0.9 }), 0.5).rule.value).toBe(Infinity);
  });
});

it('counts samples with a score outside masks', () => {
  const mask: Label = { ...label, id: 'M', class: 'ignore', start: 0, end: 1000 };
  expect(shareAbove(rowsOf([9, 9, 1, 9, NaN], [mask]), 5)).toBe(0.5);
  expect(shareAbove(rowsOf([NaN], []), 5)).toBeNaN();
});
