import { describe, expect, it } from 'vitest';
import type { Scaler, Split } from '../prepare/prepared';
import { randomFrom } from '../random';
import { labelsAtEnd, scalerCheck, sharedWindows, testWasSeen, thresholdSawTest } from './checks';
import { duplicatedBlocks, duplicatesCheck, type BlockRows } from './duplicates';

describe('windows shared between parts', () => {
  // Rows 0..99, a second apart; train until row 40, calibration until row 70, test from row 75.
  const timestamps = Float64Array.from({ length: 100 }, (_, i) => i * 1000);
  const split: Split = { trainUntil: 40_000, calibrateUntil: 70_000, guardMs: 5_000 };
  const judged = Uint8Array.from({ length: 100 }, (_, i) => Number(i >= 75));
  const of = (warmUpRows: number): ReturnType<typeof sharedWindows> =>
    sharedWindows({ timestamps, judged, warmUpRows, split, trainedHere: true });

  it('passes when the gap holds what a score looks back on', () => {
    expect(of(5)).toMatchObject({ state: 'passed' });
    expect(of(5).text).toContain('depends on 6 rows; the gap before the test part holds 5');
  });
  it('counts test rows that look back into the calibration part', () => {
    // With 8 rows back rows 75, 76 and 77 reach rows 67 to 69.
    expect(of(8)).toMatchObject({ state: 'warning' });
    expect(of(8).text).toContain('Windows of 3 test rows reach into the calibration part');
  });
  it('fails when they reach the rows that trained', () => {
    expect(of(36).state).toBe('failed');
    expect(of(36).text).toContain('Windows of 1 test row reach into rows that trained');
    expect(sharedWindows({ timestamps, judged, warmUpRows: 36, split, trainedHere: false }).state).toBe('warning');
  });
});

describe('labels at the end', () => {
  const truth = (n: number, from: number, to: number): Uint8Array =>
    Uint8Array.from({ length: n }, (_, i) => Number(i >= from && i < to));
  it('warns with the F1 of everything after some moment', () => {
    // From row 80 on all 20 rows are anomalous: "everything after row 80" is perfect.
    const found = labelsAtEnd(truth(100, 80, 100), 0.9);
    expect(found).toMatchObject({ state: 'warning' });
    expect(found.text).toBe(
      'All labelled time lies in the last 20 % of the test part. ' +
        'A score that only rises with time would have F1 1.00 at its best, the detector has 0.900.',
    );
  });
  it('warns when such a score does better than the detector', () => {
    // 20 of the last 60 rows: F1 = 2·20 / (60 + 20) = 0.5.
    expect(labelsAtEnd(truth(100, 40, 60), 0.4)).toMatchObject({ state: 'warning' });
    expect(labelsAtEnd(truth(100, 40, 60), 0.6).text).toContain('F1 0.500 at its best, the detector has 0.600');
    expect(labelsAtEnd(truth(100, 40, 60), 0.6).state).toBe('passed');
  });
  it('cannot tell without labels', () => {
    expect(labelsAtEnd(new Uint8Array(10), null).state).toBe('unknown');
  });
});

describe('scaler', () => {
  const scaler = (mean: number, std: number): Scaler => ({ mean: [mean], std: [std], flat: [false] });
  const of = (stored: Scaler, labelsChanged = false): ReturnType<typeof scalerCheck> =>
    scalerCheck({ channels: ['TI-1'], stored, fromTrain: scaler(10, 2), fromAll: scaler(14, 3), labelsChanged });

  it('passes when it follows from the train rows', () => {
    expect(of(scaler(10, 2)).state).toBe('passed');
  });
  it('fails when it is that of all rows, and names the tag and the difference', () => {
    expect(of(scaler(14, 3))).toMatchObject({ state: 'failed' });
    // |14 − 10| / 2.
    expect(of(scaler(14, 3)).text).toContain('2.00 standard deviations (TI-1)');
  });
  it('cannot tell when other rows would train today', () => {
    expect(of(scaler(11, 2), true).state).toBe('unknown');
    expect(of(scaler(11, 2)).state).toBe('failed');
    expect(of(scaler(NaN, 2)).state).toBe('failed');
  });
});

describe('threshold', () => {
  const test = { start: 1000, end: Infinity };
  const state = (calibratedOn: { start: number; end: number } | undefined, kind: 'f1' | 'manual' = 'f1'): string =>
    thresholdSawTest({ objective: { kind }, calibratedOn }, test, 0).state;
  it('is told from the time that chose it', () => {
    expect(state({ start: 0, end: 999 })).toBe('passed');
    expect(state({ start: 0, end: 1000 })).toBe('failed');
    expect(state(undefined)).toBe('unknown');
    expect(state({ start: 0, end: 999 }, 'manual')).toBe('warning');
  });
  it('counts what could have been seen before', () => {
    expect(testWasSeen(0, 0).state).toBe('passed');
    expect(testWasSeen(2, 1)).toMatchObject({ state: 'warning' });
    expect(testWasSeen(2, 1).text).toContain('2 thresholds were kept for this run before this one');
    expect(testWasSeen(0, 1).text).toContain('1 other run on these data was judged before it');
  });
});

describe('duplicated blocks', () => {
  const random = randomFrom(4);
  const noise = (n: number, c = 2): Float32Array => new Float32Array(n * c).map(() => random.normal());
  const rows = (values: Float32Array, segments = [{ start: 0, end: values.length / 2 }]): BlockRows => ({
    values,
    channels: ['a', 'b'],
    segments,
  });

  it('finds blocks of the test part anywhere in the train part', () => {
    const train = noise(200);
    const test = noise(60);
    // Test rows 10 to 30 are train rows 33 to 53: blocks 10..19 and 20..29 of ten rows.
    test.set(train.subarray(2 * 33, 2 * 53), 2 * 10);
    expect(duplicatedBlocks(rows(train), rows(test), 10)).toEqual({ blocks: 6, repeated: 2 });
    test[2 * 15]! += 1e-6;
    expect(duplicatedBlocks(rows(train), rows(test), 10)).toEqual({ blocks: 6, repeated: 1 });
  });
  it('takes no block across a gap, and none in which nothing moves', () => {
    const train = noise(50);
    const still = new Float32Array(2 * 20).fill(1);
    expect(duplicatedBlocks(rows(still), rows(still), 5)).toEqual({ blocks: 0, repeated: 0 });
    const cut = [
      { start: 0, end: 25 },
      { start: 25, end: 50 },
    ];
    // Rows 20 to 30 of the train part lie across its gap.
    const test = rows(train.slice(2 * 20, 2 * 30));
    expect(duplicatedBlocks(rows(train, cut), test, 10)).toEqual({ blocks: 1, repeated: 0 });
    expect(duplicatedBlocks(rows(train), test, 10)).toEqual({ blocks: 1, repeated: 1 });
  });
  it('takes −0 for 0', () => {
    const train = Float32Array.of(0, 1, 2, 3);
    const test = Float32Array.of(-0, 1, 2, 3);
    expect(duplicatedBlocks(rows(train), rows(test), 2).repeated).toBe(1);
  });
  it('says the share', () => {
    expect(duplicatesCheck({ blocks: 40, repeated: 0 }, 24).state).toBe('passed');
    expect(duplicatesCheck({ blocks: 40, repeated: 2 }, 24)).toMatchObject({ state: 'warning' });
    expect(duplicatesCheck({ blocks: 40, repeated: 2 }, 24).text).toContain('5.0 % (2)');
    expect(duplicatesCheck({ blocks: 40, repeated: 8 }, 24).state).toBe('failed');
    expect(duplicatesCheck({ blocks: 0, repeated: 0 }, 24).state).toBe('unknown');
  });
});
