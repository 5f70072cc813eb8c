import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFaultline } from '../errors';
import type { Series } from '../series/series';
import { defaultPreparation, prepare } from './prepare';
import { resample } from './resample';
import { fitScaler, scaledLimit, unscale } from './scale';

const series = (minutes: number[], columns: Record<string, number[]>): Series => ({
  timestamps: Float64Array.from(minutes, (m) => m * 60_000),
  columns: Object.values(columns).map((c) => Float64Array.from(c)),
  channels: Object.keys(columns),
});
const choices = { channels: ['a'], gapToleranceSteps: 2, maxFillRows: 1, resampleMs: 0 };
/** A scaler that changes nothing, so that values can be read. */
const plain = (n: number) => ({ mean: Array(n).fill(0), std: Array(n).fill(1), flat: Array(n).fill(false) });
const refused = (code: string, act: () => unknown): void => {
  expect(act).toThrow();
  try {
    act();
  } catch (error) {
    expect(isFaultline(error) && error.code).toBe(code);
  }
};

describe('preparation', () => {
  it('bridges a short hole linearly in time and cuts at a long one', () => {
    const data = series([0, 1, 2, 3, 4, 5, 6], { a: [1, NaN, 3, NaN, NaN, 8, 9] });
    const { prepared, report, rowIndex } = prepare(data, choices, { scaler: plain(1) });
    expect([...prepared.values]).toEqual([1, 2, 3, 8, 9]);
    expect(prepared.segments).toEqual([
      { start: 0, end: 3 },
      { start: 3, end: 5 },
    ]);
    expect([...rowIndex]).toEqual([0, 1, 2, 5, 6]);
    expect(report).toEqual({ rows: 7, usedRows: 5, filledCells: 1, droppedRows: 2, segments: 2, flatChannels: [] });
  });

  it('holds step tags', () => {
    const data = series([0, 1, 2], { a: [1, NaN, 3] });
    expect([...prepare(data, choices, { scaler: plain(1), stepChannels: ['a'] }).prepared.values]).toEqual([1, 1, 3]);
  });

  it('cuts and does not bridge where rows are missing in time', () => {
    const data = series([0, 1, 2, 6, 7, 8], { a: [1, 2, NaN, 4, 5, 6] });
    const { prepared } = prepare(data, choices, { scaler: plain(1) });
    expect([...prepared.values]).toEqual([1, 2, 4, 5, 6]);
    expect(prepared.segments).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 5 },
    ]);
  });

  it('puts channels side by side in the order chosen', () => {
    const data = series([0, 1], { a: [1, 2], b: [5, 6], c: [8, 9] });
    const { prepared } = prepare(data, { ...choices, channels: ['c', 'a'] }, { scaler: plain(2) });
    expect([...prepared.values]).toEqual([8, 1, 9, 2]);
    expect(prepared.channels).toEqual(['c', 'a']);
  });

  it('scales by the rows that train and by nothing else', () => {
    // Rows 0 to 3 train: mean 2, deviations -1 1 -1 1, std 1. The 1000 must not matter.
    const data = series([0, 1, 2, 3, 4], { a: [1, 3, 1, 3, 1000] });
    const { prepared, scaler } = prepare(data, choices, { fitMask: Uint8Array.of(1, 1, 1, 1, 0) });
    expect(scaler).toEqual({ mean: [2], std: [1], flat: [false] });
    expect([...prepared.values]).toEqual([-1, 1, -1, 1, 998]);
    expect(unscale(998, scaler, 0)).toBe(1000);
  });

  it('keeps small movements under a huge offset', () => {
    const data = series([0, 1, 2, 3], { a: [1e9, 1e9 + 1, 1e9, 1e9 + 1] });
    expect([...prepare(data, choices).prepared.values]).toEqual([-1, 1, -1, 1]);
  });

  it('makes a flat tag neutral, also where it moves later', () => {
    const data = series([0, 1, 2, 3], { a: [1, 2, 1, 2], b: [7, 7, 7, 9e9] });
    const mask = Uint8Array.of(1, 1, 1, 0);
    const { prepared, report } = prepare(data, { ...choices, channels: ['a', 'b'] }, { fitMask: mask });
    expect(report.flatChannels).toEqual(['b']);
    expect([1, 3, 5, 7].map((i) => prepared.values[i])).toEqual([0, 0, 0, 0]);
  });

  it('is finite for any input', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 4, maxLength: 40 }), (list) => {
        const data = series(
          list.map((_, i) => i),
          { a: list },
        );
        if (!list.some(Number.isFinite)) return;
        const { prepared } = prepare(data, choices);
        expect(prepared.values.every((v) => Math.abs(v) <= scaledLimit)).toBe(true);
        expect(prepared.segments.reduce((sum, s) => sum + s.end - s.start, 0)).toBe(prepared.timestamps.length);
      }),
    );
  });

  it('refuses an unknown tag and data without a usable row', () => {
    refused('prepare/no-channel', () => prepare(series([0, 1], { a: [1, 2] }), { ...choices, channels: ['x'] }));
    refused('prepare/no-channel', () => prepare(series([0, 1], { a: [1, 2] }), { ...choices, channels: [] }));
    const apart = series([0, 1], { a: [1, NaN], b: [NaN, 1] });
    refused('prepare/too-short', () => prepare(apart, { ...choices, channels: ['a', 'b'], maxFillRows: 0 }));
  });
});

describe('resampling', () => {
  it('takes the mean, or the last value of a step tag, of the interval that ends at the grid time', () => {
    const time = Float64Array.of(1, 5, 10, 12, 35);
    const found = resample(time, [Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(1, 2, 3, NaN, 5)], [false, true], 10, 5);
    // (0, 10]: rows 0 1 2. (10, 20]: row 3. (20, 30]: none. (30, 40]: row 4.
    expect([...found.timestamps]).toEqual([10, 20, 30, 40]);
    expect([...found.columns[0]!]).toEqual([2, 4, NaN, 5]);
    expect([...found.columns[1]!]).toEqual([3, NaN, NaN, 5]);
    expect([...found.rowIndex]).toEqual([2, 3, -1, 4]);
  });

  it('does not invent rows in a long gap', () => {
    const found = resample(Float64Array.of(10, 1e12), [Float64Array.of(1, 2)], [false], 10, 3);
    expect([...found.timestamps]).toEqual([10, 1e12]);
  });

  it('makes rows of tags that were sampled at different times', () => {
    const data = series([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], {
      a: [1, NaN, 2, NaN, 3, NaN, 4, NaN, 5, NaN, 6, NaN],
      b: [NaN, 9, NaN, NaN, NaN, 7, NaN, NaN, NaN, 5, NaN, NaN],
    });
    const proposal = defaultPreparation(data);
    // b has a value every four minutes; the next usual step is five.
    expect(proposal).toMatchObject({ channels: ['a'], resampleMs: 0 });
    const both = { ...proposal, channels: ['a', 'b'], resampleMs: 300_000 };
    const { report } = prepare(data, both);
    expect(report.usedRows).toBeGreaterThan(0);
  });
});

describe('scaler', () => {
  it('takes rounding noise of a constant for flat', () => {
    expect(fitScaler([Float64Array.of(0.1 + 0.2, 0.3, 0.1 + 0.2)]).flat).toEqual([true]);
    expect(fitScaler([Float64Array.of(NaN, NaN)])).toEqual({ mean: [0], std: [1], flat: [true] });
  });
});
