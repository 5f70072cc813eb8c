import { describe, expect, it } from 'vitest';
import { isFaultline } from '../errors';
import { randomFrom, type Random } from '../random';
import { blockMaxima, conformalP, conformalThreshold } from './conformal';

/** Autoregressive score of order 1, begun in its stationary state: s = φ·s' + √(1 − φ²)·noise. */
function autoregressive(n: number, memory: number, random: Random): Float32Array {
  const score = new Float32Array(n);
  let state = random.normal();
  for (let i = 0; i < n; i++) {
    state = memory * state + Math.sqrt(1 - memory * memory) * random.normal();
    score[i] = state;
  }
  return score;
}

describe('conformal p-values', () => {
  it('count the reference scores that are as high', () => {
    const reference = [1, 2, 2, 5];
    // (1 + 4) / 5, (1 + 3) / 5, (1 + 1) / 5, (1 + 1) / 5, (1 + 0) / 5.
    expect([0, 2, 3, 5, 6].map((s) => conformalP(reference, s))).toEqual([1, 0.8, 0.4, 0.4, 0.2]);
    expect(conformalP(reference, NaN)).toBeNaN();
    expect(conformalP([], 3)).toBe(1);
  });
});

describe('maxima of normal blocks', () => {
  it('cut scores into whole blocks and leave rows without score out', () => {
    const { maxima, rows } = blockMaxima(Float32Array.of(1, NaN, 7, 2, 3, 4, NaN, 4, 0, 9), 3);
    // 1 7 2 | 3 4 4 | 0 9 is no whole block.
    expect([...maxima]).toEqual([4, 7]);
    expect(rows).toBe(3);
  });

  it('take three decay times of the autocorrelation', () => {
    // AR(1) with 0.9 falls to 1/e after 1 / −ln 0.9 = 9.5 rows; ranks decay a little faster. So 10 rows, give or take 2, thrice.
    const { rows } = blockMaxima(autoregressive(30_000, 0.9, randomFrom(1)));
    expect(rows).toBeGreaterThanOrEqual(24);
    expect(rows).toBeLessThanOrEqual(36);
    // Independent scores: three rows.
    const random = randomFrom(2);
    expect(blockMaxima(Float32Array.from({ length: 5000 }, () => random.next())).rows).toBe(3);
    // Ranks see through any monotone change of the scores.
    const score = autoregressive(5000, 0.9, randomFrom(3));
    expect(blockMaxima(score.map((s) => Math.exp(3 * s))).rows).toBe(blockMaxima(score).rows);
  });
});

describe('conformal threshold', () => {
  it('lies just above the k-th largest maximum', () => {
    // 19 blocks of one row, 1 to 19; alpha 0.1: k = floor(0.1 · 20) = 2, so the second largest (18) is not reached, and 19 is.
    const normal = Float32Array.from({ length: 19 }, (_, i) => i + 1);
    const found = conformalThreshold(normal, 0.1, 1);
    expect(found.p).toBe(0.1);
    expect(found.value).toBeGreaterThan(18);
    expect(found.value).toBe(Math.fround(found.value));
    expect(found.value - 18).toBeLessThan(1e-5);
    // The threshold is the lowest score with a p-value of at most alpha.
    const sorted = found.maxima;
    expect(conformalP(sorted, found.value)).toBe(0.1);
    expect(conformalP(sorted, 18)).toBeGreaterThan(0.1);
    // Below zero and at zero the next float is higher as well.
    expect(
      conformalThreshold(
        normal.map((s) => s - 30),
        0.1,
        1,
      ).value,
    ).toBeGreaterThan(-12);
    expect(
      conformalThreshold(
        normal.map((s) => s - 18),
        0.1,
        1,
      ).value,
    ).toBeGreaterThan(0);
  });

  it('needs 1/alpha − 1 blocks, and says so', () => {
    const normal = Float32Array.from({ length: 98 }, (_, i) => i);
    const refused = (): unknown => {
      try {
        return conformalThreshold(normal, 0.01, 1);
      } catch (error) {
        return error;
      }
    };
    const error = refused();
    expect(isFaultline(error, 'threshold/no-scores')).toBe(true);
    expect((error as Error).message).toContain('needs 99 normal blocks, and the normal scores give 98 of 1 row.');
    // With one more block the highest is the limit.
    expect(
      conformalThreshold(
        Float32Array.from({ length: 99 }, (_, i) => i),
        0.01,
        1,
      ).value,
    ).toBeGreaterThan(98);
  });

  it('is reached by a new normal block with probability alpha, over 1,000 autocorrelated series', () => {
    // Each series: 1,500 normal rows choose the threshold, a block well behind them is new. Under the statement the number of new blocks that
    // reach it is binomial(1,000, p) with p <= alpha.
    const random = randomFrom(20);
    for (const alpha of [0.05, 0.2]) {
      let reached = 0;
      let stated = 0;
      for (let round = 0; round < 1000; round++) {
        const score = autoregressive(1700, 0.8, random);
        const { value, rows, p } = conformalThreshold(score.subarray(0, 1500), alpha);
        stated += p / 1000;
        if (score.subarray(1600, 1600 + rows).some((s) => s >= value)) reached++;
      }
      const spread = Math.sqrt(1000 * stated * (1 - stated));
      expect(stated).toBeLessThanOrEqual(alpha);
      // Not broken, and not met by being far too strict: four standard deviations either way.
      expect(reached).toBeLessThan(1000 * stated + 4 * spread);
      expect(reached).toBeGreaterThan(1000 * stated - 4 * spread);
    }
  });
});
