import { describe, expect, it } from 'vitest';
import { scoredWindows } from './dire';
import { lossOfRows } from './model';
import { RowMeans } from './row-means';

describe('DIRE', () => {
  it('is the mean over all windows and positions that cover a row', () => {
    const means = new RowMeans('dire', 5, 2);
    // Windows of 3 samples of 2 tags that end at rows 2 and 3; row 4 is in none.
    means.add(2, Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(0, 2, 3, 3, 7, 6), Float32Array.of(0.5, 1, 1.5));
    means.add(3, Float32Array.of(3, 4, 5, 6, 7, 8), Float32Array.of(3, 5, 5, 2, 7, 7), Float32Array.of(3, 2, 1));
    const { residual, discrimination, byChannel, expected } = means.finish();
    // |x − G| summed over tags. First window: 1, 1, 2; second: 1, 4, 1. Rows 1 and 2 are in both.
    expect([...residual]).toEqual([1, (1 + 1) / 2, (2 + 4) / 2, 1, Number.NaN]);
    expect([...discrimination]).toEqual([0.5, (1 + 3) / 2, (1.5 + 2) / 2, 1, Number.NaN]);
    // Row 2: tag 1 deviates by 2 and 0, tag 2 by 0 and 4.
    expect([...byChannel.subarray(4, 6)]).toEqual([1, 2]);
    // Row 1: tag 1 was rebuilt as 3 and 3, tag 2 as 3 and 5.
    expect([...expected.subarray(2, 4)]).toEqual([3, 4]);
  });

  it('reads no later row with the mapping "last": a window counts for its last row alone', () => {
    const means = new RowMeans('last', 3, 1);
    means.add(2, Float32Array.of(1, 2, 3), Float32Array.of(0, 0, 0), Float32Array.of(1, 2, 6));
    const { residual, discrimination, expected } = means.finish();
    expect([...residual]).toEqual([Number.NaN, Number.NaN, 2]);
    expect([...discrimination]).toEqual([Number.NaN, Number.NaN, 3]);
    expect(expected[2]).toBe(0);
  });
});

it('reads the last window of a segment too, and none in a segment that is too short', () => {
  const segments = [
    { start: 0, end: 10 },
    { start: 10, end: 13 },
    { start: 13, end: 17 },
  ];
  // Length 4, stride 4: ends 3, 7 and the last row 9; rows 10..12 hold none; 13..16 exactly one.
  expect([...scoredWindows(segments, 4, 4)]).toEqual([3, 7, 9, 16]);
  expect([...scoredWindows(segments, 4, 4, 5)]).toEqual([8, 9, 16]);
});

it('weighs residual and discrimination in standard deviations', () => {
  const losses = { residual: Float64Array.of(2, Number.NaN), discrimination: Float64Array.of(9, Number.NaN) };
  const scales = Float32Array.of(0.5, 3);
  // 2 / 0.5 = 4 and 9 / 3 = 3.
  expect(lossOfRows(losses, scales, { score: 'fused', lambda: 0.25 })[0]).toBe(0.25 * 4 + 0.75 * 3);
  expect(lossOfRows(losses, scales, { score: 'residual', lambda: 0.25 })[0]).toBe(4);
  expect(lossOfRows(losses, scales, { score: 'discrimination', lambda: 0.25 })[0]).toBe(3);
  expect(lossOfRows(losses, scales, { score: 'fused', lambda: 0.25 })[1]).toBeNaN();
});
