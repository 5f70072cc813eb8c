import { expect, it } from 'vitest';
import { nextTrial, rungShares, settingsOf, trialCount } from './plan';
import { rankSettings, sweepText } from './rank';
import type { SweepTrial } from './sweep';

const trial = (setting: number, value: number | null, over: Partial<SweepTrial> = {}): SweepTrial => ({
  setting,
  params: { window: setting },
  seed: 1,
  rung: 0,
  share: 1,
  vusPr: value === null ? { value: null, reason: 'no score' } : { value },
  seconds: 2,
  error: '',
  ...over,
});

it('makes every combination once, over the parameters that stay', () => {
  expect(settingsOf({ a: [1, 2, 1], b: ['x', 'y'] }, { c: true, a: 9 })).toEqual([
    { c: true, a: 1, b: 'x' },
    { c: true, a: 1, b: 'y' },
    { c: true, a: 2, b: 'x' },
    { c: true, a: 2, b: 'y' },
  ]);
});

it('refuses a sweep of one setting and one of thousands', () => {
  expect(() => settingsOf({ a: [1] }, {})).toThrow('at least two settings');
  expect(() => settingsOf({}, {})).toThrow('at least two settings');
  const fifty = Array.from({ length: 50 }, (_, i) => i);
  expect(() => settingsOf({ a: fifty, b: fifty }, {})).toThrow('2500 settings are too many');
});

it('halves by threes, and a grid does not', () => {
  expect(rungShares('grid', 27)).toEqual([1]);
  expect(rungShares('halving', 2)).toEqual([1]);
  expect(rungShares('halving', 3)).toEqual([1 / 3, 1]);
  expect(rungShares('halving', 9)).toEqual([1 / 9, 1 / 3, 1]);
  expect(rungShares('halving', 1000)).toEqual([1 / 9, 1 / 3, 1]);
});

it('tries all settings with one seed before the next seed', () => {
  const plan = { method: 'grid', seeds: [5, 6] } as const;
  const made: SweepTrial[] = [];
  const order: string[] = [];
  for (let next = nextTrial(plan, 2, made); next; next = nextTrial(plan, 2, made)) {
    order.push(`${next.setting}/${next.seed}`);
    made.push(trial(next.setting, 0.5, { seed: next.seed }));
  }
  expect(order).toEqual(['0/5', '1/5', '0/6', '1/6']);
});

it('lets the better third go on, and goes on from wherever it was interrupted', () => {
  const plan = { method: 'halving', seeds: [1] } as const;
  // Quality by setting: 3, 7 and 8 are the best three of nine; 8 wins with all data.
  const quality = [0.1, 0.2, 0.15, 0.6, 0.3, 0.25, 0.05, 0.5, 0.55];
  const made: SweepTrial[] = [];
  const order: string[] = [];
  for (let next = nextTrial(plan, 9, made); next; next = nextTrial(plan, 9, [...made])) {
    order.push(`${next.rung}:${next.setting}`);
    const bonus = next.rung > 0 && next.setting === 8 ? 0.3 : 0;
    made.push(trial(next.setting, quality[next.setting]! + bonus, { rung: next.rung, share: next.share }));
  }
  expect(order.slice(9)).toEqual(['1:3', '1:7', '1:8', '2:8']);
  expect(trialCount(plan, 9)).toBe(order.length);
  expect(rankSettings(made).map(({ setting, rung }) => [setting, rung])).toEqual([
    [8, 2],
    [3, 1],
    [7, 1],
    [4, 0],
    [5, 0],
    [1, 0],
    [2, 0],
    [0, 0],
    [6, 0],
  ]);
});

it('a setting that failed does not go on', () => {
  const made = [0, 1, 2].map((setting) =>
    trial(setting, setting === 1 ? 0.01 : null, { share: 1 / 3, error: setting === 1 ? '' : 'too short' }),
  );
  expect(nextTrial({ method: 'halving', seeds: [1] }, 3, made)).toMatchObject({ setting: 1, rung: 1, share: 1 });
  expect(rankSettings(made)[1]!.mean).toEqual({ value: null, reason: 'too short' });
});

it('gives mean and spread over seeds, and says what is inside the noise', () => {
  const made = [
    trial(0, 0.6, { seed: 1 }),
    trial(0, 0.8, { seed: 2 }),
    trial(1, 0.66, { seed: 1 }),
    trial(1, 0.7, { seed: 2 }),
    trial(2, 0.3, { seed: 1 }),
    trial(2, 0.32, { seed: 2 }),
  ];
  const rows = rankSettings(made);
  // Setting 0: mean 0.7, std sqrt(2 · 0.1²) = 0.141421; setting 1: 0.68, 0.028284; pooled 0.101980 ≥ 0.02. Setting 2 is 0.39 below.
  expect(rows.map(({ setting }) => setting)).toEqual([0, 1, 2]);
  expect(rows[0]!.mean.value).toBeCloseTo(0.7, 12);
  expect(rows[0]!.std).toBeCloseTo(0.141421, 6);
  expect(rows.map(({ withinNoise }) => withinNoise)).toEqual([true, true, false]);
  expect(rows[0]!.seconds).toBe(4);
  // One seed tells nothing about the spread.
  expect(rankSettings([trial(0, 0.6), trial(1, 0.1)])[1]!.withinNoise).toBeNull();
});

it('says how much was tried, by what, and that the test part was not read', () => {
  const plan = { method: 'grid', space: { a: [1, 2, 3] }, minutes: 1, seeds: [1] } as const;
  expect(sweepText(plan, 3, [trial(0, 0.5), trial(1, 0.4)], 2)).toBe(
    '2 of 3 settings tried in 4 s, one seed, so the spread is not known, ranked by VUS-PR on the calibration part (2 labelled anomalies); the test part was not read.',
  );
});

it('does not take seeds that change nothing for certainty', () => {
  const seeds = (setting: number, value: number): SweepTrial[] => [1, 2, 3].map((seed) => trial(setting, value, { seed }));
  const made = [...seeds(0, 0.6), ...seeds(1, 0.6), ...seeds(2, 0.59)];
  expect(rankSettings(made).map(({ std, withinNoise }) => [std, withinNoise])).toEqual([
    [0, true],
    [0, true],
    [0, null],
  ]);
  const plan = { method: 'grid', space: { a: [1, 2, 3] }, minutes: 1, seeds: [1, 2, 3] } as const;
  expect(sweepText(plan, 3, made, 2)).toContain('The seeds do not differ: how sure the order is depends on the labelled anomalies');
  expect(sweepText(plan, 3, [...made, trial(2, 0.5, { seed: 4 })], 2)).not.toContain('do not differ');
});
