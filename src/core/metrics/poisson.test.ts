import { expect, it } from 'vitest';
import { poissonUpper } from './poisson';

it('gives the exact upper limits of the Poisson tables', () => {
  // Half the 95 % quantile of chi-square with 2(k + 1) degrees of freedom: 5.9915, 9.4877, 12.5916, 33.9244 (k = 10, 22 degrees).
  expect(poissonUpper(0)).toBeCloseTo(-Math.log(0.05), 9);
  expect(poissonUpper(1)).toBeCloseTo(4.743865, 5);
  expect(poissonUpper(2)).toBeCloseTo(6.295794, 5);
  expect(poissonUpper(10)).toBeCloseTo(16.962219, 5);
});

it('stays finite and above the count for thousands of events', () => {
  expect(poissonUpper(5000)).toBeGreaterThan(5000);
  // Normal approximation: 5000 + 1.645·√5000 ≈ 5116.
  expect(poissonUpper(5000)).toBeCloseTo(5118, -1);
});
