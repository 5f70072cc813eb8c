import { expect, it } from 'vitest';
import { seedsFrom } from './repeats';

it('repeats with the seeds that follow', () => {
  expect(seedsFrom(7, 3)).toEqual([7, 8, 9]);
  expect(seedsFrom(1, 1)).toEqual([1]);
});
it('never repeats less than once or more than twenty times', () => {
  expect(seedsFrom(1, 0)).toEqual([1]);
  expect(seedsFrom(1, 1000)).toHaveLength(20);
});
