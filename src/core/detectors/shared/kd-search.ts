import type { KdTree } from './kd-tree';
import type { Nearest } from './nearest';

/** Entries whose distances are taken at once: sums that do not wait for each other. */
export const LANES = 4;
/** Bounds are sums in another order than distances: both are rounded, at most so differently. */
const SLACK = 1 + 1e-12;

/** Vectors, the tree that is asked for their neighbours, and where these are written. */
export interface TreeQueries extends KdTree, Nearest {
  /** [B, width] */
  readonly queries: Float32Array;
  /** [B] entry that each leaves out; −1: none. */
  readonly own: Int32Array;
  /** Entries that all leave out, half-open. */
  readonly leftOutFrom: number;
  readonly leftOutTo: number;
}

/** Finds the neighbours of the queries `from`..`to`. @returns how many distances were taken. */
export function searchTree(given: TreeQueries, from: number, to: number): number {
  const search = new TreeSearch(given);
  for (let row = from; row < to; row++) search.find(row);
  return search.looked;
}

/**
 * Exact nearest neighbours, nearest first, of equally near ones the earlier first.
 *
 * A half of the tree is skipped when the box that holds it, known from the gaps at the splits above it, is farther away than the k-th
 * neighbour so far.
 *
 * @see Arya and Mount 1993, for distances to boxes that are kept up to date split by split.
 */
class TreeSearch {
  looked = 0;
  // Of the tree, what every step reads.
  private readonly width: number;
  private readonly inner: number;
  private readonly order: Int32Array;
  private readonly points: Float32Array;
  private readonly starts: Int32Array;
  private readonly column: Int32Array;
  private readonly leftEnd: Float64Array;
  private readonly rightStart: Float64Array;
  private readonly earliest: Int32Array;
  private readonly latest: Int32Array;
  private readonly leftOutFrom: number;
  private readonly leftOutTo: number;
  private readonly query: Float64Array;
  /** [width] how far the query is outside of the box, by column. */
  private readonly outside: Float64Array;
  private own = -1;
  private readonly index: Int32Array;
  private readonly square: Float64Array;
  private worst = 0;

  constructor(private readonly given: TreeQueries) {
    const { width, column, k } = given;
    this.width = width;
    this.inner = column.length;
    this.order = given.order;
    this.points = given.points;
    this.starts = given.starts;
    this.column = column;
    this.leftEnd = given.leftEnd;
    this.rightStart = given.rightStart;
    this.earliest = given.earliest;
    this.latest = given.latest;
    this.leftOutFrom = given.leftOutFrom;
    this.leftOutTo = given.leftOutTo;
    this.query = new Float64Array(width);
    this.outside = new Float64Array(width);
    this.index = new Int32Array(k);
    this.square = new Float64Array(k);
  }

  find(row: number): void {
    const { query, given, square } = this;
    const { queries, width, k, index, distance } = given;
    for (let j = 0; j < width; j++) query[j] = queries[row * width + j]!;
    this.outside.fill(0);
    this.own = given.own[row]!;
    this.index.fill(-1);
    square.fill(Number.POSITIVE_INFINITY);
    this.worst = Number.POSITIVE_INFINITY;
    this.descend(0, 0);
    index.set(this.index, row * k);
    for (let i = 0; i < k; i++) distance[row * k + i] = Math.sqrt(square[i]!);
  }

  /** @param bound - squared distance to the box of the node, known to lie within reach. */
  private descend(node: number, bound: number): void {
    if (node >= this.inner) {
      this.scan(node - this.inner);
      return;
    }
    const { outside } = this;
    const column = this.column[node]!;
    const value = this.query[column]!;
    const before = outside[column]!;
    const toLeft = Math.max(before, value - this.leftEnd[node]!);
    const toRight = Math.max(before, this.rightStart[node]! - value);
    const near = toLeft <= toRight ? 2 * node + 1 : 2 * node + 2;
    this.enter(near, column, Math.min(toLeft, toRight), bound, before);
    this.enter(4 * node + 3 - near, column, Math.max(toLeft, toRight), bound, before);
    outside[column] = before;
  }

  private enter(node: number, column: number, distance: number, bound: number, before: number): void {
    const own = bound + (distance * distance - before * before);
    if (own > this.worst * SLACK) return;
    const earliest = this.earliest[node]!;
    // As many equal vectors as neighbours are found already: only earlier ones count. Stuck values are many equal vectors.
    if (this.worst === 0 && earliest > this.index[this.index.length - 1]!) return;
    if (this.latest[node]! < this.leftOutTo && earliest >= this.leftOutFrom) return;
    this.outside[column] = distance;
    this.descend(node, own);
  }

  private scan(leaf: number): void {
    const { query, points, order, starts } = this;
    // A whole number to the compiler too, whatever it was calculated from: indices are otherwise calculated in float64, in twice the time.
    const width = this.width | 0;
    const to = starts[leaf + 1]!;
    this.looked += to - starts[leaf]!;
    for (let i = starts[leaf]!, at = i * width; i < to; i += LANES) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let j = 0; j < width; j++, at += LANES) {
        const value = query[j]!;
        const toA = value - points[at]!;
        const toB = value - points[at + 1]!;
        const toC = value - points[at + 2]!;
        const toD = value - points[at + 3]!;
        a += toA * toA;
        b += toB * toB;
        c += toC * toC;
        d += toD * toD;
      }
      if (a <= this.worst) this.keep(order[i]!, a);
      if (b <= this.worst) this.keep(order[i + 1]!, b);
      if (c <= this.worst) this.keep(order[i + 2]!, c);
      if (d <= this.worst) this.keep(order[i + 3]!, d);
    }
  }

  private keep(entry: number, value: number): void {
    const { index, square } = this;
    const k = index.length;
    if (entry === this.own || (entry >= this.leftOutFrom && entry < this.leftOutTo)) return;
    if (value === this.worst && entry > index[k - 1]! && index[k - 1]! >= 0) return;
    let place = k - 1;
    while (place > 0 && (square[place - 1]! > value || (square[place - 1]! === value && index[place - 1]! > entry))) {
      square[place] = square[place - 1]!;
      index[place] = index[place - 1]!;
      place--;
    }
    square[place] = value;
    index[place] = entry;
    this.worst = square[k - 1]!;
  }
}
