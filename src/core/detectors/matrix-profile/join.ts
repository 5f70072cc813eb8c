import type { RunContext } from '../detector';
import { FLAT_CORRELATION, type Subsequences, type SubsequenceSet } from './subsequences';
import { ABREAST, addCorrelations, bestOf, keepLargest, lanesOf, Largest } from './walk';

/** Pairs between two looks at whether to stop: some milliseconds. */
const PAIRS_A_LOOK = 2 ** 22;
/**
 * Positions after which products are taken anew, so that their rounding does not add up and what is in use stays in the cache; at least so
 * many lengths, because a product costs a length.
 */
const ROWS_A_SEED = 4096;
const LENGTHS_A_SEED = 16;

/** Multiples of it fill 0 to 1 evenly and are in step with no rhythm of the data. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Correlations that differ from 1 by less are 1, as in STUMPY: of almost flat subsequences only rounding is left. */
export const ROUNDING = 1e-8;

/** Differences (position in the memory − position of the query) that are not compared, half-open. */
export type Excluded = readonly [from: number, to: number];
export const NOTHING: Excluded = [0, 0];

export interface JoinOptions {
  /** One neighbour for all tags together: the one with the least sum; else each tag has its own. */
  readonly joint: boolean;
  readonly excluded: Excluded;
  /** Part of the diagonals that is walked, 0 to 1. */
  readonly share?: number;
  /** Told now and then which part is done. */
  readonly tell?: (done: number) => void;
}

/**
 * For each subsequence of the queries the squared z-normalised Euclidean distance to the nearest of the memory, by tag.
 *
 * Products go from one position to the next of a diagonal in a step each, so that a pair costs the same whatever the length; of a set
 * with itself each pair is looked at once. Memory: four numbers a position of one tag; of all tags with `joint`.
 *
 * With a share below 1 only as many of the diagonals are walked, evenly spread: distances are then those to the nearest of that part of
 * the pairs, at least the true ones.
 *
 * @returns [count, c] NaN where the query may not be used or nothing is left to compare it with.
 * @see Yeh et al. 2016; Zhu et al. 2018 (SCRIMP, some of the diagonals); Zimmerman et al. 2019 (SCAMP, the products of centred values).
 */
export async function nearestSquares(
  queries: SubsequenceSet,
  memory: SubsequenceSet,
  options: JoinOptions,
  run: Pick<RunContext, 'checkpoint'>,
): Promise<Float64Array> {
  const c = queries.tags.length;
  const walker = new Walker(queries, memory, options, run);
  const result = new Float64Array(queries.count * c).fill(Number.NaN);
  const put = (i: number, tag: number, correlation: number): void => {
    result[i * c + tag] = 2 * queries.length * (correlation > 1 - ROUNDING ? 0 : 1 - correlation);
  };
  if (options.joint && c > 1) {
    const partner = await jointPartners(walker);
    for (let i = 0; i < queries.count; i++) {
      const j = partner[i]!;
      if (j >= 0)
        queries.tags.forEach((tag, number) => put(i, number, correlation(tag, i, memory.tags[number]!, j, queries.length)));
    }
    return result;
  }
  for (let tag = 0; tag < c; tag++) {
    const best = await ownCorrelations(walker, tag);
    for (let i = 0; i < queries.count; i++) put(i, tag, best[i]!);
  }
  return result;
}

/** Largest correlation of each query with one of the memory; NaN without any. */
async function ownCorrelations(walker: Walker, number: number): Promise<Float64Array> {
  const { queries, memory, options } = walker;
  const { excluded } = options;
  const [query, known] = [queries.tags[number]!, memory.tags[number]!];
  const lanes = ({ slope, sum, inverse, shift }: Subsequences) =>
    lanesOf(
      slope,
      sum,
      (i) => (Number.isNaN(shift[i]!) ? Number.NaN : inverse[i]!),
      () => Number.NEGATIVE_INFINITY,
    );
  const own = lanes(query);
  const other = walker.self ? own : lanes(known);
  const products = new Float64Array(ABREAST);
  await walker.walk((turned, i, j, count, diagonals) => {
    const [a, b] = turned ? [known, query] : [query, known];
    for (let q = 0; q < ABREAST; q++) products[q] = q < diagonals ? product(a, i, b, j + q, queries.length) : Number.NaN;
    keepLargest(turned ? other : own, turned ? own : other, i, j, count, products);
  });
  // What is flat has no product; whether there is any to be compared with is enough.
  const flat = placesOf(known, (j) => known.inverse[j] === 0 && !Number.isNaN(known.shift[j]!));
  const usable = placesOf(known, (j) => !Number.isNaN(known.shift[j]!));
  const comparable = ([first, last]: readonly [number, number], i: number): boolean =>
    first < i + excluded[0] || last >= i + excluded[1];
  return query.inverse.map((inverse, i) => {
    if (Number.isNaN(query.shift[i]!) || !comparable(usable, i)) return Number.NaN;
    const withFlat = comparable(flat, i);
    if (inverse === 0) return withFlat ? 2 * FLAT_CORRELATION : FLAT_CORRELATION;
    const best = bestOf(own, i) * inverse;
    const most = withFlat ? Math.max(best, FLAT_CORRELATION) : best;
    return most === Number.NEGATIVE_INFINITY ? Number.NaN : most;
  });
}

/** First and last position with a property; without any, such that nothing is before the one or after the other. */
function placesOf({ means }: Subsequences, has: (position: number) => boolean): readonly [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let j = 0; j < means.length; j++) {
    if (!has(j)) continue;
    first = Math.min(first, j);
    last = j;
  }
  return [first, last];
}

/** Position in the memory with the largest sum of correlations over the tags; −1 without any. */
async function jointPartners(walker: Walker): Promise<Int32Array> {
  const { queries, memory } = walker;
  const lanes = ({ slope, sum, inverse, shift }: Subsequences) =>
    lanesOf(
      slope,
      sum,
      (i) => inverse[i]!,
      (i) => shift[i]!,
    );
  const own = queries.tags.map(lanes);
  const other = walker.self ? own : memory.tags.map(lanes);
  const found = new Largest(queries.count);
  const back = walker.self ? found : new Largest(memory.count);
  const products = new Float64Array(ABREAST);
  const totals = new Float64Array(ABREAST * walker.rows);
  await walker.walk((turned, i, j, count, diagonals) => {
    totals.fill(0, 0, ABREAST * count);
    queries.tags.forEach((query, number) => {
      const known = memory.tags[number]!;
      const [a, b] = turned ? [known, query] : [query, known];
      for (let q = 0; q < ABREAST; q++) products[q] = q < diagonals ? product(a, i, b, j + q, queries.length) : Number.NaN;
      addCorrelations((turned ? other : own)[number]!, (turned ? own : other)[number]!, i, j, count, products, totals);
    });
    Largest.keep(turned ? back : found, turned ? found : back, i, j, count, totals);
  });
  return found.partner;
}

/** Σ (x − mean)(y − mean) */
function product(a: Subsequences, i: number, b: Subsequences, j: number, length: number): number {
  const [x, y] = [a.values, b.values];
  const [mean, other] = [a.means[i]!, b.means[j]!];
  let total = 0;
  for (let k = 0; k < length; k++) total += (x[i + k]! - mean) * (y[j + k]! - other);
  return total;
}

/** NaN with one that may not be used. */
function correlation(a: Subsequences, i: number, b: Subsequences, j: number, length: number): number {
  return product(a, i, b, j, length) * a.inverse[i]! * b.inverse[j]! + a.shift[i]! + b.shift[j]!;
}

/**
 * Works on `count` pairs down each of up to four neighbouring diagonals, from row i with the columns from j on. Rows are of the queries and
 * columns of the memory; turned, it is the other way.
 */
type Step = (turned: boolean, i: number, j: number, count: number, diagonals: number) => void;

/** Neighbouring diagonals on one side of the middle: row i with column i + k, from <= k < to. */
interface Stripe {
  readonly turned: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly from: number;
  readonly to: number;
}

/** All pairs that are to be compared, in blocks of rows. */
class Walker {
  /** Rows of a block. */
  readonly rows: number;
  /** A set with itself, where each pair serves both: its lanes are then one. */
  readonly self: boolean;

  constructor(
    readonly queries: SubsequenceSet,
    readonly memory: SubsequenceSet,
    readonly options: JoinOptions,
    private readonly run: Pick<RunContext, 'checkpoint'>,
  ) {
    const [from, to] = options.excluded;
    this.self = queries === memory && to > 0 && from === 1 - to;
    this.rows = Math.max(ROWS_A_SEED, LENGTHS_A_SEED * queries.length);
  }

  async walk(step: Step): Promise<void> {
    const { share = 1, tell } = this.options;
    const stripes = this.stripes();
    const total = stripes.reduce((sum, stripe) => sum + pairsOf(stripe), 0);
    let [done, looked] = [0, Number.NEGATIVE_INFINITY];
    for (const { turned, rows, columns, from, to } of stripes) {
      for (let top = 0; top < rows; top += this.rows) {
        for (let k = from; k < Math.min(to, columns - top); k += ABREAST) {
          if (done - looked > PAIRS_A_LOOK) {
            await this.run.checkpoint();
            tell?.(done / total);
            looked = done;
          }
          const count = Math.min(this.rows, rows - top, columns - top - k);
          done += ABREAST * count;
          if ((((k - from) / ABREAST) * GOLDEN) % 1 < share)
            step(turned, top, top + k, count, Math.min(ABREAST, to - k, columns - top - k));
        }
      }
    }
  }

  private stripes(): Stripe[] {
    const [from, to] = this.options.excluded;
    const after = { turned: false, rows: this.queries.count, columns: this.memory.count };
    const before = { turned: true, rows: this.memory.count, columns: this.queries.count };
    if (this.self) return [{ ...after, from: to, to: after.columns }];
    return [
      { ...after, from: 0, to: Math.min(from, after.columns) },
      { ...after, from: Math.max(0, to), to: after.columns },
      { ...before, from: 1, to: Math.min(1 - to, before.columns) },
      { ...before, from: Math.max(1, 1 - from), to: before.columns },
    ];
  }
}

function pairsOf({ rows, columns, from, to }: Stripe): number {
  let pairs = 0;
  for (let k = from; k < to; k++) pairs += Math.min(rows, columns - k);
  return pairs;
}
