import { expect, it } from 'vitest';
import { costWords, longStart, sumWords } from './cost-words';

const estimate = (trainSeconds: number, scoreSeconds: number, atLeast = false) => ({
  ...{ seconds: trainSeconds + scoreSeconds, trainSeconds, scoreSeconds, atLeast },
  ...{ megabytes: 300, probeSeconds: 4 },
});

it('tells training and scoring apart, to two digits', () => {
  // By hand: 8,643 s ≈ 8,600 s = 2 h 23 min; 1,812 s ≈ 1,800 s = 30 min; together 10,455 s ≈ 10,000 s = 2 h 47 min.
  expect(costWords(estimate(8643, 1812))).toBe('about 2 h 47 min: training 2 h 23 min, scoring 30 min');
  expect(costWords(estimate(12.4, 0.2))).toBe('about 13 s: training 12 s, scoring under 1 s');
  expect(costWords(estimate(400, 60, true))).toMatch(/^at least 7 min 40 s/);
  expect([sumWords(estimate(0.2, 0.1)), sumWords(estimate(0.2, 0.1, true))]).toEqual(['under 1 s', 'at least 1 s']);
});

it('asks only beyond half an hour, all trainings together', () => {
  expect(longStart([estimate(1700, 100)], 1)).toBe('');
  expect(longStart([estimate(1700, 101)], 1)).toMatch(/^about 30 min/);
  expect(longStart([estimate(600, 50)], 2)).toBe('');
  expect(longStart([estimate(600, 50)], 3)).toMatch(/training 30 min, scoring 2 min 30 s/);
  expect(longStart([], 1)).toBe('');
});
