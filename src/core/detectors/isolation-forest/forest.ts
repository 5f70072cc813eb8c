import type { Random } from '../../random';

/**
 * Trees in heap order: the children of node i are 2i + 1 and 2i + 2, so that a tree is as many numbers as its depth allows.
 *
 * Float32 because it is stored with a model; values are float32 as well, so that comparing them loses nothing.
 */
export interface Forest {
  /** [T, nodes] column that is looked at; −1 in a leaf. */
  readonly column: Float32Array;
  /** [T, nodes] values up to it go left. */
  readonly threshold: Float32Array;
  /** [T, nodes] mean path length of the tree's own windows that come through the node. */
  readonly length: Float32Array;
}

/** Nodes of a tree on so many windows: it is not grown deeper than a balanced one (Liu, Ting and Zhou 2008, algorithm 2). */
export function nodesOf(windows: number): number {
  return 2 ** (depthOf(windows) + 1) - 1;
}

const depthOf = (windows: number): number => Math.ceil(Math.log2(Math.max(2, windows)));

/** Mean length of an unsuccessful search in a binary tree of n entries, eq. 1: what a leaf with n windows would still have below it. */
export function meanPathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}

/**
 * Grows trees, each on windows of its own drawn without replacement.
 *
 * @param rows - [S, width]. @param use - numbers of the windows that may be drawn. @param size - windows of a tree, at most as many.
 */
export async function growForest(
  rows: Float32Array,
  width: number,
  use: Int32Array,
  { trees, size }: { readonly trees: number; readonly size: number },
  random: Random,
  pause: () => Promise<void>,
): Promise<Forest> {
  const nodes = nodesOf(size);
  const forest = {
    column: new Float32Array(trees * nodes).fill(-1),
    threshold: new Float32Array(trees * nodes),
    length: new Float32Array(trees * nodes),
  };
  const pool = use.slice();
  const columns = Int32Array.from({ length: width }, (_, j) => j);
  for (let tree = 0; tree < trees; tree++) {
    await pause();
    const own = random.fork(`tree ${tree}`);
    const grower = new Grower(rows, width, columns, forest, tree * nodes, depthOf(size), own);
    grower.grow(drawFirst(pool, size, own), 0, 0);
  }
  return forest;
}

/** Brings `count` items drawn without replacement to the front (Fisher and Yates, stopped early). */
function drawFirst(pool: Int32Array, count: number, random: Random): Int32Array {
  const most = Math.min(count, pool.length);
  for (let i = 0; i < most; i++) swap(pool, i, i + random.int(pool.length - i));
  return pool.subarray(0, most);
}

function swap(items: Int32Array, i: number, j: number): void {
  const held = items[i]!;
  items[i] = items[j]!;
  items[j] = held;
}

class Grower {
  private threshold = 0;

  constructor(
    private readonly rows: Float32Array,
    private readonly width: number,
    /** Every column, in any order: scratch. */
    private readonly columns: Int32Array,
    private readonly forest: Forest,
    private readonly root: number,
    private readonly depth: number,
    private readonly random: Random,
  ) {}

  /** Splits until windows are alone, alike, or as deep as allowed. @param members - sorted into both sides on the way. */
  grow(members: Int32Array, node: number, above: number): void {
    const { forest, root } = this;
    const at = root + node;
    const column = above < this.depth && members.length > 1 ? this.drawSplit(members) : -1;
    if (column < 0) {
      forest.length[at] = above + meanPathLength(members.length);
      return;
    }
    forest.column[at] = column;
    forest.threshold[at] = this.threshold;
    const left = this.divide(members, column);
    const [l, r] = [2 * node + 1, 2 * node + 2];
    this.grow(members.subarray(0, left), l, above + 1);
    this.grow(members.subarray(left), r, above + 1);
    const right = members.length - left;
    forest.length[at] = (left * forest.length[root + l]! + right * forest.length[root + r]!) / members.length;
  }

  /** Windows that go left to the front. @returns how many. */
  private divide(members: Int32Array, column: number): number {
    const { rows, width, threshold } = this;
    let left = 0;
    for (let i = 0; i < members.length; i++) {
      if (rows[members[i]! * width + column]! <= threshold) swap(members, left++, i);
    }
    return left;
  }

  /** Draws a column in which the windows differ, and a threshold between their extremes. @returns −1 when all windows are alike. */
  private drawSplit(members: Int32Array): number {
    const { rows, width, columns, random } = this;
    for (let left = width; left > 0; left--) {
      swap(columns, random.int(left), left - 1);
      const column = columns[left - 1]!;
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < members.length; i++) {
        const value = rows[members[i]! * width + column]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (!(high > low)) continue;
      const threshold = Math.fround(low + random.next() * (high - low));
      // Rounding may reach the largest value, and nothing would go right.
      this.threshold = threshold < high ? threshold : low;
      return column;
    }
    return -1;
  }
}

/** Reads windows with a forest. */
export class ForestReader {
  private readonly column: Int32Array;
  private readonly nodes: number;
  private readonly trees: number;
  private readonly typical: number;

  /** @param limit - windows that a tree was meant to be grown on. @param size - windows that it was grown on. */
  constructor(
    private readonly forest: Forest,
    private readonly width: number,
    limit: number,
    size: number,
  ) {
    this.column = Int32Array.from(forest.column);
    this.nodes = nodesOf(limit);
    this.trees = forest.column.length / this.nodes;
    this.typical = meanPathLength(size);
  }

  /**
   * c / E h, the usual length of a path over its mean length: 1 when nothing stands out, 2 for windows that half as many splits set apart. The
   * published score (eq. 2) is 2^(−E h / c) of it: the same order, but squeezed towards 1, where joining over a span would lose it.
   *
   * How much each tag shortens the paths: the differences of mean path lengths along the path add up to the path of this window less the
   * usual one (Saabas 2014); what lengthens it counts 0.
   *
   * @param windows - [B, width]. @param c - tags. @returns points [B], energy [B, c].
   */
  read(windows: Float32Array, c: number): { readonly points: Float64Array; readonly energy: Float64Array } {
    const { trees, nodes, typical, width } = this;
    const totals = new Float64Array(windows.length / width);
    const energy = new Float64Array(totals.length * c);
    // Tree by tree, so that one tree and the windows stay near.
    for (let tree = 0; tree < trees; tree++) this.descend(tree * nodes, windows, totals, energy, c);
    return { points: totals.map((total) => (typical * trees) / total), energy: energy.map((value) => Math.max(0, value)) };
  }

  private descend(root: number, windows: Float32Array, totals: Float64Array, energy: Float64Array, c: number): void {
    const { nodes, width } = this;
    const column = this.column.subarray(root, root + nodes);
    const threshold = this.forest.threshold.subarray(root, root + nodes);
    const length = this.forest.length.subarray(root, root + nodes);
    for (let row = 0; row < totals.length; row++) {
      let node = 0;
      let before = length[0]!;
      for (let j = column[0]!; j >= 0; j = column[node]!) {
        node = 2 * node + (windows[row * width + j]! <= threshold[node]! ? 1 : 2);
        const after = length[node]!;
        const tag = row * c + (j % c);
        energy[tag] = energy[tag]! + before - after;
        before = after;
      }
      totals[row] = totals[row]! + before;
    }
  }
}
