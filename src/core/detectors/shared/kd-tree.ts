import type { Block, Nearest } from './nearest';

/** Entries of a leaf at most: with fewer, the way down costs more than the distances it saves (measured at 8 columns). */
const LEAF = 64;
/** Entries whose distances are taken at once: sums that do not wait for each other. */
const LANES = 4;
/** Entries that decide which column is split. */
const SEEN_FOR_SPLIT = 100;
/** Bounds are sums in another order than distances: both are rounded, at most so differently. */
const SLACK = 1 + 1e-12;

/**
 * Exact nearest neighbours in few columns: vectors halved again and again at the median of their widest column.
 *
 * A half is skipped when the box that holds it, known from the gaps at the splits above it, is farther away than the k-th neighbour so far.
 *
 * @see Friedman, Bentley and Finkel 1977; distances to boxes kept up to date split by split after Arya and Mount 1993.
 */
export class KdTree {
  /** Entries whose distance was taken, over all searches. */
  looked = 0;
  private readonly inner: number;
  /** [M] entries, leaf by leaf. */
  private readonly order: Int32Array;
  /** [M / LANES, width, LANES] their values; what fills the last lanes up is NaN, which is nobody's neighbour. */
  private readonly points: Float32Array;
  /** [leaves + 1] where leaves start in the order: multiples of LANES but the last. */
  private readonly starts: Int32Array;
  /** [inner nodes] column of the split, largest value of the left half, smallest of the right one; children of node i are 2i + 1 and 2i + 2. */
  private readonly column: Int32Array;
  private readonly leftEnd: Float64Array;
  private readonly rightStart: Float64Array;
  /** [nodes] earliest and latest entry. */
  private readonly earliest: Int32Array;
  private readonly latest: Int32Array;

  private readonly query: Float64Array;
  /** [width] how far the query is outside of the box, by column. */
  private readonly outside: Float64Array;
  private own = -1;
  private leftOut: Block = { from: 0, to: 0 };
  private index = new Int32Array(0);
  private square = new Float64Array(0);
  private worst = 0;

  /** @param values - [M, width], M >= 1. */
  constructor(
    private readonly values: Float32Array,
    private readonly width: number,
  ) {
    const count = values.length / width;
    const leaves = 2 ** Math.max(0, Math.ceil(Math.log2(count / LEAF)));
    this.inner = leaves - 1;
    this.order = Int32Array.from({ length: count }, (_, entry) => entry);
    this.starts = new Int32Array(leaves + 1).fill(count);
    this.column = new Int32Array(this.inner);
    this.leftEnd = new Float64Array(this.inner);
    this.rightStart = new Float64Array(this.inner);
    this.earliest = new Int32Array(2 * leaves - 1);
    this.latest = new Int32Array(2 * leaves - 1);
    this.query = new Float64Array(width);
    this.outside = new Float64Array(width);
    this.divide(0, 0, count);
    this.points = new Float32Array(Math.ceil(count / LANES) * LANES * width).fill(Number.NaN);
    for (let i = 0; i < count; i++) {
      const [from, lane] = [this.order[i]! * width, i % LANES];
      for (let j = 0, to = (i - lane) * width + lane; j < width; j++, to += LANES) this.points[to] = values[from + j]!;
    }
  }

  /**
   * The nearest entries of one vector, nearest first, of equally near ones the earlier first.
   *
   * @param queries - [B, width]. @param own - entry that is left out; −1: none. @param leftOut - others that are.
   * @param result - of B queries, of which `row` is filled.
   */
  find(queries: Float32Array, row: number, own: number, leftOut: Block, { k, index, distance }: Nearest): void {
    const { query, width, outside } = this;
    for (let j = 0; j < width; j++) query[j] = queries[row * width + j]!;
    outside.fill(0);
    this.own = own;
    this.leftOut = leftOut;
    if (this.index.length !== k) {
      this.index = new Int32Array(k);
      this.square = new Float64Array(k);
    }
    this.index.fill(-1);
    this.square.fill(Number.POSITIVE_INFINITY);
    this.worst = Number.POSITIVE_INFINITY;
    this.descend(0, 0);
    for (let i = 0; i < k; i++) {
      index[row * k + i] = this.index[i]!;
      distance[row * k + i] = Math.sqrt(this.square[i]!);
    }
  }

  private divide(node: number, from: number, to: number): void {
    const { order, values, width, inner } = this;
    if (node >= inner) {
      this.starts[node - inner] = from;
      const entries = order.subarray(from, to);
      this.earliest[node] = entries.reduce((least, entry) => Math.min(least, entry));
      this.latest[node] = entries.reduce((most, entry) => Math.max(most, entry));
      return;
    }
    const column = this.widest(from, to);
    const middle = from + LANES * Math.round((to - from) / 2 / LANES);
    this.select(from, to - 1, middle, column);
    let leftEnd = Number.NEGATIVE_INFINITY;
    for (let i = from; i < middle; i++) leftEnd = Math.max(leftEnd, values[order[i]! * width + column]!);
    this.column[node] = column;
    this.leftEnd[node] = leftEnd;
    this.rightStart[node] = values[order[middle]! * width + column]!;
    this.divide(2 * node + 1, from, middle);
    this.divide(2 * node + 2, middle, to);
    this.earliest[node] = Math.min(this.earliest[2 * node + 1]!, this.earliest[2 * node + 2]!);
    this.latest[node] = Math.max(this.latest[2 * node + 1]!, this.latest[2 * node + 2]!);
  }

  /** The column with the largest extent, as far as some of the entries show it. */
  private widest(from: number, to: number): number {
    const { order, values, width } = this;
    const step = Math.ceil((to - from) / SEEN_FOR_SPLIT);
    let best = 0;
    let widest = -1;
    for (let j = 0; j < width; j++) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let i = from; i < to; i += step) {
        const value = values[order[i]! * width + j]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (high - low <= widest) continue;
      best = j;
      widest = high - low;
    }
    return best;
  }

  /** Brings the entry that would be at `middle` in the order of a column there, smaller ones before it (Hoare 1961). */
  private select(from: number, to: number, middle: number, column: number): void {
    const { order, values, width } = this;
    while (from < to) {
      const pivot = values[order[(from + to) >> 1]! * width + column]!;
      let i = from;
      let j = to;
      while (i <= j) {
        while (values[order[i]! * width + column]! < pivot) i++;
        while (values[order[j]! * width + column]! > pivot) j--;
        if (i > j) break;
        const held = order[i]!;
        order[i++] = order[j]!;
        order[j--] = held;
      }
      if (middle <= j) to = j;
      else if (middle >= i) from = i;
      else return;
    }
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
    // As many equal vectors as neighbours are found already: only earlier ones count. Stuck values are many equal vectors.
    if (this.worst === 0 && this.earliest[node]! > this.index[this.index.length - 1]!) return;
    if (this.latest[node]! < this.leftOut.to && this.earliest[node]! >= this.leftOut.from) return;
    this.outside[column] = distance;
    this.descend(node, own);
  }

  private scan(leaf: number): void {
    const { points, query, width, order } = this;
    const to = this.starts[leaf + 1]!;
    this.looked += to - this.starts[leaf]!;
    for (let i = this.starts[leaf]!, at = i * width; i < to; i += LANES) {
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
    const { index, square, leftOut } = this;
    const k = index.length;
    if (entry === this.own || (entry >= leftOut.from && entry < leftOut.to)) return;
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
