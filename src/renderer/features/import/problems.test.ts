import { expect, it } from 'vitest';
import type { Finding, ImportReport } from '../../../core/ingest/recipe';
import { handledFindings } from './problems';

const none: Finding = { count: 0, first: [] };
const at = (count: number, ...lines: number[]): Finding => ({
  count,
  first: lines.map((line) => ({ line, column: 'Time', text: 'x' })),
});
const report = (change: Partial<ImportReport>): ImportReport => ({
  fileRows: 10,
  rows: 10,
  cells: 10,
  values: 10,
  missing: none,
  status: none,
  unreadable: none,
  badTime: none,
  repeated: none,
  outOfOrder: none,
  ragged: none,
  clockChange: none,
  unknownTexts: [],
  ...change,
});

it('says nothing of what did not occur', () => {
  expect(handledFindings(report({}))).toEqual([]);
});

it('says that times were made from row order', () => {
  const [made] = handledFindings(report({ rowTimes: { firstMs: Date.UTC(2000, 0, 1), stepMs: 1000 } }));
  expect(made).toMatchObject({
    title: 'Times made from row order, not measured',
    text: '1 s apart, the first at 2000-01-01 00:00:00 UTC.',
  });
});

it('names the first three lines of a finding and says when there are more', () => {
  const [repeated] = handledFindings(report({ repeated: at(5, 9, 88402, 131077, 140000) }));
  expect(repeated?.text).toBe('5 rows, first in lines 9, 88,402, 131,077');
});

it('does not write "first" when every line is named', () => {
  expect(handledFindings(report({ outOfOrder: at(2, 4, 7) }))[0]?.text).toBe('2 rows, lines 4, 7');
  expect(handledFindings(report({ badTime: at(1, 4) }))[0]?.text).toBe('1 row, line 4');
});
