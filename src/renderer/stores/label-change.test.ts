import { expect, it } from 'vitest';
import type { Label } from '../../core/labels/label';
import { testLabel } from '../../core/labels/test-label';
import { applyChange, matchAdded } from './label-change';

const label = (id: string, start: number): Label => testLabel({ id, start, end: start + 5 });

it('shows an act before it is saved', () => {
  const set = { datasetId: 'd', revision: 3, labels: [label('a', 0), label('b', 10), label('c', 20)] };
  const next = applyChange(
    set,
    { add: [label('', 30)], update: [{ ...label('b', 11), class: 'normal' }], remove: ['a'] },
    'draft-',
  );
  expect(next.labels.map((l) => [l.id, l.start, l.class])).toEqual([
    ['b', 11, 'normal'],
    ['c', 20, 'anomaly'],
    ['draft-3-0', 30, 'anomaly'],
  ]);
  expect(set.labels).toHaveLength(3);
});

it('finds each added label among the stored ones, equal ones once each', () => {
  const stored = [label('y', 10), label('x', 0), label('z', 10)];
  expect(matchAdded([label('', 10), label('', 0), label('', 10)], stored).map((l) => l.id)).toEqual(['y', 'x', 'z']);
  expect(matchAdded([label('', 99)], stored)).toEqual([]);
});
