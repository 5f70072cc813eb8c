import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { randomFrom } from '../random';
import { aucRoc, averagePrecision, vus } from './rank';

type Buffer = 0 | 5 | 30 | 100;
const reference = JSON.parse(readFileSync(new URL('../../../test/reference/metrics.json', import.meta.url), 'utf8')) as {
  truth: number[];
  score: number[];
  aucRoc: number;
  averagePrecision: number;
} & Record<`vus${'Roc' | 'Pr'}${Buffer}`, number>;

const vectorB = {
  truth: Uint8Array.from({ length: 20 }, (_, i) => ((i >= 5 && i <= 8) || i === 15 || i === 16 ? 1 : 0)),
  score: Float32Array.of(0.1, 0.1, 0.2, 0.1, 0.3, 0.2, 0.9, 0.8, 0.1, 0.7, 0.1, 0.1, 0.2, 0.1, 0.1, 0.4, 0.6, 0.5, 0.1, 0.1),
};

it('gives the numbers of vector B of the metrics document', () => {
  expect(aucRoc(vectorB)).toBeCloseTo(0.803571, 6);
  expect(averagePrecision(vectorB)).toBeCloseTo(0.702778, 6);
  for (const [buffer, roc, pr] of [
    [0, 0.791667, 0.661111],
    [2, 0.847736, 0.74049],
    [4, 0.899172, 0.819962],
  ] as const) {
    expect(vus(vectorB, buffer)!.roc).toBeCloseTo(roc, 6);
    expect(vus(vectorB, buffer)!.pr).toBeCloseTo(pr, 6);
  }
});

it('agrees with scikit-learn and with VUS computed term by term (test/reference/metrics.py)', () => {
  const input = { truth: Uint8Array.from(reference.truth), score: Float32Array.from(reference.score) };
  expect(aucRoc(input)).toBeCloseTo(reference.aucRoc, 12);
  expect(averagePrecision(input)).toBeCloseTo(reference.averagePrecision, 12);
  for (const buffer of [0, 5, 30, 100] as const) {
    const found = vus(input, buffer)!;
    expect(found.roc).toBeCloseTo(reference[`vusRoc${buffer}`], 12);
    expect(found.pr).toBeCloseTo(reference[`vusPr${buffer}`], 12);
  }
});

it('counts ties as half in the ROC area, so a constant score has 0.5', () => {
  const score = new Float32Array(20).fill(3);
  expect(aucRoc({ truth: vectorB.truth, score })).toBe(0.5);
  // One threshold: everything is anomalous, so the average precision is the prevalence, 6 of 20.
  expect(averagePrecision({ truth: vectorB.truth, score })).toBeCloseTo(0.3, 12);
});

it('gives nothing where one kind of row is missing', () => {
  const score = Float32Array.of(1, 2);
  for (const truth of [Uint8Array.of(0, 0), Uint8Array.of(1, 1), new Uint8Array(0)]) {
    expect(aucRoc({ truth, score })).toBeNull();
    expect(averagePrecision({ truth, score })).toBeNull();
    expect(vus({ truth, score }, 10)).toBeNull();
  }
});

it('computes VUS of 200,000 rows with 100 buffers', () => {
  const random = randomFrom(5);
  const truth = Uint8Array.from({ length: 200_000 }, (_, i) => (i % 4000 < 200 ? 1 : 0));
  const score = Float32Array.from(truth, (y) => random.normal() + y);
  const found = vus({ truth, score }, 100)!;
  expect(found.pr).toBeGreaterThan(0.1);
});

it('is never above 1, not even by rounding', () => {
  // Every label wholly above the rest: of the 101 buffers added up, the ROC part once came to 1 + 5e-15.
  const truth = Uint8Array.from({ length: 300 }, (_, i) => Number(i >= 100 && i < 120));
  const random = randomFrom(1);
  for (let k = 0; k < 10; k++) {
    const score = Float64Array.from(truth, (y) => random.next() + 2 * y);
    const { roc, pr } = vus({ truth, score }, 100)!;
    expect(roc).toBeLessThanOrEqual(1);
    expect(pr).toBeLessThanOrEqual(1);
    expect(roc).toBeCloseTo(1, 12);
  }
});
