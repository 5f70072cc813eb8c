import { expect, it } from 'vitest';
import { decimalsFor, fixed, signed } from './readout';

it('gives as many decimals as the span of a lane needs', () => {
  expect([60, 0.5, 5000, 0].map(decimalsFor)).toEqual([1, 3, 0, 2]);
});
it('writes values with a true minus and never a missing one as zero', () => {
  expect(fixed(-1234.5, 1)).toBe('\u22121,234.5');
  expect(fixed(-0.04, 1)).toBe('0.0');
  expect(fixed(null, 1)).toBe('\u2013');
  expect(fixed(Number.NaN, 1)).toBe('\u2013');
  expect(signed(17, 1)).toBe('+17.0');
});
