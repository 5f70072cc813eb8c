import { expect, it } from 'vitest';
import { randomFrom } from '../random';
import { affiliation } from './affiliation';
import { paperWindow, paperWindowAt, paperWindows } from './paper-window';
import { pointAdjusted, segmentHits } from './point-adjust';
import { randomPaperWindow, randomPeer, randomPointF1, randomPrediction } from './random-peer';
import { onesBefore, segmentsOf } from './segments';

// Sections 1 and 6 of the metrics document: 10,000 points, five segments of 240, so π = 0.12.
const n = 10_000;
const segments = Array.from({ length: 5 }, (_, k) => ({ start: 1000 + k * 1800, end: 1239 + k * 1800 }));
const shares = Array.from({ length: 60 }, (_, k) => Math.round(n * 10 ** (-3.5 + (3.5 * k) / 59)));

it('random scores reach a point-adjusted F1 of 0.97, and without adjusting hardly more than "all anomalous"', () => {
  const best = { adjusted: [] as number[], plain: [] as number[] };
  for (let seed = 0; seed < 12; seed++) {
    const random = randomFrom(seed);
    // One random order of the rows; each threshold takes the first of it.
    const order = random.permutation(n);
    let [adjusted, plain] = [0, 0];
    for (const count of shares) {
      const chosen = new Uint8Array(n);
      for (let i = 0; i < count; i++) chosen[order[i]!] = 1;
      const hits = segmentHits(segments, onesBefore(chosen));
      adjusted = Math.max(adjusted, pointAdjusted(hits, 0).f1);
      plain = Math.max(plain, pointAdjusted(hits, 100).f1);
    }
    best.adjusted.push(adjusted);
    best.plain.push(plain);
  }
  const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
  // One draw gave 0.970 and 0.215 (2π/(1+π) = 0.2143); the mean of twelve differs by a few hundredths at most.
  expect(mean(best.adjusted)).toBeGreaterThan(0.95);
  expect(mean(best.adjusted)).toBeLessThan(0.99);
  expect(mean(best.plain)).toBeGreaterThanOrEqual(0.214);
  expect(mean(best.plain)).toBeLessThan(0.225);
});

it('one per cent of random detections has an affiliation of P 0.50, R 0.95, F 0.66', () => {
  const random = randomFrom(3);
  const sums = { precision: 0, recall: 0, f1: 0 };
  const draws = 40;
  for (let draw = 0; draw < draws; draw++) {
    const found = affiliation(segmentsOf(randomPrediction(n, 100, random)), segments, n);
    sums.precision += found.precision! / draws;
    sums.recall += found.recall / draws;
    sums.f1 += found.f1! / draws;
  }
  expect(sums.precision).toBeCloseTo(0.5, 1);
  expect(sums.recall).toBeCloseTo(0.95, 1);
  expect(Math.abs(sums.f1 - 0.66)).toBeLessThan(0.02);
  const peer = randomPeer(segments, n, 100, randomFrom(4), 40);
  expect(peer.affiliation.f1).toBeCloseTo(sums.f1, 1);
});

it('the exact expectation of the plain F1 is the mean over many draws', () => {
  const random = randomFrom(5);
  let sum = 0;
  for (let draw = 0; draw < 400; draw++) {
    sum += pointAdjusted(segmentHits(segments, onesBefore(randomPrediction(n, 700, random))), 100).f1;
  }
  // 2·700·0.12 / (700 + 1200); the spread of a draw is about 0.009, of the mean 0.0005.
  expect(randomPointF1(700, 1200, n)).toBeCloseTo(168 / 1900, 12);
  expect(sum / 400).toBeCloseTo(168 / 1900, 2);
});

it('draws exactly as many rows as asked, each alike', () => {
  const random = randomFrom(6);
  const times = new Float64Array(10);
  for (const count of [0, 3, 5, 7, 10]) {
    for (let draw = 0; draw < 3000; draw++) {
      const chosen = randomPrediction(10, count, random);
      expect(chosen.reduce((sum, one) => sum + one, 0)).toBe(count);
      chosen.forEach((one, i) => (times[i]! += one));
    }
  }
  // 3000 · (0.3 + 0.5 + 0.7 + 1) = 7500 expected, spread √(3000 · (0.21 + 0.25 + 0.21)) = 45.
  for (const count of times) expect(Math.abs(count - 7500)).toBeLessThan(225);
});

it('the same seed gives the same peer', () => {
  const peer = (seed: number) => randomPeer(segments, n, 100, randomFrom(seed), 5);
  expect(peer(1)).toEqual(peer(1));
  expect(peer(1)).not.toEqual(peer(2));
});

it('random scores reach 0.95 and more under the protocol of the paper', () => {
  // Four labelled points in 4,000 rows and windows of 168, as in the paper's ambient series; means of the design's table are 0.95 to 0.99.
  const windows = paperWindows(
    new Uint8Array(4000).fill(1),
    [700, 1500, 2400, 3300].map((at) => ({ start: at, end: at + 1 })),
    168,
  );
  expect(randomPaperWindow(windows, randomFrom(7), 10)).toBeGreaterThan(0.95);
});

it('the protocol of the paper, by hand', () => {
  // Windows of 3 rows; the label at rows 4 and 5 is in the windows that end at rows 4 to 7. Row 9 has no score.
  const counted = Uint8Array.from({ length: 12 }, (_, i) => (i === 9 ? 0 : 1));
  const windows = paperWindows(counted, [{ start: 4, end: 6 }], 3);
  expect([...windows.truth]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0]);
  // Rows 0..8, 10, 11. At θ just below 3 rows 5, 8 and 10 are detected: widened TP 4, FP 2, F1 8 / (4 + 2 + 4) = 0.8.
  const score = Float64Array.of(0, 1, 0, 0, 2, 5, 2, 2, 3, 3, 1);
  const found = paperWindow(score, windows)!;
  // Above 3 only row 5 is left: widened TP 4, FP 0.
  expect(found.f1).toBe(1);
  expect(found.hits).toBe(1);
  expect(found.falseEpisodes).toBe(0);
  expect(found.threshold).toBeGreaterThanOrEqual(3);
  // Without widening the best is θ just below 2: TP 4, FP 2, FN 0: 8 / 10.
  expect(found.f1Unwidened).toBeCloseTo(0.8, 12);
  // Of 4 · 7 pairs the windows of the label win: row 5 all 7, the three with 2 each 5.
  expect(found.auc).toBeCloseTo(22 / 28, 12);
  expect(paperWindow(score, paperWindows(counted, [], 3))).toBeNull();
  // At 2 row 5 is detected, and rows 8 and 10, one episode each: row 9 has no score. Widened TP 4, FP 2; own TP 1, FP 2.
  expect(paperWindowAt(score, windows, 2)).toEqual({ f1: 8 / 10, f1Unwidened: 2 / 7, precision: 1 / 3, hits: 1, falseEpisodes: 2 });
  expect(paperWindowAt(score, windows, 5)).toEqual({ f1: 0, f1Unwidened: 0, precision: 0, hits: 0, falseEpisodes: 0 });
});

it('counts false episodes, cut where rows have no score', () => {
  const counted = Uint8Array.from({ length: 14 }, (_, i) => (i === 9 ? 0 : 1));
  const windows = paperWindows(counted, [{ start: 2, end: 3 }], 1);
  // Detected: the label's row 2 (score 1, lowest of all detected), rows 5-6, 8 | 10, 12.
  const score = Float64Array.of(0, 0, 1, 0, 0, 2, 2, 0, 2, 2, 0, 2, 0);
  expect(paperWindow(score, windows)).toMatchObject({ hits: 1, falseEpisodes: 4 });
});
