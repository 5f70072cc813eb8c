import { expect, it } from 'vitest';
import type { Label } from '../../../core/labels/label';
import { testLabel } from '../../../core/labels/test-label';
import type { Consequences, HiddenRow, JudgedEvent } from './consequences';
import { judgedRows } from './judged-rows';

const label = (id: string, start: number): Label => testLabel({ id, start, end: start + 5 });
const event = (name: string, start: number, found: Label | null, foundAfterMs: number | null): JudgedEvent => ({
  name,
  start,
  end: start + 3,
  peak: start,
  peakScore: 4,
  channels: [],
  label: found,
  explainedBy: null,
  foundAfterMs,
});
const a = label('a', 10);
const b = label('b', 60);

it('lists events, hidden events and missed labels in order of time, and marks what binds', () => {
  const hidden: HiddenRow = { ...event('H-01', 40, null, null), by: 'dead-time', channel: '', reason: '', label: null };
  const result = {
    events: [event('E-01', 12, a, 2), event('E-02', 14, a, null), event('E-03', 90, null, null)],
    hidden: [hidden],
    missed: [b],
  } as unknown as Consequences;
  expect(judgedRows(result, ['a', 'b']).map((row) => [row.name, row.start, row.binding, row.missed])).toEqual([
    ['E-01', 12, true, false],
    ['E-02', 14, false, false],
    ['H-01', 40, false, false],
    ['–', 60, true, true],
    ['E-03', 90, false, false],
  ]);
});
