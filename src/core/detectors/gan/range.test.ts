import { expect, it } from 'vitest';
import type { PreparedSeries } from '../../prepare/prepared';
import { intoRange, outOfRange, rangeOf } from './range';

it('puts the outer quantiles of the training rows at ±0.9, and a tag that does not move into its own unit', () => {
  const rows = 2001;
  const values = Float32Array.from({ length: 2 * rows }, (_, k) => (k % 2 === 0 ? 10 + k / 2 : 5));
  const data = { values, channels: ['ramp', 'flat'] } as unknown as PreparedSeries;
  // The ramp goes from 10 to 1010 in the first 1001 rows: quantiles 11 and 1009.
  const range = rangeOf(data, 1001);
  expect([...range.centre]).toEqual([510, 5]);
  expect(range.half[0]).toBeCloseTo(499 / 0.9, 3);
  expect(range.half[1]).toBe(1);
  const units = intoRange(Float32Array.of(11, 5, 1009, 7), range);
  expect([...units].map((value) => Math.round(1e5 * value) / 1e5)).toEqual([-0.9, 0, 0.9, 2]);
  expect([...outOfRange(units, range)].map((value) => Math.round(1e3 * value) / 1e3)).toEqual([11, 5, 1009, 7]);
});
