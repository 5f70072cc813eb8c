import { describe, expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { evaluate } from '../metrics/evaluate';
import { suggestThreshold, type SuggestInput } from './suggest';
import { quantileOf } from './tail';

const minute = 60_000;
const label = (start: number, end: number, cls: Label['class'] = 'anomaly'): Label =>
  testLabel({ id: `L${start}`, start: start * minute, end: end * minute, class: cls });
const rule = { channel: 'speed', edges: [500] };
/** Rows below `split` are of mode 0, the others of mode 1. */
const input = (score: Float32Array, split: number, labels: Label[], over: Partial<SuggestInput> = {}): SuggestInput => ({
  timestamps: Float64Array.from(score, (_, i) => i * minute),
  score,
  labels,
  normal: new Float32Array([50]),
  normalFrom: 'train rows',
  minDurationMs: 0,
  mergeGapMs: 0,
  modes: { rule, rows: Uint8Array.from(score, (_, i) => (i < split ? 0 : 1)) },
  ...over,
});
/** Mode 0: 0 to 0.999. Mode 1: 10 upwards. */
const steps = (first: number, second: number): Float32Array =>
  Float32Array.from({ length: first + second }, (_, i) => (i < first ? i / first : 10 + (i - first) / second));

describe('thresholds of modes without labels', () => {
  it('take calibration rows of the mode, and fall back on the pooled one where these are few', () => {
    const found = suggestThreshold({ kind: 'quantile', q: 0.9 }, input(steps(1000, 499), 1000, []));
    // Pooled from the normal scores handed in, here a single 50.
    expect(found.value).toBe(50);
    expect(found.modes).toMatchObject(rule);
    expect(found.modes!.values[1]).toBeNull();
    expect(found.modes!.values[0]).toBeCloseTo(0.8991, 4);
    expect(found.from).toContain('0.8991 at speed < 500 (1,000 normal rows).');
    expect(found.from).toContain('The pooled threshold holds for speed >= 500 (499 normal rows, 500 are needed).');
  });

  it('need ten rows above a quantile', () => {
    const values = (n: number) => suggestThreshold({ kind: 'quantile', q: 0.99 }, input(steps(n, 600), n, [])).modes!.values;
    expect(values(999)[0]).toBeNull();
    expect(values(1000)[0]).not.toBeNull();
    // 600 of the other mode are enough for 500, not for 10 / 0.01.
    expect(values(1000)[1]).toBeNull();
  });

  it('take rows labelled normal where the mode has any, and none of an anomaly or a mask', () => {
    const score = steps(1000, 600);
    const marked = suggestThreshold({ kind: 'quantile', q: 0.5 }, input(score, 1000, [label(0, 99, 'normal')]));
    expect(marked.modes!.values[0]).toBeCloseTo(quantileOf(score.subarray(0, 100), 0.5), 6);
    expect(marked.modes!.values[1]).toBeCloseTo(quantileOf(score.subarray(1000), 0.5), 4);
    const masked = suggestThreshold({ kind: 'quantile', q: 0.5 }, input(score, 1000, [label(1100, 1599, 'ignore')]));
    expect(masked.modes!.values[1]).toBeNull();
  });

  it('allow each mode its share of false events a day, so that the sum keeps the limit', () => {
    // Half a day each. Mode 0 has spikes 1, 2, 3, 4 and mode 1 spikes 11 to 14; two a day are one in each half.
    const score = new Float32Array(1440);
    for (let k = 0; k < 4; k++) {
      score[100 + 100 * k] = 1 + k;
      score[800 + 100 * k] = 11 + k;
    }
    const data = input(score, 720, []);
    const found = suggestThreshold({ kind: 'events-per-day', limit: 2 }, data);
    expect(found.modes!.values).toEqual([3.5, 13.5]);
    // Pooled it would be the two highest, both of mode 1.
    expect(found.value).toBe(12.5);
    const { timestamps } = data;
    expect(evaluate({ timestamps, score, labels: [], rule: found, modes: data.modes!.rows }).falseEvents).toBe(2);
  });

  it('fall back where the rule itself has too little', () => {
    // 600 equal scores have no tail to fit.
    const score = new Float32Array(1200).map((_, i) => (i < 600 ? 1 : i));
    const normal = Float32Array.from({ length: 2000 }, (_, i) => i);
    const found = suggestThreshold({ kind: 'pot', q: 0.999 }, input(score, 600, [], { normal }));
    expect(found.modes!.values[0]).toBeNull();
    expect(found.modes!.values[1]).not.toBeNull();
    expect(found.from).toContain('speed < 500 (its scores are too few or all equal)');
  });
});

describe('thresholds of modes with labels', () => {
  // Mode 0: normal 0 to 0.996, anomaly 2. Mode 1: normal 10 to 10.997, anomaly 20.
  const score = steps(300, 300);
  score.fill(2, 100, 110);
  score.fill(20, 400, 410);

  it('need a labelled anomaly of the mode and 200 normal rows', () => {
    const both = suggestThreshold({ kind: 'f1' }, input(score, 300, [label(100, 109), label(400, 409)]));
    // Midway between the highest normal score and the anomaly, mode by mode: 2 and 0.99667; 20 and 10.99667.
    expect(both.modes!.values[0]).toBeCloseTo((2 + 299 / 300) / 2, 4);
    expect(both.modes!.values[1]).toBeCloseTo((20 + 10 + 299 / 300) / 2, 4);
    const one = suggestThreshold({ kind: 'f1' }, input(score, 300, [label(400, 409)]));
    expect(one.modes!.values[0]).toBeNull();
    expect(one.from).toContain('speed < 500 (no labelled anomaly with scores in it)');
    const few = suggestThreshold({ kind: 'f1' }, input(score, 300, [label(100, 109), label(200, 299, 'ignore')]));
    expect(few.modes!.values[0]).toBeNull();
    expect(few.from).toContain('190 normal rows, 200 are needed');
  });

  it('find what one threshold cannot, with the knobs of the pooled rule', () => {
    const labels = [label(100, 109), label(400, 409)];
    const data = input(score, 300, labels, { search: ['minDuration'] });
    const found = suggestThreshold({ kind: 'recall', limit: 0.5 }, data);
    expect(found.achieved).toBe(0.5);
    const judged = evaluate({ timestamps: data.timestamps, score, labels, rule: found, modes: data.modes!.rows });
    expect(judged).toMatchObject({ caught: 2, falseEvents: 0 });
  });
});
