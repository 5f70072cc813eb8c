import { expect, it } from 'vitest';
import type { RefereeCheck, RefereeRow } from '../../../core/referee/report';
import { checksText, panelRows, standingMarks } from './referee-words';

const row = (id: string): RefereeRow => ({ id, title: id }) as RefereeRow;
const check = (state: RefereeCheck['state']): RefereeCheck => ({ id: 'scaler', title: '', text: '', state });

it('puts the detector first, the best one-liner below it, and random and all-ones last', () => {
  const report = {
    detector: row('detector'),
    best: row('robust-z'),
    rows: ['all-ones', 'max-abs-z', 'robust-z', 'random', 'constant'].map(row),
  };
  expect(panelRows(report).map((r) => [r.row.id, r.kind])).toEqual([
    ['detector', 'detector'],
    ['robust-z', 'best'],
    ['max-abs-z', 'one-liner'],
    ['constant', 'one-liner'],
    ['all-ones', 'baseline'],
    ['random', 'baseline'],
  ]);
});

it('counts the checks that did not pass, failures first', () => {
  expect(checksText([check('passed'), check('unknown')])).toBe('');
  expect(checksText([check('warning'), check('failed'), check('warning')])).toBe('1 check failed, 2 checks to look at');
});

it('calls neither a draw nor an open question a success', () => {
  expect(standingMarks['no-difference'].tone).not.toBe('success');
  expect(standingMarks['cannot-tell'].tone).not.toBe('success');
});
