import { expect, it } from 'vitest';
import { highestOf, scoreAxis } from './score-axis';

it('keeps the threshold in sight whatever the highest score is', () => {
  expect(scoreAxis(64, 5)).toEqual({ high: 20, cut: true });
  expect(scoreAxis(9, 5)).toEqual({ high: 9, cut: false });
  expect(scoreAxis(2, 5)).toEqual({ high: 6.25, cut: false });
  expect(scoreAxis(9, null)).toEqual({ high: 9, cut: false });
  expect(scoreAxis(0, null)).toEqual({ high: 1, cut: false });
});
it('finds the highest score past gaps', () => {
  expect(highestOf(Float32Array.of(1, Number.NaN, 3, 2))).toBe(3);
  expect(highestOf(undefined)).toBe(0);
});
