import { LANES } from './kd-search';
import { sharedArray } from './row-crew';

/** Entries of a leaf at most: with fewer, the way down costs more than the distances it saves (measured at 8 columns). */
const LEAF = 64;
/** Entries that decide which column is split. */
const SEEN_FOR_SPLIT = 100;

/**
 * Vectors halved again and again at the median of their widest column; children of node i are 2i + 1 and 2i + 2, and leaves come last. Its
 * arrays are shared among threads.
 *
 * @see Friedman, Bentley and Finkel 1977.
 */
export interface KdTree {
  readonly width: number;
  /** [M] entries, leaf by leaf. */
  readonly order: Int32Array;
  /** [M / LANES, width, LANES] their values; what fills the last lanes up is NaN, which is nobody's neighbour. */
  readonly points: Float32Array;
  /** [leaves + 1] where leaves start in the order: multiples of LANES but the last. */
  readonly starts: Int32Array;
  /** [inner nodes] column of the split, largest value of the left half, smallest of the right one. */
  readonly column: Int32Array;
  readonly leftEnd: Float64Array;
  readonly rightStart: Float64Array;
  /** [nodes] earliest and latest entry. */
  readonly earliest: Int32Array;
  readonly latest: Int32Array;
}

/** @param values - [M, width], M >= 1. */
export function plantTree(values: Float32Array, width: number): KdTree {
  const count = values.length / width;
  const leaves = 2 ** Math.max(0, Math.ceil(Math.log2(count / LEAF)));
  const tree = {
    ...{ width, order: sharedArray(Int32Array, count), starts: sharedArray(Int32Array, leaves + 1).fill(count) },
    points: sharedArray(Float32Array, Math.ceil(count / LANES) * LANES * width).fill(Number.NaN),
    column: sharedArray(Int32Array, leaves - 1),
    ...{ leftEnd: sharedArray(Float64Array, leaves - 1), rightStart: sharedArray(Float64Array, leaves - 1) },
    ...{ earliest: sharedArray(Int32Array, 2 * leaves - 1), latest: sharedArray(Int32Array, 2 * leaves - 1) },
  };
  for (let entry = 0; entry < count; entry++) tree.order[entry] = entry;
  new Planter(values, tree).divide(0, 0, count);
  for (let i = 0; i < count; i++) {
    const [from, lane] = [tree.order[i]! * width, i % LANES];
    for (let j = 0, to = (i - lane) * width + lane; j < width; j++, to += LANES) tree.points[to] = values[from + j]!;
  }
  return tree;
}

class Planter {
  constructor(
    private readonly values: Float32Array,
    private readonly tree: KdTree,
  ) {}

  divide(node: number, from: number, to: number): void {
    const { values, tree } = this;
    const { order, width, earliest, latest } = tree;
    const inner = tree.column.length;
    if (node >= inner) {
      tree.starts[node - inner] = from;
      const entries = order.subarray(from, to);
      earliest[node] = entries.reduce((least, entry) => Math.min(least, entry));
      latest[node] = entries.reduce((most, entry) => Math.max(most, entry));
      return;
    }
    const column = this.widest(from, to);
    const middle = from + LANES * Math.round((to - from) / 2 / LANES);
    this.select(from, to - 1, middle, column);
    let leftEnd = Number.NEGATIVE_INFINITY;
    for (let i = from; i < middle; i++) leftEnd = Math.max(leftEnd, values[order[i]! * width + column]!);
    tree.column[node] = column;
    tree.leftEnd[node] = leftEnd;
    tree.rightStart[node] = values[order[middle]! * width + column]!;
    this.divide(2 * node + 1, from, middle);
    this.divide(2 * node + 2, middle, to);
    earliest[node] = Math.min(earliest[2 * node + 1]!, earliest[2 * node + 2]!);
    latest[node] = Math.max(latest[2 * node + 1]!, latest[2 * node + 2]!);
  }

  /** The column with the largest extent, as far as some of the entries show it. */
  private widest(from: number, to: number): number {
    const { values } = this;
    const { order, width } = this.tree;
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
    const { values } = this;
    const { order, width } = this.tree;
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
}
