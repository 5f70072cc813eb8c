import { expect, it } from 'vitest';
import type { EventInfo } from '../../../contract/types';
import { tagsByShare } from './tag-choice';

const event = (peakScore: number, shares: Record<string, number>): EventInfo => ({
  id: 'e',
  name: 'E-01',
  start: 0,
  end: 1,
  peak: 0,
  peakScore,
  channels: Object.entries(shares).map(([channel, share]) => ({ channel, share })),
  part: 'test',
  matches: [],
  review: 'new',
  comment: '',
});

it('puts the tags of the selected event first and keeps the order of the rest', () => {
  const events = [event(5, { c: 0.7, a: 0.3 }), event(9, { b: 1 })];
  expect(tagsByShare(['a', 'b', 'c', 'd'], events, events[0]!)).toEqual(['c', 'a', 'b', 'd']);
  // By hand: b 9·1 = 9, c 5·0.7 = 3.5, a 5·0.3 = 1.5.
  expect(tagsByShare(['a', 'b', 'c', 'd'], events, null)).toEqual(['b', 'c', 'a', 'd']);
});
