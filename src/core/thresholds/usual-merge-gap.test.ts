import { expect, it } from 'vitest';
import { usualMergeGapMs } from './usual-merge-gap';

it('is a window of the detector, and 12 samples for one without a window', () => {
  expect(usualMergeGapMs({ window: 5, k: 3 }, 1000)).toBe(5000);
  expect(usualMergeGapMs({ k: 3 }, 60_000)).toBe(720_000);
});
