import { expect, it } from 'vitest';
import type { Estimate, RefereeReport, RefereeRow } from '../referee/report';
import type { ReportInput, TableBlock } from './model';
import { refereeSection, refereeSentences } from './referee-section';

const estimate = (value: number, low: number, high: number): Estimate => ({ value: { value }, interval: { low, high } });
const row = (id: string, title: string, vusPr: Estimate, caught = 3): RefereeRow => ({
  id,
  title,
  vusPr,
  caught,
  labels: 7,
  falseEventsPerDay: { value: 0.25 },
  medianDelayMs: { value: null, reason: 'no labelled anomaly was caught' },
  f1: { value: 0.5 },
  aucRoc: { value: 0.75 },
});
const range = row('moving-range', 'Moving range', estimate(0.3, 0.2, 0.41));
const referee: RefereeReport = {
  part: 'test part',
  events: 7,
  detector: row('detector', 'MIM-GAN', estimate(0.41, 0.3, 0.52), 6),
  best: range,
  rows: [
    range,
    row('constant', 'Constant', estimate(0.1, 0.1, 0.1)),
    row('random', 'Random', estimate(0.1, 0.09, 0.11), 2.44),
    row('all-ones', 'Everything anomalous', estimate(0.1, 0.1, 0.1), 7),
  ],
  difference: { metric: 'VUS-PR', ...estimate(0.11, 0.02, 0.19), events: 7, resamples: 1000 },
  standing: 'ahead',
  verdict: 'MIM-GAN beats the best one-liner (moving range) by +0.11 VUS-PR (95 % interval 0.02 to 0.19, 7 events).',
  checks: [
    { id: 'scaler', title: 'Scaler fitted on train rows', state: 'failed', text: 'The scaler is that of all rows.' },
    { id: 'test-was-seen', title: 'Test part looked at once', state: 'passed', text: 'Nothing was shown before.' },
  ],
  oracle: { f1: { value: 0.8 }, threshold: 3 },
  engine: 'cpu',
};
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
