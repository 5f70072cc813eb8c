import { expect, it } from 'vitest';
import { randomFrom } from '../random';
import { lowerScores, referenceOf, scoreRise } from './reference';
import type { DriftRule } from './rule';

const second = 1000;
/** Its reference forgets by half in four seconds. */
const rule: DriftRule = { halfLifeMs: second, holdMs: 6 * second, reach: 10 };
/** Median 10, limit 12. */
const reference = { median: 10, unit: 2 };
const rise = (scores: readonly number[]): number[] => [...scoreRise(Float32Array.from(scores), reference, rule, second)];

it('takes median and 90 % quantile of the held-out normal scores', () => {
  expect(referenceOf(Float32Array.from({ length: 101 }, (_, i) => i))).toEqual({ median: 50, unit: 40 });
  expect(referenceOf(new Float32Array(10).fill(1))).toBeNull();
  expect(referenceOf(new Float32Array(100).fill(1))).toBeNull();
});

it('follows scores up to their limit by the half-life', () => {
  // Scores of 11 are half a unit above: the rise is half of that, 0.5 in score, after one half-life.
  const found = rise(new Array(9).fill(11));
  expect(found[0]).toBe(0);
  expect(found[4]).toBeCloseTo(0.5, 6);
  expect(found[8]).toBeCloseTo(0.75, 6);
});

it('is held while the score is beyond, and never falls below the held-out level', () => {
  expect(rise([14, 14, 14, 14, 14])).toEqual([0, 0, 0, 0, 0]);
  expect(rise([0, 0, 0, 0, 0])).toEqual([0, 0, 0, 0, 0]);
});

it('takes a rise that lasts as it is after the hold time, up to two units', () => {
  // Six rows beyond: the quick mean is 1.9·(1 − 2⁻⁶) units by then.
  expect(rise(new Array(7).fill(13.8))[6]).toBeCloseTo(2 * 1.9 * (1 - 2 ** -6), 5);
  expect(rise(new Array(7).fill(1000))[6]).toBe(4);
});

it('passes over rows without a score', () => {
  expect(rise([11, NaN, NaN, 11]).slice(1)).toEqual(new Array(3).fill(rise([11, 11])[1]));
});

it('is found again from scores that it lowered', () => {
  const random = randomFrom(5);
  const score = Float32Array.from({ length: 500 }, (_, i) => 10 + i / 100 + 2 * random.normal());
  const given = scoreRise(score, reference, rule, second);
  expect(Math.max(...given)).toBeGreaterThan(1);
  const { score: lowered } = lowerScores({ score }, given);
  const again = scoreRise(lowered, reference, rule, second, true);
  again.forEach((value, i) => expect(value).toBeCloseTo(given[i]!, 3));
});
