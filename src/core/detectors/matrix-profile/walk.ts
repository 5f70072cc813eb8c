/** Neighbouring diagonals that are walked at once: each row is read once for all of them, and their sums do not wait for each other. */
export const ABREAST = 4;
/** Numbers of a position, side by side: the processor finds them with one address. The last one is the kernel's own. */
export const LANES = 4;
const [SLOPE, SUM, INVERSE, OWN] = [0, 1, 2, 3];

/**
 * [count + 3, 4] how products change from one position to the next (`slope`, `sum`), the inverse norm, and a number of the kernel's. The
 * positions after the last one are never the nearest: so many diagonals may be walked abreast to the end of the longest.
 */
export type Lanes = Float64Array;

export function lanesOf(
  slope: Float64Array,
  sum: Float64Array,
  inverse: (position: number) => number,
  own: (position: number) => number,
): Lanes {
  const lanes = new Float64Array(LANES * (slope.length + ABREAST - 1)).fill(Number.NaN);
  for (let i = 0, at = 0; i < slope.length; i++, at += LANES) {
    lanes[at + SLOPE] = slope[i]!;
    lanes[at + SUM] = sum[i]!;
    lanes[at + INVERSE] = inverse(i);
    lanes[at + OWN] = own(i);
  }
  return lanes;
}

/** Best value that a kernel kept for a position. */
export const bestOf = (lanes: Lanes, position: number): number => lanes[LANES * position + OWN]!;

/**
 * Walks `count` positions down four neighbouring diagonals, from row i with the columns j to j + 3. Keeps for each row the largest
 * product · inverse norm of the column, for each column the largest product · inverse norm of the row: both are correlations but for a factor of
 * the position's own.
 *
 * @param products - [4] of row i with the four columns, NaN for a diagonal that is left out. @param a - of the rows. @param b - of the columns.
 * @see Zhu et al. 2016 (both triangles at once), Zimmerman et al. 2019 (change of a centred product).
 */
export function keepLargest(a: Lanes, b: Lanes, i: number, j: number, count: number, products: Float64Array): void {
  let [c0, c1, c2, c3] = [products[0]!, products[1]!, products[2]!, products[3]!];
  const end = LANES * (i + count);
  for (let x = LANES * i, y = LANES * j; ;) {
    const v = a[x + 2]!;
    let best = a[x + 3]!;
    const r0 = c0 * b[y + 2]!;
    const r1 = c1 * b[y + 6]!;
    const r2 = c2 * b[y + 10]!;
    const r3 = c3 * b[y + 14]!;
    if (r0 > best) best = r0;
    if (r1 > best) best = r1;
    if (r2 > best) best = r2;
    if (r3 > best) best = r3;
    a[x + 3] = best;
    const s0 = c0 * v;
    const s1 = c1 * v;
    const s2 = c2 * v;
    const s3 = c3 * v;
    if (s0 > b[y + 3]!) b[y + 3] = s0;
    if (s1 > b[y + 7]!) b[y + 7] = s1;
    if (s2 > b[y + 11]!) b[y + 11] = s2;
    if (s3 > b[y + 15]!) b[y + 15] = s3;
    x += LANES;
    y += LANES;
    if (x >= end) return;
    const slope = a[x]!;
    const sum = a[x + 1]!;
    c0 += slope * b[y + 1]! + sum * b[y]!;
    c1 += slope * b[y + 5]! + sum * b[y + 4]!;
    c2 += slope * b[y + 9]! + sum * b[y + 8]!;
    c3 += slope * b[y + 13]! + sum * b[y + 12]!;
  }
}

/**
 * The same walk of one tag, adding the correlations to `totals` [count, 4]; the own number of a position is added to each of its
 * correlations.
 */
export function addCorrelations(
  a: Lanes,
  b: Lanes,
  i: number,
  j: number,
  count: number,
  products: Float64Array,
  totals: Float64Array,
): void {
  let [c0, c1, c2, c3] = [products[0]!, products[1]!, products[2]!, products[3]!];
  const end = LANES * (i + count);
  for (let x = LANES * i, y = LANES * j, t = 0; ; t += ABREAST) {
    const v = a[x + 2]!;
    const own = a[x + 3]!;
    totals[t] = totals[t]! + c0 * v * b[y + 2]! + (own + b[y + 3]!);
    totals[t + 1] = totals[t + 1]! + c1 * v * b[y + 6]! + (own + b[y + 7]!);
    totals[t + 2] = totals[t + 2]! + c2 * v * b[y + 10]! + (own + b[y + 11]!);
    totals[t + 3] = totals[t + 3]! + c3 * v * b[y + 14]! + (own + b[y + 15]!);
    x += LANES;
    y += LANES;
    if (x >= end) return;
    const slope = a[x]!;
    const sum = a[x + 1]!;
    c0 += slope * b[y + 1]! + sum * b[y]!;
    c1 += slope * b[y + 5]! + sum * b[y + 4]!;
    c2 += slope * b[y + 9]! + sum * b[y + 8]!;
    c3 += slope * b[y + 13]! + sum * b[y + 12]!;
  }
}

/** The largest total of each position, and which other one it is with; −1 without any. */
export class Largest {
  readonly total: Float64Array;
  readonly partner: Int32Array;

  constructor(count: number) {
    this.total = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.partner = new Int32Array(count).fill(-1);
  }

  private offer(position: number, total: number, partner: number): void {
    if (total > this.total[position]!) {
      this.total[position] = total;
      this.partner[position] = partner;
    }
  }

  /** Offers the totals of a walk to its rows and columns. */
  static keep(rows: Largest, columns: Largest, i: number, j: number, count: number, totals: Float64Array): void {
    for (let row = 0, t = 0; row < count; row++) {
      for (let q = 0; q < ABREAST; q++, t++) {
        rows.offer(i + row, totals[t]!, j + row + q);
        columns.offer(j + row + q, totals[t]!, i + row);
      }
    }
  }
}
