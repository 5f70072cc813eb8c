import { expect, it } from 'vitest';
import type { ChannelInfo } from '../../../core/series/series';
import { mostVaried } from './shown-tags';

const tag = (name: string, min: number | null, max: number | null, std: number | null): ChannelInfo => ({
  index: 0,
  name,
  unit: '',
  description: '',
  step: false,
  stats: { count: 1, missing: 0, bad: 0, min, max, mean: min, std, distinct: 2 },
});

it('proposes the tags that vary most for their range, in the order of the dataset, constant ones last', () => {
  // std / range: a 0.1, b constant, c 0.3, d no value, e 0.2.
  const all = [tag('a', 0, 100, 10), tag('b', 5, 5, 0), tag('c', 0, 1, 0.3), tag('d', null, null, null), tag('e', -10, 10, 4)];
  expect(mostVaried(all, 2)).toEqual(['c', 'e']);
  expect(mostVaried(all, 3)).toEqual(['a', 'c', 'e']);
  expect(mostVaried(all)).toEqual(['a', 'b', 'c', 'd', 'e']);
});
