import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isFaultline } from '../errors';
import { eventsFrom } from '../events/events';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { overlaps } from '../labels/interval';
import { smallestWithinBudget } from './events-per-day';
import { bestFBeta } from './fbeta';
import { formatObjective, parseObjective } from './objective';
import { rowKindsOf } from './rows';
import { normalScoresOf, suggestThreshold, type SuggestInput } from './suggest';
import { fitPareto, fitTail, quantileOf } from './tail';

const reference = JSON.parse(readFileSync(new URL('../../../test/reference/tail.json', import.meta.url), 'utf8')) as {
  excesses: number[];
  fitShape: number;
  fitScale: number;
  logLikelihood: number;
}[];

const minute = 60_000;
const label = (start: number, end: number, cls: Label['class'] = 'anomaly'): Label =>
  testLabel({ id: `${start}`, start: start * minute, end: end * minute, class: cls });
const code = (wanted: string) => (error: unknown) => isFaultline(error) && error.code === wanted;
const thrown = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return null;
};
const input = (scores: number[], labels: Label[], over: Partial<SuggestInput> = {}): SuggestInput => ({
  timestamps: Float64Array.from(scores, (_, i) => i * minute),
  score: Float32Array.from(scores),
  labels,
  normal: new Float32Array(0),
  normalFrom: 'train rows, none judged by statistics of its own',
  minDurationMs: 0,
  mergeGapMs: 0,
  ...over,
});

describe('objectives as text', () => {
  it('reads what it writes', () => {
    const plain = ['f1', 'fbeta:2', 'events-per-day:0.5', 'quantile:0.999', 'pot:0.0001', 'manual'];
    const onEvents = ['cost:5000,200', 'cost:0,1', 'recall:0.5', 'delay:2', 'conformal:0.001', 'contract', 'carried'];
    for (const text of [...plain, ...onEvents]) expect(formatObjective(parseObjective(text))).toBe(text);
    expect(parseObjective(' Cost:1, 2 ')).toEqual({ kind: 'cost', miss: 1, falseEvent: 2 });
  });
  it('refuses anything else', () => {
    const plain = ['', 'f2', 'f1:3', 'fbeta', 'fbeta:-1', 'fbeta:x', 'quantile:1', 'pot:0', 'events-per-day:0'];
    const onEvents = ['cost', 'cost:1', 'cost:0,0', 'cost:-1,2', 'cost:1,', 'recall', 'delay:0', 'conformal:1', 'contract:1'];
    for (const text of [...plain, ...onEvents]) {
      expect(thrown(() => parseObjective(text))).toSatisfy(code('threshold/bad-objective'));
    }
  });
});

describe('best F', () => {
  it('chooses midway between the last score taken and the next', () => {
    // Taking 9 and 7: TP 2, FP 0, FN 0. The next score is 3, so 5 is in the middle.
    const found = suggestThreshold({ kind: 'f1' }, input([1, 9, 7, 3, 2], [label(1, 2)]));
    expect(found.value).toBe(5);
    expect(found.achieved).toBe(1);
    expect(found.from).toBe(
      'Best F1 per sample on the calibration part: 1.00 (precision 1.00, recall 1.00; 1 labelled anomaly, 2 anomalous samples, 3 normal samples).',
    );
  });

  it('is the best of all thresholds, for every beta', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(0, 1, 2)), { minLength: 2, maxLength: 40 }),
        fc.constantFrom(0.5, 1, 2),
        (rows, beta) => {
          const score = Float32Array.from(rows, ([s]) => s);
          const kinds = Uint8Array.from(rows, ([, kind]) => kind);
          const f = (value: number): number => {
            const count = (kind: number, reached: boolean): number =>
              rows.filter(([s, k]) => k === kind && s >= value === reached).length;
            const tp = (1 + beta * beta) * count(1, true);
            return tp / (tp + beta * beta * count(1, false) + count(0, true));
          };
          const best = bestFBeta(score, kinds, beta);
          if (!best) return;
          const all = rows.map(([s]) => f(s)).filter((v) => !Number.isNaN(v));
          expect(best.f).toBeCloseTo(Math.max(...all), 12);
          expect(f(best.value)).toBeCloseTo(best.f, 12);
        },
      ),
    );
  });

  it('leaves rows in masks and without score out', () => {
    // The 50 lies in ignored time, the NaN in the label: otherwise neither precision nor recall could be 1.
    const found = suggestThreshold({ kind: 'f1' }, input([1, 50, 2, 9, NaN], [label(1, 1, 'ignore'), label(3, 4)]));
    expect(found.achieved).toBe(1);
    expect(found.value).toBe(5.5);
  });

  it('says what is missing', () => {
    expect(thrown(() => suggestThreshold({ kind: 'f1' }, input([1, 2, 3], [])))).toSatisfy(code('threshold/no-labels'));
    expect(thrown(() => suggestThreshold({ kind: 'f1' }, input([NaN, 2, 3], [label(0, 0)])))).toSatisfy(
      code('threshold/no-labels'),
    );
    expect(thrown(() => suggestThreshold({ kind: 'f1' }, input([2, 2, 2], [label(0, 0)])))).toSatisfy(
      code('threshold/not-separable'),
    );
  });
});

describe('false events a day', () => {
  const scores = [0, 5, 0, 0, 8, 8, 0, 9, 0, 3, 0, 6];

  it('goes down until the budget is used up', () => {
    // 12 rows of a minute, the 9 labelled: false events at 8 (one), 6 (two), 5 (three). Budget two: between 6 and 5.
    const days = 11 / 1440;
    const found = suggestThreshold({ kind: 'events-per-day', limit: 2 / days }, input(scores, [label(7, 7)]));
    expect(found.value).toBe(5.5);
    expect(found.achieved).toBeCloseTo(2 / days, 9);
  });

  it('stays above the highest score when even that is one too many', () => {
    const found = suggestThreshold({ kind: 'events-per-day', limit: 0.001 }, input(scores, []));
    expect(found.value).toBeGreaterThan(9);
    expect(found.achieved).toBe(0);
    expect(found.from).toContain('no anomaly is labelled there');
  });

  it('agrees with counting events at every threshold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 50 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 3 }),
        (list, merge, min, limit) => {
          const labels = [label(5, 7)];
          const data = input(list, labels, { mergeGapMs: merge * minute, minDurationMs: min * minute });
          const kinds = rowKindsOf(data.timestamps, data.score, labels);
          const count = (value: number): number =>
            eventsFrom(data.timestamps, data.score, {
              value,
              minDurationMs: data.minDurationMs,
              mergeGapMs: data.mergeGapMs,
            }).filter(
              (event) => !labels.some((l) => overlaps(event, { start: l.start, end: Math.min(l.end, (list.length - 1) * minute) })),
            ).length;
          let wanted: number | null = null;
          for (const level of [...new Set(list)].sort((a, b) => b - a)) {
            if (count(level) > limit) break;
            wanted = level;
          }
          const found = smallestWithinBudget({ ...data, kinds }, limit)!;
          // The same events as at the lowest level that every higher one keeps within the budget.
          expect(found.falseEvents).toBe(wanted === null ? 0 : count(wanted));
          expect(count(found.value)).toBe(found.falseEvents);
          if (wanted !== null) expect(found.value).toBeLessThanOrEqual(wanted);
          else expect(found.value).toBeGreaterThan(Math.max(...list));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('thresholds without labels', () => {
  it('interpolates quantiles like R and NumPy', () => {
    // numpy.quantile([1, 2, 3, 10], [0.5, 0.9]) = 2.5, 7.9
    expect(quantileOf([1, 2, 3, 10], 0.5)).toBe(2.5);
    expect(quantileOf([1, 2, 3, 10], 0.9)).toBeCloseTo(7.9, 12);
  });

  it('fits the generalised Pareto distribution as scipy does (test/reference/tail.py)', () => {
    for (const sample of reference) {
      const fit = fitPareto(Float64Array.from(sample.excesses));
      expect(fit.shape).toBeCloseTo(sample.fitShape, 3);
      expect(fit.scale).toBeCloseTo(sample.fitScale, 3);
      // The likelihood decides which of two close fits is right: ours must not be lower.
      const logLikelihood = sample.excesses.reduce(
        (sum, y) => sum - Math.log(fit.scale) - (1 / fit.shape + 1) * Math.log1p((fit.shape * y) / fit.scale),
        0,
      );
      expect(logLikelihood).toBeGreaterThan(sample.logLikelihood - 1e-6);
    }
  });

  it('extrapolates an exponential tail to the probability asked for', () => {
    // Exact exponential quantiles: P(X > x) = exp(-x), so 1e-4 is exceeded at 9.2103.
    const n = 20_000;
    const normal = Float32Array.from({ length: n }, (_, i) => -Math.log(1 - (i + 0.5) / n));
    expect(Math.abs(fitTail(normal, 1e-4).value - 9.2103)).toBeLessThan(0.1);
    expect(fitTail(normal, 0.9999).value).toBeCloseTo(fitTail(normal, 1e-4).value, 9);
    expect(fitTail(normal, 0.01)).toMatchObject({ samples: n, excesses: 400 });
    // Inside the data it is the quantile: ln 10.
    expect(fitTail(normal, 0.9).value).toBeCloseTo(2.3026, 3);
  });

  it('says in words where the number is from', () => {
    const normal = Float32Array.from({ length: 2000 }, (_, i) => -Math.log(1 - (i + 0.5) / 2000));
    const data = input([1, 2, 3], [], { normal });
    expect(suggestThreshold({ kind: 'quantile', q: 0.99 }, data).from).toBe(
      'Quantile 0.99 of 2,000 scores of train rows, none judged by statistics of its own.',
    );
    expect(suggestThreshold({ kind: 'pot', q: 0.999 }, data).from).toMatch(
      /^Tail fit to 2,000 scores of train rows.* over 100 excesses above 2\.99\d;.*0\.00100\.$/,
    );
    expect(thrown(() => suggestThreshold({ kind: 'quantile', q: 0.9 }, input([1], [])))).toSatisfy(code('threshold/no-scores'));
    expect(thrown(() => suggestThreshold({ kind: 'pot', q: 0.9 }, input([1], [])))).toSatisfy(code('threshold/no-scores'));
  });

  it('prefers samples labelled normal, then held-out scores, then the rest', () => {
    const { timestamps, score } = input([1, 2, 3, 4], []);
    const held = Float32Array.of(7);
    const from = (labels: Label[], heldOut: Float32Array) => [...normalScoresOf(timestamps, score, labels, heldOut).normal];
    expect(from([label(1, 2, 'normal')], held)).toEqual([2, 3]);
    expect(from([], held)).toEqual([7]);
    expect(from([label(3, 3), label(0, 0, 'instrument')], new Float32Array(0))).toEqual([2, 3]);
  });
});
