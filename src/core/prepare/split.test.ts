import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFaultline } from '../errors';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { defaultSplit, partOf, rowsOfPart, trainingView, trainMask, validateSplit, shortGuard } from './split';

const label = (start: number, end: number, cls: Label['class'] = 'anomaly'): Label =>
  testLabel({ id: `${start}`, start, end, class: cls });
const rows = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i);
const split = { trainUntil: 6, calibrateUntil: 12, guardMs: 2 };

describe('parts', () => {
  it('puts a guard behind each edge', () => {
    expect([5, 6, 7, 8, 11, 12, 13, 14].map((t) => partOf(split, t))).toEqual([
      'train',
      'guard',
      'guard',
      'calibration',
      'calibration',
      'guard',
      'guard',
      'test',
    ]);
  });

  it('gives the rows of a part that have that part', () => {
    const time = rows(20);
    for (const part of ['train', 'calibration', 'test'] as const) {
      const { start, end } = rowsOfPart(time, split, part);
      time.forEach((t, i) => expect(partOf(split, t) === part).toBe(i >= start && i < end));
    }
  });

  it('trains on the train part without anomalies and masks, cut and never joined', () => {
    const n = 10;
    const data = {
      timestamps: rows(n),
      values: Float32Array.from({ length: 2 * n }, (_, i) => i),
      channels: ['a', 'b'],
      segments: [
        { start: 0, end: 3 },
        { start: 3, end: n },
      ],
      stepMs: 1,
    };
    const labels = [label(4, 4), label(0, 0, 'ignore'), label(2, 2, 'mode-change')];
    const view = trainingView(data, split, labels);
    expect([...view.timestamps]).toEqual([1, 2, 3, 5]);
    expect([...view.values]).toEqual([2, 3, 4, 5, 6, 7, 10, 11]);
    expect(view.segments).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 3 },
      { start: 3, end: 4 },
    ]);
    expect([...trainMask(data.timestamps, split, labels)]).toEqual([0, 1, 1, 1, 0, 1, 0, 0, 0, 0]);
  });

  it('refuses parts out of order and empty ones', () => {
    const time = rows(20);
    expect(() => validateSplit(split, time)).not.toThrow();
    for (const bad of [
      { ...split, calibrateUntil: 7 },
      { ...split, guardMs: -1 },
      { ...split, trainUntil: -5 },
      { ...split, trainUntil: 30, calibrateUntil: 50 },
      { ...split, trainUntil: NaN },
    ]) {
      let error: unknown;
      try {
        validateSplit(bad, time);
      } catch (thrown) {
        error = thrown;
      }
      expect(isFaultline(error, 'prepare/bad-split')).toBe(true);
    }
  });
});

describe('proposed split', () => {
  const n = 10_000;
  const timestamps = rows(n);
  const anomaliesIn = (labels: Label[], part: 'train' | 'calibration' | 'test', found: typeof split): number =>
    labels.filter(({ start, end }) => partOf(found, start) === part && partOf(found, end) === part).length;

  it('is 60, 20 and 20 % without labels', () => {
    expect(defaultSplit({ timestamps }, [], 100)).toEqual({ trainUntil: 6000, calibrateUntil: 8000, guardMs: 100 });
  });

  it('keeps a labelled anomaly whole in the calibration part and the rest for the test', () => {
    const labels = [label(5000, 5300), label(8000, 8300)];
    const found = defaultSplit({ timestamps }, labels, 100);
    expect(anomaliesIn(labels, 'calibration', found)).toBe(1);
    expect(anomaliesIn(labels, 'test', found)).toBe(1);
    // Normal time on both sides of the anomaly in the calibration part.
    expect(found.trainUntil + found.guardMs).toBeLessThan(4200);
    expect(found.calibrateUntil).toBeGreaterThan(6000);
  });

  it('passes over anomalies that come too early to train before them', () => {
    // The anomalies of machine_temperature_system_failure.csv in NAB, in rows.
    const labels = [label(2126, 2692), label(3703, 4269), label(16_057, 16_623), label(19_232, 19_798)];
    const found = defaultSplit({ timestamps: rows(22_695) }, labels, 96);
    expect(found.trainUntil).toBeGreaterThan(10_000);
    expect(anomaliesIn(labels, 'calibration', found)).toBe(1);
    expect(anomaliesIn(labels, 'test', found)).toBe(1);
  });

  it('keeps a single anomaly for the test, when enough data lies before it', () => {
    const late = [label(8000, 8300)];
    expect(anomaliesIn(late, 'test', defaultSplit({ timestamps }, late, 100))).toBe(1);
    const early = [label(1500, 1800)];
    expect(anomaliesIn(early, 'calibration', defaultSplit({ timestamps }, early, 100))).toBe(1);
  });

  it('holds at least one anomaly and is valid, wherever the labels are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 400, max: 9000 }), fc.integer({ min: 0, max: 400 })), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 300 }),
        (list, window) => {
          const labels = list.map(([start, length]) => label(start, start + length));
          const found = defaultSplit({ timestamps }, labels, window);
          validateSplit(found, timestamps);
          const held = anomaliesIn(labels, 'calibration', found) + anomaliesIn(labels, 'test', found);
          expect(held).toBeGreaterThan(0);
          expect(trainMask(timestamps, found, labels).includes(1)).toBe(true);
        },
      ),
    );
  });
});

it('says what a guard gap is too short for', () => {
  const timestamps = Float64Array.from({ length: 100 }, (_, i) => i * 1000);
  const gap = { trainUntil: 40_000, calibrateUntil: 70_000, guardMs: 5000 };
  // Rows 70 to 74 lie in the gap.
  expect(shortGuard(timestamps, gap, 5)).toBeNull();
  expect(shortGuard(timestamps, gap, 8)).toContain('holds 5 rows, but a score or a bridged value can reach over 8');
  expect(shortGuard(timestamps, gap, 8)).toContain('the first 3 rows');
  expect(shortGuard(timestamps, { ...gap, guardMs: 0 }, 1)).toContain('holds no row, but');
});
