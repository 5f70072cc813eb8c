import type { RunContext } from '../detector';
import { FLAT_CORRELATION, type Subsequences, type SubsequenceSet } from './subsequences';

/** Rows between two looks at whether to stop. */
const ROWS_A_LOOK = 128;
/** Positions after which products are taken anew, so that their rounding does not add up. */
const ROWS_A_SEED = 2048;

/** Correlations that differ from 1 by less are 1, as in STUMPY: of almost flat subsequences only rounding is left. */
export const ROUNDING = 1e-8;

/** Positions of the memory that a query may not be compared with, half-open. */
export type Excluded = (position: number) => readonly [from: number, to: number];

/**
 * For each subsequence of the queries the squared z-normalised Euclidean distance to the nearest of the memory, by tag.
 *
 * Products with all of the memory go from one position to the next in a step each, so that a pair costs the same whatever the length.
 *
 * @param joint - one neighbour for all tags together: the one with the least sum; else each tag has its own.
 * @returns [count, c] NaN where the query may not be used or nothing is left to compare it with.
 * @see Yeh et al. 2016; Zimmerman et al. 2019 (SCAMP, the products of centred values).
 */
export async function nearestSquares(
  queries: SubsequenceSet,
  memory: SubsequenceSet,
  joint: boolean,
  excluded: Excluded,
  run: Pick<RunContext, 'checkpoint'>,
): Promise<Float64Array> {
  const c = queries.tags.length;
  const result = new Float64Array(queries.count * c).fill(Number.NaN);
  const walks = queries.tags.map((tag, j) => new Walk(tag, memory.tags[j]!, queries.length));
  const totals = new Float64Array(memory.count);
  for (let i = 0; i < queries.count; i++) {
    if (i % ROWS_A_LOOK === 0) await run.checkpoint();
    for (const walk of walks) walk.to(i);
    if (Number.isNaN(queries.tags[0]!.shift[i]!)) continue;
    const [from, to] = excluded(i);
    if (joint && c > 1) {
      totals.fill(0);
      for (const walk of walks) walk.addTo(totals);
    }
    const common = joint && c > 1 ? largest(totals, from, to) : -1;
    walks.forEach((walk, j) => {
      const correlation = joint && c > 1 ? (common < 0 ? Number.NaN : walk.with(common)) : walk.best(from, to);
      result[i * c + j] = 2 * queries.length * (correlation > 1 - ROUNDING ? 0 : 1 - correlation);
    });
  }
  return result;
}

/** Position of the largest value outside of `from`..`to`; NaN is none; −1 without any. */
function largest(values: Float64Array, from: number, to: number): number {
  let [best, most] = [-1, Number.NEGATIVE_INFINITY];
  for (let j = 0; j < values.length; j++) {
    if (j === from && to > j) j = to;
    if (values[j]! > most) {
      most = values[j]!;
      best = j;
    }
  }
  return best;
}

/** One tag's products of a query, at one position after the other, with the whole memory. */
class Walk {
  /** [memory] Σ (x − mean)(y − mean). */
  private readonly products: Float64Array;
  private position = 0;

  constructor(
    private readonly query: Subsequences,
    private readonly memory: Subsequences,
    private readonly length: number,
  ) {
    this.products = new Float64Array(memory.means.length);
  }

  /** To the next position, from 0 on. */
  to(position: number): void {
    const { products, memory, query } = this;
    this.position = position;
    if (position % ROWS_A_SEED === 0) {
      for (let j = 0; j < products.length; j++) products[j] = this.product(j);
      return;
    }
    const [slope, sum] = [query.slope[position]!, query.sum[position]!];
    const [slopes, sums] = [memory.slope, memory.sum];
    for (let j = products.length - 1; j > 0; j--) products[j] = products[j - 1]! + slope * sums[j]! + sum * slopes[j]!;
    products[0] = this.product(0);
  }

  private product(j: number): number {
    const { query, memory, position, length } = this;
    const mean = query.means[position]!;
    const other = memory.means[j]!;
    let total = 0;
    for (let k = 0; k < length; k++) total += (query.values[position + k]! - mean) * (memory.values[j + k]! - other);
    return total;
  }

  /** Largest correlation outside of `from`..`to`; NaN without any. */
  best(from: number, to: number): number {
    const most = Math.max(this.bestIn(0, from), this.bestIn(Math.max(from, to), this.products.length));
    return most === Number.NEGATIVE_INFINITY ? Number.NaN : most;
  }

  private bestIn(from: number, to: number): number {
    const { products, memory, query, position } = this;
    const { inverse, shift } = memory;
    const own = query.inverse[position]!;
    let most = Number.NEGATIVE_INFINITY;
    if (own === 0) {
      for (let j = Math.max(0, from); j < Math.min(to, products.length); j++)
        if (shift[j]! >= 0) most = Math.max(most, this.with(j));
      return most;
    }
    for (let j = Math.max(0, from); j < Math.min(to, products.length); j++) {
      const correlation = products[j]! * inverse[j]! * own + shift[j]!;
      if (correlation > most) most = correlation;
    }
    return most;
  }

  /** Correlation with one entry of the memory; NaN for one that may not be used. */
  with(j: number): number {
    const own = this.query.inverse[this.position]!;
    const shift = this.memory.shift[j]!;
    // Two flat ones are equal; `shift` of a flat one is that with another.
    if (own === 0) return FLAT_CORRELATION + shift;
    return this.products[j]! * this.memory.inverse[j]! * own + shift;
  }

  addTo(totals: Float64Array): void {
    for (let j = 0; j < totals.length; j++) totals[j] = totals[j]! + Math.min(1, this.with(j));
  }
}
