import { expect, it } from 'vitest';
import { qualityCode } from './series';
import { distinctCap, medianStep, statisticsOf, usualGapMs } from './statistics';

it('gives count, extremes, mean and population standard deviation', () => {
  // By hand: mean 3, squared deviations 4 1 0 1 4 = 10, variance 2.
  const stats = statisticsOf(Float64Array.of(1, 2, NaN, 3, 4, 5));
  expect(stats).toMatchObject({ count: 5, missing: 1, bad: 0, min: 1, max: 5, mean: 3, distinct: 5 });
  expect(stats.std).toBeCloseTo(Math.SQRT2, 12);
});

it('keeps its digits under a huge offset', () => {
  expect(statisticsOf(Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3)).std).toBeCloseTo(Math.sqrt(2 / 3), 9);
});

it('tells bad samples from missing ones, and says nothing about an empty tag', () => {
  const stats = statisticsOf(Float64Array.of(NaN, NaN, Infinity), [qualityCode.bad, qualityCode.absent, qualityCode.good]);
  expect(stats).toEqual({ count: 0, missing: 2, bad: 1, min: null, max: null, mean: null, std: null, distinct: 0 });
});

it('stops counting distinct values at the cap', () => {
  expect(statisticsOf(Float64Array.from({ length: 5000 }, (_, i) => i)).distinct).toBe(distinctCap);
});

it('gives the median distance of times', () => {
  expect(medianStep([0, 10, 20, 90, 100])).toBe(10);
  expect(medianStep([5])).toBe(0);
});

it('calls a distance a gap by what is usual', () => {
  expect(usualGapMs([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 500])).toBe(30);
  expect(usualGapMs([1])).toBe(Infinity);
});
