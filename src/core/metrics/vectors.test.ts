import { expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { affiliation } from './affiliation';
import { nabProfiles, nabRowWeight, nabScore } from './nab';
import { onesBefore, segmentsOf } from './segments';
import { metricSheet } from './sheet-of';
import type { Figure } from './sheet';

// Section 9 of the design's metrics document: every number to the digits printed there.
const rows = (text: string): Uint8Array => Uint8Array.from(text, Number);
const label = (start: number, end: number): Label => testLabel({ id: `${start}`, start: start * 60_000, end: end * 60_000 });
const score = Float64Array.of(0.1, 0.1, 0.2, 0.1, 0.3, 0.2, 0.9, 0.8, 0.1, 0.7, 0.1, 0.1, 0.2, 0.1, 0.1, 0.4, 0.6, 0.5, 0.1, 0.1);
const b = {
  timestamps: Float64Array.from(score, (_, i) => i * 60_000),
  score,
  labels: [label(5, 8), label(15, 16)],
  rule: { value: 0.45, minDurationMs: 0, mergeGapMs: 0 },
};
const six = (figure: Figure): string => (figure as number).toFixed(6);

it('vector A: affiliation and its zones', () => {
  const found = affiliation(segmentsOf(rows('0000100010')), segmentsOf(rows('0001000111')), 10);
  expect(found.precision!.toFixed(6)).toBe('0.818182');
  expect(found.recall.toFixed(6)).toBe('0.844276');
  expect(found.zones.map((z) => [z.precision!.toFixed(6), z.recall.toFixed(6)])).toEqual([
    ['0.636364', '0.818182'],
    ['1.000000', '0.870370'],
  ]);
});

it('vector B: every metric of the sheet', () => {
  const sheet = metricSheet({ ...b, vusBuffer: 4 });
  expect(six(sheet.point.f1)).toBe('0.545455');
  expect(six(sheet.pointAdjusted.f1)).toBe('0.857143');
  expect(six(sheet.paK.f1At['20']!)).toBe('0.857143');
  // Two of four and one of two are exactly 50 %: not more, so nothing is adjusted.
  expect(six(sheet.paK.f1At['50']!)).toBe('0.545455');
  expect(six(sheet.paK.area)).toBe('0.699740');
  expect(six(sheet.range.recall)).toBe('0.600000');
  expect(six(sheet.range.precision)).toBe('0.500000');
  expect(six(sheet.range.f1)).toBe('0.545455');
  expect(six(sheet.event.compositeF1)).toBe('0.750000');
  expect(six(sheet.affiliation.precision)).toBe('0.836806');
  expect(six(sheet.affiliation.recall)).toBe('0.953125');
  expect(six(sheet.point.aucRoc)).toBe('0.803571');
  expect(six(sheet.point.aucPr)).toBe('0.702778');
  for (const [vusBuffer, roc, pr] of [
    [0, '0.791667', '0.661111'],
    [2, '0.847736', '0.740490'],
    [4, '0.899172', '0.819962'],
  ] as const) {
    const { vus } = metricSheet({ ...b, vusBuffer });
    expect([six(vus.roc), six(vus.pr)]).toEqual([roc, pr]);
  }
});

it('vector B: the benchmark score, raw and normalised, and the weight of each detection', () => {
  const predicted = Uint8Array.from(score, (s) => (s >= 0.45 ? 1 : 0));
  const windows = [
    { start: 5, end: 8 },
    { start: 15, end: 16 },
  ];
  const found = nabScore(predicted, windows, nabProfiles.standard, 0)!;
  expect(found.raw.toFixed(6)).toBe('1.643205');
  expect(found.normalised.toFixed(6)).toBe('91.080132');
  const weight = (row: number, window: number, inside: boolean): string =>
    nabRowWeight(row, windows[window], inside, nabProfiles.standard).toFixed(5);
  expect([weight(6, 0, true), weight(9, 0, false), weight(16, 1, true), weight(17, 1, false)]).toEqual([
    '0.96699',
    '-0.07505',
    '0.85979',
    '-0.10853',
  ]);
  // Hand calculation: the sum of the four.
  expect(0.96699 - 0.07505 + 0.85979 - 0.10853).toBeCloseTo(1.6432, 9);
  expect(onesBefore(predicted).at(-1)).toBe(5);
});
