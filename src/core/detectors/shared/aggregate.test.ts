import { expect, it } from 'vitest';
import { randomFrom } from '../../random';
import { causalScore, reviewScore, sharesOverSpan } from './aggregate';

const segments = [
  { start: 0, end: 37 },
  { start: 37, end: 40 },
  { start: 40, end: 90 },
  { start: 90, end: 92 },
];
const [window, span] = [3, 7];

/** s_t of 92 rows, NaN before the first full window of each segment. */
function somePoints(): Float64Array {
  const random = randomFrom(5);
  const points = Float64Array.from({ length: 92 }, () => 2 * random.next());
  for (const { start } of segments) points.fill(Number.NaN, start, start + window - 1);
  return points;
}

/** The definition, term by term. */
function powerMean(points: Float64Array, row: number, rows: number): number {
  const part = points.slice(row - (rows - window), row + 1);
  return (part.reduce((sum, s) => sum + s ** 4, 0) / part.length) ** 0.25;
}

it('the causal score is the power mean over the rows that end at each row', () => {
  const points = somePoints();
  const score = causalScore(points, { segments }, window, span);
  for (const { start, end } of segments) {
    for (let row = start; row < end; row++) {
      if (row < start + span - 1) expect(score[row]).toBeNaN();
      else expect(score[row]).toBeCloseTo(powerMean(points, row, span), 5);
    }
  }
});

it('the review score looks as far ahead as back, and is nowhere else', () => {
  const points = somePoints();
  const review = reviewScore(points, { segments }, window, span);
  for (const { start, end } of segments) {
    for (let row = start; row < end; row++) {
      const exists = row >= start + 2 * span - 1 && row + 2 * span - 1 < end;
      // Power means over 14 rows that end at rows t..t+13.
      const means = Array.from({ length: 2 * span }, (_, i) => powerMean(points, row + i, 2 * span));
      if (!exists) expect(review[row], `row ${row}`).toBeNaN();
      else expect(review[row]).toBeCloseTo(means.reduce((sum, mean) => sum + mean, 0) / means.length, 5);
    }
  }
  expect(review.filter((value) => !Number.isNaN(value))).toHaveLength(37 - 26 + 50 - 26);
});

it('the review score of one unusual row is highest at that row and falls alike on both sides', () => {
  const [at, width, length] = [100, 4, 10];
  // Windows of 4 rows: four points hold the row.
  const points = Float64Array.from({ length: 201 }, (_, t) => (t >= at && t < at + width ? 50 : 1)).fill(Number.NaN, 0, width - 1);
  const review = reviewScore(points, { segments: [{ start: 0, end: 201 }] }, width, length);
  for (let d = 1; d <= 30; d++) {
    expect(review[at - d]).toBeCloseTo(review[at + d]!, 3);
    if (d < 2 * length) expect(review[at - d]).toBeLessThan(review[at - d + 1]!);
  }
});

it('weighs the shares of the rows behind a score as the score does', () => {
  const points = Float64Array.of(Number.NaN, 1, 2, 1);
  const score = causalScore(points, { segments: [{ start: 0, end: 4 }] }, 2, 3);
  const shares = Float32Array.of(0, 0, 1, 0, 0.25, 0.75, 0, 1);
  const byTag = sharesOverSpan(score, points, shares, 2, 2, 3);
  // Row 2: weights 1 and 16; tag 1 has 1·1 + 16·0.25 = 5 of 17. Row 3: 16·0.25 of 17.
  expect(byTag[4]).toBeCloseTo(5 / 17, 6);
  expect(byTag[6]).toBeCloseTo(4 / 17, 6);
  expect(byTag[7]).toBeCloseTo(13 / 17, 6);
  expect([...byTag.slice(0, 4)].every(Number.isNaN)).toBe(true);
  expect([...sharesOverSpan(score, points, new Float32Array(0), 1, 2, 3)].slice(2)).toEqual([1, 1]);
});
