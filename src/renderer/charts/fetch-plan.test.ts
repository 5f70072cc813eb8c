import { expect, it } from 'vitest';
import { fetchPlan, needsFetch } from './fetch-plan';

const shown = { start: 1000, end: 2000 };
const plan = fetchPlan(shown, 500);

it('asks for half a view more on each side at one bucket a pixel', () => {
  expect(plan).toEqual({ range: { start: 500, end: 2500 }, buckets: 1000 });
  expect(fetchPlan(shown, 5000).buckets).toBe(4096);
});
it('asks again only when the view leaves what was read or needs another resolution', () => {
  expect(needsFetch(plan, shown, 500)).toBe(false);
  expect(needsFetch(plan, { start: 1400, end: 2400 }, 500)).toBe(false);
  expect(needsFetch(plan, { start: 1600, end: 2600 }, 500)).toBe(true);
  // 700 ms on 500 px want 1.4 ms a bucket; 2 ms were read.
  expect(needsFetch(plan, { start: 1150, end: 1850 }, 500)).toBe(true);
  expect(needsFetch(plan, { start: 500, end: 2500 }, 300)).toBe(true);
});
