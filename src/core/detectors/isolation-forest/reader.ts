import { alone, sharedArray, type RowCrew } from '../shared/row-crew';
import { TREES_AT_ONCE, type ForestReading } from './descend';
import { depthOf, meanPathLength, nodesOf, type Forest } from './forest';

/** Windows that a thread reads at least: it tabulates the shares of all trees for them. */
const LEAST_WINDOWS = 4096;

/** Reads windows with a forest. */
export class ForestReader {
  private readonly trees: Pick<ForestReading, 'depth' | 'typical' | 'column' | 'threshold' | 'length'>;

  /** @param limit - windows that a tree was meant to be grown on. @param size - windows that it was grown on. */
  constructor(
    private readonly forest: Forest,
    private readonly width: number,
    private readonly limit: number,
    size: number,
    private readonly crew: RowCrew = alone,
  ) {
    const nodes = nodesOf(limit);
    const grown = forest.column.length / nodes;
    // Trees that are missing to a full group are empty: length 0, no share.
    const trees = Math.ceil(grown / TREES_AT_ONCE) * TREES_AT_ONCE;
    const inner = (nodes - 1) / 2;
    this.trees = {
      depth: depthOf(limit),
      typical: meanPathLength(size) * grown,
      column: sharedArray(Int32Array, trees * inner),
      threshold: sharedArray(Float32Array, trees * inner).fill(Number.POSITIVE_INFINITY),
      length: sharedArray(Float32Array, trees * nodes),
    };
    for (let tree = 0; tree < grown; tree++) this.complete(tree, 0, 0);
  }

  /**
   * c / E h, the usual length of a path over its mean length: 1 when nothing stands out, 2 for windows that half as many splits set apart. The
   * published score (eq. 2) is 2^(−E h / c) of it: the same order, but squeezed towards 1, where joining over a span would lose it.
   *
   * How much each tag shortens the paths: the differences of mean path lengths along the path add up to the path of this window less the
   * usual one (Saabas 2014); what lengthens it counts 0.
   *
   * @param windows - [B, width]. @param tags - 0: no shares are wanted. @returns points [B], energy [B, tags].
   */
  read(windows: Float32Array, tags: number): { readonly points: Float64Array; readonly energy: Float64Array } {
    const { width } = this;
    const rows = windows.length / width;
    const room = sharedArray(Float32Array, (rows + 1) * width);
    room.set(windows);
    const points = sharedArray(Float64Array, rows + 1);
    const energy = sharedArray(Float64Array, (rows + 1) * tags);
    const reading = { ...this.trees, windows: room, width, tags, points, energy };
    this.crew.run('isolation-forest', reading, rows, LEAST_WINDOWS);
    return { points: points.subarray(0, rows), energy: energy.subarray(0, rows * tags) };
  }

  /** Fills a tree from the grown one, of which the node `from` stands at `node`: below a leaf that is higher up, all nodes are that leaf. */
  private complete(tree: number, node: number, from: number): void {
    const { forest, limit, trees } = this;
    const nodes = nodesOf(limit);
    const inner = (nodes - 1) / 2;
    const grown = tree * nodes + from;
    const group = Math.floor(tree / TREES_AT_ONCE);
    const among = TREES_AT_ONCE * node + (tree % TREES_AT_ONCE);
    trees.length[group * nodes * TREES_AT_ONCE + among] = forest.length[grown]!;
    if (node >= inner) return;
    const column = forest.column[grown]!;
    if (column >= 0) {
      trees.column[group * inner * TREES_AT_ONCE + among] = column;
      trees.threshold[group * inner * TREES_AT_ONCE + among] = forest.threshold[grown]!;
    }
    this.complete(tree, 2 * node + 1, column < 0 ? from : 2 * from + 1);
    this.complete(tree, 2 * node + 2, column < 0 ? from : 2 * from + 2);
  }
}
