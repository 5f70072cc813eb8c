/** Trees whose nodes stand side by side, and that go on together. */
export const TREES_AT_ONCE = 4;

/** What reading windows with a forest needs and gives. */
export interface ForestReading {
  /** Splits above every lowest node. */
  readonly depth: number;
  /** Usual length of all paths together. */
  readonly typical: number;
  /** [groups, inner nodes, 4] column that is looked at. */
  readonly column: Int32Array;
  /** [groups, inner nodes, 4] values up to it go left. */
  readonly threshold: Float32Array;
  /** [groups, nodes, 4] mean path lengths, those of the lowest nodes last. */
  readonly length: Float32Array;
  /** [B, width] and at least one more window, of any values. */
  readonly windows: Float32Array;
  readonly width: number;
  /** 0: no energy is wanted. */
  readonly tags: number;
  /** [B] and one more: written. */
  readonly points: Float64Array;
  /** [B, tags] and one row more: written. */
  readonly energy: Float64Array;
}

/**
 * Reads the windows `from`..`to`; `from` is even.
 *
 * Sums of path lengths are exact in float64 (lengths are float32 from 1 to some tens), so that their order does not matter.
 */
export function readWithForest(reading: ForestReading, from: number, to: number): void {
  const { depth, typical, column, length, points, energy, tags } = reading;
  const inner = 2 ** depth - 1;
  const shares = new Float64Array((inner + 1) * TREES_AT_ONCE * tags);
  points.fill(0, from, to);
  energy.fill(0, from * tags, to * tags);
  for (let group = 0; group * TREES_AT_ONCE * inner < column.length; group++) {
    const part = <A extends Float32Array | Int32Array>(values: A, nodes: number): A =>
      values.subarray(group * nodes * TREES_AT_ONCE, (group + 1) * nodes * TREES_AT_ONCE) as A;
    const trees = {
      column: part(column, inner),
      threshold: part(reading.threshold, inner),
      length: part(length, 2 * inner + 1),
    };
    if (tags > 0) tabulate(trees, depth, tags, shares);
    descend(reading, trees, shares, from, to);
  }
  for (let row = from; row < to; row++) points[row] = typical / points[row]!;
  for (let at = from * tags; at < to * tags; at++) energy[at] = Math.max(0, energy[at]!);
}

type Trees = Pick<ForestReading, 'column' | 'threshold' | 'length'>;

/** @param shares - [lowest nodes, 4, tags] by how much each tag shortens the path that ends there: written. */
function tabulate({ column, length }: Trees, depth: number, tags: number, shares: Float64Array): void {
  shares.fill(0);
  for (let level = 1; level <= depth; level++) {
    const below = 2 ** (depth - level);
    for (let i = 0; i < 2 ** level; i++) {
      const child = 2 ** level - 1 + i;
      for (let tree = 0; tree < TREES_AT_ONCE; tree++) {
        const parent = ((child - 1) >> 1) * TREES_AT_ONCE + tree;
        const gain = length[parent]! - length[child * TREES_AT_ONCE + tree]!;
        if (gain === 0) continue;
        const tag = column[parent]! % tags;
        for (let lowest = i * below; lowest < (i + 1) * below; lowest++) {
          const at = (lowest * TREES_AT_ONCE + tree) * tags + tag;
          shares[at] = shares[at]! + gain;
        }
      }
    }
  }
}

/**
 * Takes two windows through four trees at once: their chains of loads overlap.
 *
 * Every way down has the same number of steps, without a branch that the processor could guess wrongly. A node is counted by its place among
 * those of four trees, 4 i + tree: its children, 2 i + 1 and 2 i + 2, stand at twice this place + 4 − tree and 4 further.
 */
function descend(reading: ForestReading, trees: Trees, shares: Float64Array, from: number, to: number): void {
  const { windows, points, energy } = reading;
  const { column, threshold, length } = trees;
  // Whole numbers to the compiler too, whatever they were calculated from.
  const width = reading.width | 0;
  const depth = reading.depth | 0;
  const tags = reading.tags | 0;
  const lowest = column.length;
  for (let row = from; row < to; row += 2) {
    const first = row * width;
    const second = first + width;
    let a = 0;
    let b = 1;
    let c = 2;
    let d = 3;
    let e = 0;
    let f = 1;
    let g = 2;
    let h = 3;
    for (let level = 0; level < depth; level++) {
      a = 2 * a + 4 + 4 * Number(windows[first + column[a]!]! > threshold[a]!);
      b = 2 * b + 3 + 4 * Number(windows[first + column[b]!]! > threshold[b]!);
      c = 2 * c + 2 + 4 * Number(windows[first + column[c]!]! > threshold[c]!);
      d = 2 * d + 1 + 4 * Number(windows[first + column[d]!]! > threshold[d]!);
      e = 2 * e + 4 + 4 * Number(windows[second + column[e]!]! > threshold[e]!);
      f = 2 * f + 3 + 4 * Number(windows[second + column[f]!]! > threshold[f]!);
      g = 2 * g + 2 + 4 * Number(windows[second + column[g]!]! > threshold[g]!);
      h = 2 * h + 1 + 4 * Number(windows[second + column[h]!]! > threshold[h]!);
    }
    points[row] = points[row]! + (length[a]! + length[b]! + (length[c]! + length[d]!));
    points[row + 1] = points[row + 1]! + (length[e]! + length[f]! + (length[g]! + length[h]!));
    for (let tag = 0; tag < tags; tag++) {
      const at = row * tags + tag;
      const own = shares[(a - lowest) * tags + tag]! + shares[(b - lowest) * tags + tag]!;
      energy[at] = energy[at]! + (own + (shares[(c - lowest) * tags + tag]! + shares[(d - lowest) * tags + tag]!));
    }
    for (let tag = 0; tag < tags; tag++) {
      const at = (row + 1) * tags + tag;
      const own = shares[(e - lowest) * tags + tag]! + shares[(f - lowest) * tags + tag]!;
      energy[at] = energy[at]! + (own + (shares[(g - lowest) * tags + tag]! + shares[(h - lowest) * tags + tag]!));
    }
  }
}
