import { expect, it } from 'vitest';
import { refereeRow as row, refereeSample as referee } from '../../../test/reference/referee-sample';
import type { Estimate, RefereeReport } from '../referee/report';
import type { ReportInput, TableBlock } from './model';
import { refereeSection, refereeSentences } from './referee-section';

const of = (given: RefereeReport | null): ReportInput => ({ referee: given }) as ReportInput;

it('sets detector, best one-liner, random and all-ones side by side', () => {
  const [section] = refereeSection(of(referee));
  expect(section!.title).toBe('How far to trust it: the referee');
  const table = section!.blocks.find((block): block is TableBlock => block.kind === 'table')!;
  expect(table.rows).toEqual([
    ['MIM-GAN', '0.410 (0.30 to 0.52)', '6 of 7', '0.250', '–', '0.500', '0.750'],
    ['Best one-liner: Moving range', '0.300 (0.20 to 0.41)', '3 of 7', '0.250', '–', '0.500', '0.750'],
    ['Random', '0.100 (0.09 to 0.11)', '2.4 of 7', '0.250', '–', '0.500', '0.750'],
    ['Everything anomalous', '0.100 (0.10 to 0.10)', '7 of 7', '0.250', '–', '0.500', '0.750'],
  ]);
  expect(table.note).toContain('bootstrap over 7 labelled anomalies');
  expect(JSON.stringify(section)).toContain('Failed. The scaler is that of all rows.');
  expect(JSON.stringify(section)).toContain('0.800; a bound, nothing that can be deployed');
});

it('puts the verdict and what failed into the summary', () => {
  expect(refereeSentences(of(referee))).toEqual([referee.verdict, 'The scaler is that of all rows.']);
});

it('says why there is no number', () => {
  const none: Estimate = {
    value: { value: null, reason: 'no labelled anomaly' },
    interval: { low: null, reason: 'no labelled anomaly' },
  };
  const empty = { ...referee, detector: { ...row('detector', 'MIM-GAN', none, 0), labels: 0 } };
  const table = refereeSection(of(empty))[0]!.blocks.find((block): block is TableBlock => block.kind === 'table')!;
  expect(table.rows[0]!.slice(1, 3)).toEqual(['–', '–']);
  expect(table.note).toContain('No VUS-PR: no labelled anomaly.');
});

it('is left out where nobody asked', () => {
  expect(refereeSection(of(null))).toEqual([]);
  expect(refereeSentences(of(null))).toEqual([]);
});
