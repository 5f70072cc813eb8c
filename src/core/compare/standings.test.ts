import { expect, it } from 'vitest';
import { randomFrom } from '../random';
import type { PairedDifference } from '../referee/report';
import { againstText, letterOf, pairsOf, ranksOf, type DifferenceOf } from './standings';

const difference = (low: number, high: number, events = 8): PairedDifference => ({
  metric: 'VUS-PR',
  value: { value: (low + high) / 2 },
  interval: { low, high },
  events,
  resamples: 1000,
});
const open = difference(-0.1, 0.2);
const ahead = difference(0.1, 0.2);

it('names rows A to Z, then AA', () => {
  expect([0, 25, 26, 51, 52].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA']);
});

it('gives ranks that every sure difference keeps, and no narrower ones', () => {
  // A is surely ahead of C; nothing else is sure.
  const of: DifferenceOf = (a, b) => (a === 0 && b === 2 ? ahead : open);
  expect(ranksOf(3, of)).toEqual([
    { from: 1, to: 2 },
    { from: 1, to: 3 },
    { from: 2, to: 3 },
  ]);
  expect(ranksOf(1, of)).toEqual([{ from: 1, to: 1 }]);
});

it('never gives a rank outside 1 to n, nor a range upside down', () => {
  const random = randomFrom(3);
  for (let trial = 0; trial < 200; trial++) {
    const n = 2 + random.int(6);
    const sure = Array.from({ length: n * n }, () => random.next() < 0.4);
    const differences: DifferenceOf = (a, b) => (sure[a * n + b] ? ahead : open);
    for (const { from, to } of ranksOf(n, differences)) {
      expect(from).toBeGreaterThanOrEqual(1);
      expect(to).toBeLessThanOrEqual(n);
      expect(from).toBeLessThanOrEqual(to);
    }
  }
});

it('says aloud what is not significant, what is too few, and what has no interval', () => {
  expect(againstText(ahead)).toBe('+0.15 VUS-PR (95 % interval 0.10 to 0.20), 8 events');
  expect(againstText(difference(-0.03, 0.11, 4))).toBe(
    '+0.040 VUS-PR (95 % interval −0.030 to 0.11), no significant difference with 4 events',
  );
  expect(againstText(difference(0.1, 0.2, 4))).toContain('too few to tell apart with 4 events');
  const one = { ...difference(0, 0.2, 1), interval: { low: null, reason: '1 labelled anomaly' } } as const;
  expect(againstText(one)).toBe('+0.10 VUS-PR, not to be told apart with 1 event');
  expect(pairsOf(2, () => ahead)).toMatchObject([{ a: 'A', b: 'B', standing: 'ahead' }]);
});
