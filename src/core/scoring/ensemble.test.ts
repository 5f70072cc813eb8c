import { expect, it } from 'vitest';
import { randomFrom } from '../random';
import { combineScores, surpriseAgainst, type EnsembleMember } from './ensemble';

/** 1, 2, … n. */
const upTo = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => i + 1);
const member = (score: readonly number[], normal = upTo(99), byChannel?: Float32Array): EnsembleMember => ({
  title: 'A',
  score: Float32Array.from(score),
  normal,
  byChannel,
});
const exponential = (n: number, seed: number): Float32Array => {
  const random = randomFrom(seed);
  return Float32Array.from({ length: n }, () => -Math.log(1 - random.next()));
};

it('gives the conformal p-value among the normal scores', () => {
  const p = (s: number): number => 10 ** -surpriseAgainst(upTo(99))(s);
  // By hand, n = 99: all 99 are >= 0.5, 50 are >= 50, 50 are >= 49.5, one is >= 99.
  expect(p(0.5)).toBeCloseTo(1, 12);
  expect(p(50)).toBeCloseTo(0.51, 12);
  expect(p(49.5)).toBeCloseTo(0.51, 12);
  expect(p(99)).toBeCloseTo(0.02, 12);
  expect(surpriseAgainst(upTo(99))(NaN)).toBeNaN();
});

it('goes on above the highest normal score from 1/(n + 1) with the exponential tail where scores are few', () => {
  // 21 scores: too few for a tail fit. Median 11, excesses 1 … 10, mean 5.5: p(21 + x) = exp(−x / 5.5) / 22.
  const surprise = surpriseAgainst(upTo(21));
  expect(10 ** -surprise(21 + 5.5)).toBeCloseTo(Math.exp(-1) / 22, 12);
  expect(10 ** -surprise(21 + 55)).toBeCloseTo(Math.exp(-10) / 22, 12);
});

it('meets the true tail of a known distribution far above the highest normal score', () => {
  // Exponential scores: −log10 P(S > s) = s / ln 10. The fit of 5,000 is within a fifth of it at p = 1e-6.
  const surprise = surpriseAgainst(exponential(5000, 3));
  const s = 6 * Math.LN10;
  expect(surprise(s)).toBeGreaterThan(6 * 0.8);
  expect(surprise(s)).toBeLessThan(6 * 1.2);
});

it('never falls with the score, and rises strictly above the highest normal score', () => {
  const random = randomFrom(11);
  for (let trial = 0; trial < 40; trial++) {
    // Uniform normals fit a tail with an end; what lies beyond that end must still be told apart.
    const power = 1 + random.int(4);
    const normal = Float32Array.from({ length: 30 + random.int(500) }, () => random.next() ** power);
    const highest = normal.reduce((a, b) => Math.max(a, b), 0);
    const surprise = surpriseAgainst(normal);
    let before = -1;
    for (let s = -0.1; s < 20; s += 0.037) {
      const value = surprise(s);
      expect(Number.isFinite(value)).toBe(true);
      if (s > highest) expect(value).toBeGreaterThan(before);
      else expect(value).toBeGreaterThanOrEqual(before);
      before = value;
    }
  }
});

it('does not change when a member is measured in another unit', () => {
  const random = randomFrom(5);
  const normal = exponential(400, 1);
  const score = Array.from({ length: 200 }, () => -3 * Math.log(1 - random.next()));
  const other = member(score.toReversed(), exponential(400, 2));
  for (const method of ['rank-average', 'max-p'] as const) {
    const plain = combineScores([member(score, normal), other], method).score;
    const scaled = combineScores(
      [
        member(
          score.map((s) => 4 * Math.fround(s)),
          normal.map((s) => 4 * s),
        ),
        other,
      ],
      method,
    ).score;
    // A power of two scales single precision without rounding; what is left is the search of the tail fit.
    for (let i = 0; i < plain.length; i++) expect(scaled[i]).toBeCloseTo(plain[i]!, 4);
  }
});

it('averages percentile ranks, on a scale on which the highest rows stay apart', () => {
  // By hand: p of 99 is 0.02, of 50 it is 0.51; mean rank 1 − (0.02 + 0.51) / 2 = 0.735.
  const { score } = combineScores([member([99, 99, 1]), member([50, 99, 1])], 'rank-average');
  expect(1 - 10 ** -score[0]!).toBeCloseTo(0.735, 6);
  expect(1 - 10 ** -score[1]!).toBeCloseTo(0.98, 6);
  expect(score[2]).toBe(0);
  const far = combineScores([member([500, 600]), member([500, 600])], 'rank-average').score;
  expect(far[1]).toBeGreaterThan(far[0]!);
});

it('orders rows as the mean rank does', () => {
  const random = randomFrom(17);
  const draw = (): number[] => Array.from({ length: 300 }, () => 110 * random.next());
  const [a, b, c] = [draw(), draw(), draw()].map((score) => member(score));
  const surprise = surpriseAgainst(upTo(99));
  const { score } = combineScores([a!, b!, c!], 'rank-average');
  const rank = Array.from(score, (_, i) => [a!, b!, c!].reduce((sum, m) => sum + 1 - 10 ** -surprise(m.score[i]!), 0) / 3);
  for (let i = 1; i < score.length; i++) {
    if (Math.abs(rank[i]! - rank[i - 1]!) < 1e-6) continue;
    expect(score[i]! > score[i - 1]!).toBe(rank[i]! > rank[i - 1]!);
  }
});

it('takes the surest member with max-p, and needs every member for a score', () => {
  const { score } = combineScores([member([99, NaN, 1]), member([50, 99, 50])], 'max-p');
  expect(score[0]).toBeCloseTo(-Math.log10(0.02), 5);
  expect(score[1]).toBeNaN();
  expect(score[2]).toBeCloseTo(-Math.log10(0.51), 5);
});

it('rises in every member, and does not depend on their order', () => {
  const random = randomFrom(23);
  for (let trial = 0; trial < 300; trial++) {
    const scores = [0, 1, 2].map(() => 130 * random.next());
    const raised = scores.map((s, m) => (m === trial % 3 ? s + 20 * random.next() : s));
    for (const method of ['rank-average', 'max-p'] as const) {
      const of = (values: readonly number[]): number =>
        combineScores(
          values.map((s) => member([s])),
          method,
        ).score[0]!;
      expect(of(raised)).toBeGreaterThanOrEqual(of(scores));
      expect(of(scores.toReversed())).toBeCloseTo(of(scores), 5);
    }
  }
});

it('weights the shares of the tags by rank, or takes those of the member that decides', () => {
  const shares = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  const members = [member([99], upTo(99), shares[0]), member([50], upTo(99), shares[1])];
  // By hand: ranks 0.98 and 0.49.
  const mean = combineScores(members, 'rank-average').byChannel!;
  expect(mean[0]).toBeCloseTo(0.98 / 1.47, 5);
  expect(mean[0]! + mean[1]!).toBeCloseTo(1, 5);
  expect([...combineScores(members, 'max-p').byChannel!]).toEqual([1, 0]);
  expect(combineScores([members[0]!, member([1])], 'max-p').byChannel).toBeUndefined();
});

it('refuses a member without enough normal scores, or with equal ones', () => {
  expect(() => surpriseAgainst(upTo(19), 'Robust z')).toThrow(/Robust z has 19 normal scores.*20 are needed/);
  expect(() => surpriseAgainst(new Float32Array(50).fill(2), 'Robust z')).toThrow(/all equal/);
  expect(() => combineScores([member([1])], 'max-p')).toThrow(/two members/);
});
