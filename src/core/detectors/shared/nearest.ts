import type { TensorFlow } from '../detector';
import { searchTree, type TreeQueries } from './kd-search';
import { plantTree, type KdTree } from './kd-tree';
import { ProductSearch } from './product-search';
import { alone, sharedArray } from './row-crew';
import { chosenRows } from './window-detector';

/** Columns up to which a tree is tried. */
const MOST_TREE_COLUMNS = 24;
/** Entries from which a tree is tried. */
const FEWEST_FOR_TREE = 2000;
/** Searches that decide whether the tree stays. */
const TRIALS = 16;
/** An entry costs the products as much as so many columns of a distance cost the tree (measured at 8 columns, one core). */
const PRODUCTS_COST = 5;
/** Queries of a tree that are worth being handed to another thread: a few milliseconds. */
const LEAST_SHARED = 64;

/** Consecutive entries, half-open. */
export interface Block {
  readonly from: number;
  readonly to: number;
}

export const NO_BLOCK: Block = { from: 0, to: 0 };

export interface Nearest {
  readonly k: number;
  /** [B, k] entries, nearest first; of equally near ones the earlier comes first. */
  readonly index: Int32Array;
  /** [B, k] Euclidean distances, ascending, exact in float64. */
  readonly distance: Float64Array;
}

/**
 * Remembered vectors, asked for the k nearest ones: by a tree where it leaves most of them out, else by matrix products on the engine. Both
 * give the result of a direct search in float64, bit by bit.
 */
export class NearestRows {
  readonly count: number;
  private tree: KdTree | null | undefined;
  private products: ProductSearch | undefined;

  /** @param values - [M, width], M >= 1; kept by reference. @param crew - shares the queries of a tree. */
  constructor(
    private readonly tf: TensorFlow,
    readonly values: Float32Array,
    readonly width: number,
    private readonly crew = alone,
  ) {
    this.count = values.length / width;
  }

  /**
   * @param queries - [B, width]. @param k - at most as many entries as are not left out.
   * @param own - [B] the entry that each query is: none is its own neighbour. @param leftOut - entries that are nobody's neighbour.
   */
  find(queries: Float32Array, k: number, own?: Int32Array, leftOut = NO_BLOCK): Nearest {
    const rows = queries.length / this.width;
    const result = resultOf(rows, k);
    if (this.tree === undefined) this.tree = this.plantTree(k);
    if (this.tree) {
      this.crew.run('kd-tree', askedOf(this.tree, queries, own, leftOut, result), rows, LEAST_SHARED);
    } else {
      this.products ??= new ProductSearch(this.tf, this.values, this.width);
      this.products.find(queries, own, leftOut, result);
    }
    return result;
  }

  /** @returns null where searching some of the entries themselves looks at too many others. */
  private plantTree(k: number): KdTree | null {
    const { count, values, width } = this;
    if (width > MOST_TREE_COLUMNS || count < FEWEST_FOR_TREE) return null;
    const tree = plantTree(values, width);
    const some = Int32Array.from({ length: TRIALS }, (_, i) => Math.floor((i * count) / TRIALS));
    const looked = searchTree(askedOf(tree, chosenRows(values, width, some), undefined, NO_BLOCK, resultOf(TRIALS, k)), 0, TRIALS);
    return looked * width < PRODUCTS_COST * TRIALS * count ? tree : null;
  }

  /** Frees its tensors; a later search takes new ones. */
  dispose(): void {
    this.products?.dispose();
    this.products = undefined;
  }
}

function resultOf(rows: number, k: number): Nearest {
  return { k, index: sharedArray(Int32Array, rows * k), distance: sharedArray(Float64Array, rows * k) };
}

function askedOf(
  tree: KdTree,
  queries: Float32Array,
  own: Int32Array | undefined,
  { from, to }: Block,
  result: Nearest,
): TreeQueries {
  const shared = sharedArray(Float32Array, queries.length);
  shared.set(queries);
  const each = sharedArray(Int32Array, queries.length / tree.width);
  if (own) each.set(own);
  else each.fill(-1);
  return { ...tree, ...result, queries: shared, own: each, leftOutFrom: from, leftOutTo: to };
}
