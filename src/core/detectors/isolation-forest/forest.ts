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

/** Splits above a leaf at most. */
export const depthOf = (windows: number): number => Math.ceil(Math.log2(Math.max(2, windows)));

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
