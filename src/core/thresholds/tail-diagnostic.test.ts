import { describe, expect, it } from 'vitest';
import { isFaultline } from '../errors';
import { randomFrom } from '../random';
import { tailDiagnostic } from './tail-diagnostic';

/** Scores 0 to 1 below, and a tail above of which `excess` gives the excess at a share. */
const withTail = (n: number, tail: number, excess: (share: number) => number, next: () => number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => (i < n - tail ? next() : 1 + excess(next())));
const exponential = (share: number): number => -Math.log(1 - share);

describe('diagnostic of a tail fit', () => {
  it('puts exact quantiles of the model on the diagonal', () => {
    // 100 of 1,000 scores are exact exponential quantiles at (i − 1/2)/100 above 1; the 0.95 quantile begins the tail with 50 of them.
    const normal = Float32Array.from({ length: 1000 }, (_, i) => (i < 900 ? i / 1000 : 1 + exponential((i - 900 + 0.5) / 100)));
    const found = tailDiagnostic(normal, 0.999);
    expect(found.fit.excesses).toBe(50);
    expect(found.points).toHaveLength(50);
    expect(Math.abs(found.fit.shape)).toBeLessThan(0.2);
    for (const point of found.points.slice(0, 45)) expect(Math.abs(point.seen - point.model)).toBeLessThan(0.15);
    expect(found.outside).toBe(0);
    expect(found.follows).toBe(true);
    expect(found.sentence).toContain('50 scores above');
    expect(found.sentence).toContain('0 of 50 points outside the 95 % band');
  });

  it('has the band of order statistics', () => {
    // The largest of 50: u⁵⁰ = 0.025 and 0.975, so shares 0.92888 and 0.99949; the smallest: 1 − those. Read through the fitted model.
    const random = randomFrom(2);
    const { fit, points } = tailDiagnostic(
      withTail(1000, 100, exponential, () => random.next()),
      0.999,
    );
    const excess = (share: number): number => (fit.scale / fit.shape) * ((1 - share) ** -fit.shape - 1);
    expect(fit.excesses).toBe(50);
    expect(points.at(-1)!.low).toBeCloseTo(excess(0.025 ** (1 / 50)), 6);
    expect(points.at(-1)!.high).toBeCloseTo(excess(0.975 ** (1 / 50)), 6);
    expect(points[0]!.low).toBeCloseTo(excess(1 - 0.975 ** (1 / 50)), 6);
    expect(points[0]!.high).toBeCloseTo(excess(1 - 0.025 ** (1 / 50)), 6);
    for (const { low, high, model } of points) {
      expect(low).toBeLessThan(model);
      expect(high).toBeGreaterThan(model);
    }
  });

  it('believes a true tail and doubts one of another form, in repeated samples', () => {
    const random = randomFrom(7);
    let doubted = 0;
    let seen = 0;
    for (let round = 0; round < 100; round++) {
      if (
        !tailDiagnostic(
          withTail(2500, 250, exponential, () => random.next()),
          0.999,
        ).follows
      )
        doubted++;
      // Two heaps: small excesses, and a far one of thirty faults that nobody has labelled.
      const heaps = (share: number): number => (share < 0.85 ? share : 12 + share);
      if (
        !tailDiagnostic(
          withTail(2500, 125, heaps, () => random.next()),
          0.999,
        ).follows
      )
        seen++;
    }
    expect(doubted).toBeLessThanOrEqual(10);
    expect(seen).toBeGreaterThanOrEqual(90);
  });

  it('keeps to 120 points of a long series, the highest among them, with bands in order', () => {
    const random = randomFrom(3);
    const normal = withTail(60_000, 6000, exponential, () => random.next());
    const { points, fit } = tailDiagnostic(normal, 0.9999);
    expect(fit.excesses).toBe(1200);
    expect(points).toHaveLength(120);
    expect(points.at(-1)!.seen).toBeCloseTo(normal.reduce((a, b) => Math.max(a, b), 0) - fit.initial, 5);
    for (let i = 1; i < points.length; i++) {
      expect(points[i]!.low).toBeGreaterThanOrEqual(points[i - 1]!.low);
      expect(points[i]!.high).toBeGreaterThanOrEqual(points[i - 1]!.high);
    }
  });

  it('says how far the threshold lies beyond what was seen', () => {
    const random = randomFrom(5);
    const normal = withTail(1000, 100, exponential, () => random.next());
    const far = tailDiagnostic(normal, 1e-6);
    const highest = normal.reduce((a, b) => Math.max(a, b), 0);
    expect(far.beyond).toBeCloseTo(far.fit.value - highest, 4);
    expect(far.sentence).toContain('where the fit alone speaks');
    expect(tailDiagnostic(normal, 0.9)).toMatchObject({ beyond: 0 });
    expect(tailDiagnostic(normal, 0.9).sentence).toContain('within the scores seen');
  });

  it('refuses too few scores as the fit does', () => {
    let error: unknown = null;
    try {
      tailDiagnostic(Float32Array.of(1, 2, 3), 0.999);
    } catch (caught) {
      error = caught;
    }
    expect(isFaultline(error, 'threshold/no-scores')).toBe(true);
  });
});
