import { expect, it } from 'vitest';
import { shareInterval } from './binomial';

it('gives the closed forms at the ends: (tail)^(1/n) and 1 minus it', () => {
  // 0.025^(1/4) = 0.397635; 1 - 0.025^(1/10) = 0.308497
  expect(shareInterval(4, 4).low).toBeCloseTo(0.397635, 6);
  expect(shareInterval(4, 4).high).toBe(1);
  expect(shareInterval(0, 10).low).toBe(0);
  expect(shareInterval(0, 10).high).toBeCloseTo(0.308497, 6);
});

it('gives the tabulated interval of 5 of 10', () => {
  // Clopper and Pearson: 0.187 to 0.813.
  expect(shareInterval(5, 10).low).toBeCloseTo(0.187086, 5);
  expect(shareInterval(5, 10).high).toBeCloseTo(0.812914, 5);
});
