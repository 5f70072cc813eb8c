import { depthOf, meanPathLength, nodesOf, type Forest } from './forest';

/** Windows that go down at once, and trees whose findings are added at once. */
const AT_ONCE = 4;

/**
 * Reads windows with a forest.
 *
 * Every way down has the same number of steps, without a branch that the processor could guess wrongly: below a leaf that is higher up,
 * everything goes left, and nothing changes.
 */
export class ForestReader {
  private readonly depth: number;
  private readonly inner: number;
  private readonly trees: number;
  private readonly typical: number;
  /** [T, inner nodes] */
  private readonly column: Int32Array;
  private readonly threshold: Float32Array;
  /** [T, lowest nodes] path lengths. */
  private readonly length: Float64Array;

  /** @param limit - windows that a tree was meant to be grown on. @param size - windows that it was grown on. */
  constructor(
    private readonly forest: Forest,
    private readonly width: number,
    limit: number,
    size: number,
  ) {
    this.depth = depthOf(limit);
    this.inner = 2 ** this.depth - 1;
    const grown = forest.column.length / nodesOf(limit);
    // Trees that are missing to a full group are empty: length 0, no share.
    this.trees = Math.ceil(grown / AT_ONCE) * AT_ONCE;
    this.typical = meanPathLength(size) * grown;
    this.column = new Int32Array(this.trees * this.inner);
    this.threshold = new Float32Array(this.trees * this.inner).fill(Number.POSITIVE_INFINITY);
    this.length = new Float64Array(this.trees * (this.inner + 1));
    for (let tree = 0; tree < grown; tree++) this.complete(tree, 0, 0);
  }

  /**
   * c / E h, the usual length of a path over its mean length: 1 when nothing stands out, 2 for windows that half as many splits set apart. The
   * published score (eq. 2) is 2^(−E h / c) of it: the same order, but squeezed towards 1, where joining over a span would lose it.
   *
   * How much each tag shortens the paths: the differences of mean path lengths along the path add up to the path of this window less the
   * usual one (Saabas 2014); what lengthens it counts 0.
   *
   * @param windows - [B, width]. @param c - tags; 0: no shares are wanted. @returns points [B], energy [B, c].
   */
  read(windows: Float32Array, c: number): { readonly points: Float64Array; readonly energy: Float64Array } {
    const { width, trees } = this;
    const rows = windows.length / width;
    const filled = padded(windows, AT_ONCE * width);
    const leaves = four(() => new Int32Array(filled.length / width));
    const totals = new Float64Array(rows);
    const energy = new Float64Array(rows * c);
    const shares = four(() => new Float64Array((this.inner + 1) * c));
    for (let tree = 0; tree < trees; tree += AT_ONCE) {
      leaves.forEach((own, i) => this.descend(tree + i, filled, own));
      addRows(
        totals,
        four((i) => this.lengthsOf(tree + i)),
        leaves,
        1,
      );
      if (c === 0) continue;
      shares.forEach((table, i) => this.tabulate(tree + i, c, table));
      addRows(energy, shares, leaves, c);
    }
    return { points: totals.map((total) => this.typical / total), energy: energy.map((value) => Math.max(0, value)) };
  }

  /** Fills a tree from the grown one, of which the node `from` stands at `node`. */
  private complete(tree: number, node: number, from: number): void {
    const { forest, inner } = this;
    const grown = tree * (2 * inner + 1) + from;
    if (node >= inner) {
      this.length[tree * (inner + 1) + node - inner] = forest.length[grown]!;
      return;
    }
    const column = forest.column[grown]!;
    const at = tree * inner + node;
    if (column >= 0) {
      this.column[at] = column;
      this.threshold[at] = forest.threshold[grown]!;
    }
    this.complete(tree, 2 * node + 1, column < 0 ? from : 2 * from + 1);
    this.complete(tree, 2 * node + 2, column < 0 ? from : 2 * from + 2);
  }

  private lengthsOf(tree: number): Float64Array {
    const lowest = this.inner + 1;
    return this.length.subarray(tree * lowest, (tree + 1) * lowest);
  }

  /** @param table - [lowest nodes, c] by how much each tag shortens the path that ends there. */
  private tabulate(tree: number, c: number, table: Float64Array): void {
    table.fill(0);
    const { forest, inner, depth } = this;
    const root = tree * (2 * inner + 1);
    if (root >= forest.column.length) return;
    for (let leaf = 0; leaf <= inner; leaf++) {
      let node = 0;
      for (let level = depth - 1; level >= 0; level--) {
        const column = forest.column[root + node]!;
        if (column < 0) break;
        const next = 2 * node + 1 + ((leaf >> level) & 1);
        const at = leaf * c + (column % c);
        table[at] = table[at]! + forest.length[root + node]! - forest.length[root + next]!;
        node = next;
      }
    }
  }

  /**
   * Where a tree brings windows, four at a time: their chains of loads overlap.
   *
   * @param windows - [B, width], B >= 4. @param leaves - [B] filled with numbers of lowest nodes.
   */
  private descend(tree: number, windows: Float32Array, leaves: Int32Array): void {
    const { inner, depth, width } = this;
    const column = this.column.subarray(tree * inner, (tree + 1) * inner);
    const threshold = this.threshold.subarray(tree * inner, (tree + 1) * inner);
    for (let from = 0; from < leaves.length; from += AT_ONCE) {
      // The last ones once more, where they are no full four.
      const row = Math.min(from, leaves.length - AT_ONCE);
      const a = row * width;
      const b = a + width;
      const c = b + width;
      const d = c + width;
      let i = 0;
      let j = 0;
      let k = 0;
      let l = 0;
      for (let level = 0; level < depth; level++) {
        i = 2 * i + 1 + Number(windows[a + column[i]!]! > threshold[i]!);
        j = 2 * j + 1 + Number(windows[b + column[j]!]! > threshold[j]!);
        k = 2 * k + 1 + Number(windows[c + column[k]!]! > threshold[k]!);
        l = 2 * l + 1 + Number(windows[d + column[l]!]! > threshold[l]!);
      }
      leaves[row] = i - inner;
      leaves[row + 1] = j - inner;
      leaves[row + 2] = k - inner;
      leaves[row + 3] = l - inner;
    }
  }
}

/** Adds to each row of `into` [B, c] the four rows of the tables [lowest nodes, c] that the four trees brought it to. */
function addRows(into: Float64Array, tables: Four<Float64Array>, leaves: Four<Int32Array>, c: number): void {
  const [a, b, d, e] = tables;
  const [i, j, k, l] = leaves;
  for (let row = 0, at = 0; at < into.length; row++) {
    const p = i[row]! * c;
    const q = j[row]! * c;
    const r = k[row]! * c;
    const s = l[row]! * c;
    for (let tag = 0; tag < c; tag++, at++) into[at] = into[at]! + (a[p + tag]! + b[q + tag]! + (d[r + tag]! + e[s + tag]!));
  }
}

/** Values followed by zeros, at least `least` of them. */
function padded(values: Float32Array, least: number): Float32Array {
  if (values.length >= least) return values;
  const result = new Float32Array(least);
  result.set(values);
  return result;
}

type Four<A> = readonly [A, A, A, A];

const four = <A>(make: (i: number) => A): Four<A> => [make(0), make(1), make(2), make(3)];
