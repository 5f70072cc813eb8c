import { expect, it } from 'vitest';
import { affiliation } from './affiliation';
import { touchedShare } from './event-metrics';
import { nabProbation, nabProfiles, nabRowWeight, nabScore } from './nab';
import { paKCurve, pointAdjusted, segmentHits } from './point-adjust';
import { rangeBiases, rangeRecall, type RangeBias } from './range';
import { vus } from './rank';
import { mergeAdjoining, onesBefore, segmentsOf } from './segments';

// Section 10 of the metrics document: mistakes of published code, each with the right value by hand.
const rows = (text: string): Uint8Array => Uint8Array.from(text, Number);
const touched = (truth: string, pred: string): number | null => touchedShare(segmentsOf(rows(truth)), onesBefore(rows(pred)));

it('an event at the end is whole, even one of a single row', () => {
  expect(segmentsOf(rows('0100111'))).toEqual([
    { start: 1, end: 1 },
    { start: 4, end: 6 },
  ]);
  expect(touched('000111', '000001')).toBe(1);
  expect(touched('000001', '000001')).toBe(1);
});

it('point adjust repairs row 0', () => {
  const hits = segmentHits(segmentsOf(rows('11100000')), onesBefore(rows('00100000')));
  expect(pointAdjusted(hits, 0)).toEqual({ precision: 1, recall: 1, f1: 1 });
});

it('PA%K compares strictly and in whole numbers', () => {
  // 29 of 100 are exactly 29 %; in floats 29 / 100 * 100 is below 29 and would adjust.
  const hits = { lengths: Int32Array.of(100), hits: Int32Array.of(29), falseHits: 0 };
  expect(pointAdjusted(hits, 28).recall).toBe(1);
  expect(pointAdjusted(hits, 29).recall).toBe(0.29);
  const curve = paKCurve(hits);
  for (let k = 0; k <= 100; k++) expect(curve[k]).toBeCloseTo(pointAdjusted(hits, k).f1, 12);
});

it.each<[RangeBias, number]>([
  ['flat', 1 / 4],
  ['front', 4 / 10],
  ['middle', 1 / 6],
  ['back', 1 / 10],
])('a bias %s does not depend on where the range stands', (bias, expected) => {
  for (const offset of [0, 10, 1000]) {
    const found = rangeRecall([{ start: offset, end: offset + 3 }], [{ start: offset, end: offset }], 0, bias);
    expect(found).toBeCloseTo(expected, 12);
  }
});

it('range weights in closed form are those summed position by position', () => {
  const delta = { flat: () => 1, front: (i: number, n: number) => n - i + 1, back: (i: number) => i } as const;
  const middle = (i: number, n: number): number => (i <= n / 2 ? i : n - i + 1);
  for (const bias of rangeBiases) {
    const weight = bias === 'middle' ? middle : delta[bias];
    for (let n = 1; n <= 9; n++) {
      for (let from = 1; from <= n; from++) {
        for (let to = from; to <= n; to++) {
          let [covered, total] = [0, 0];
          for (let i = 1; i <= n; i++) {
            total += weight(i, n);
            if (i >= from && i <= to) covered += weight(i, n);
          }
          const found = rangeRecall([{ start: 7, end: 6 + n }], [{ start: 6 + from, end: 6 + to }], 0, bias);
          expect(found).toBeCloseTo(covered / total, 12);
        }
      }
    }
  }
});

it('a window of one row does not divide by zero', () => {
  const window = { start: 5, end: 5 };
  for (const row of [6, 7, 8, 20]) expect(Number.isFinite(nabRowWeight(row, window, false, nabProfiles.standard))).toBe(true);
  // One row behind it: x = 1, 2 / (1 + e^5) − 1 = −0.98661.
  expect(nabRowWeight(6, window, false, nabProfiles.standard)).toBeCloseTo(-0.11 * 0.98661, 6);
  expect(nabRowWeight(4, undefined, false, nabProfiles.lowFp)).toBe(-0.22);
  // A window of width 1 hit in its row: the whole weight.
  expect(nabRowWeight(5, window, true, nabProfiles.standard)).toBe(1);
});

it('the benchmark leaves its first rows out', () => {
  expect([nabProbation(100), nabProbation(4000), nabProbation(100_000)]).toEqual([15, 600, 750]);
  const predicted = new Uint8Array(100).fill(1, 0, 15);
  const windows = [
    { start: 2, end: 8 },
    { start: 50, end: 60 },
  ];
  // Only the second window counts, and it is missed; the false rows and the hits before row 15 do not count.
  expect(nabScore(predicted, windows, nabProfiles.lowFn)).toEqual({ raw: -2, normalised: 0 });
  expect(nabScore(predicted, windows.slice(0, 1), nabProfiles.standard)).toBeNull();
});

it('adjoining events are merged before affiliation', () => {
  const real = [
    { start: 3, end: 4 },
    { start: 5, end: 7 },
  ];
  expect(mergeAdjoining(real)).toEqual([{ start: 3, end: 7 }]);
  const merged = affiliation([{ start: 4, end: 5 }], mergeAdjoining(real), 12);
  expect(merged.zones).toHaveLength(1);
  expect(merged.precision).toBe(1);
});

it('affiliation with nothing predicted has no precision and recall 0', () => {
  expect(affiliation([], [{ start: 3, end: 7 }], 12)).toMatchObject({ precision: null, recall: 0, f1: null });
});

it('soft labels are made from the hard ones at each buffer, never from softened ones', () => {
  // Two rows before the event alone score high, all others the same. For l = 4 the soft labels there are √(1 − 2/4) and √(1 − 1/4).
  const truth = rows('0000000110000000000000000000000000000000');
  const score = Float64Array.from(truth, (_, i) => (i === 5 || i === 6 ? 1 : 0));
  const soft = (l: number): number => Math.sqrt(1 - 1 / l) + (l >= 4 ? Math.sqrt(1 - 2 / l) : 0);
  // At the first level 2 rows are predicted: precision soft / 2, recall min(soft / (2 + soft / 2), 1); at the second all 40 are.
  const pr = (l: number): number => {
    if (l < 2) return 2 / 40;
    const s = soft(l);
    const first = s / (2 + s / 2);
    const all = 2 + 2 * soft(l);
    const last = Math.min(1, all / (2 + soft(l)));
    return first * (s / 2) + (last - first) * (all / 40);
  };
  const mean = (length: number): number =>
    Array.from({ length: length + 1 }, (_, l) => pr(l)).reduce((a, b) => a + b) / (length + 1);
  for (const length of [0, 1, 2, 3, 4, 5]) expect(vus({ truth, score }, length)!.pr).toBeCloseTo(mean(length), 12);
});
