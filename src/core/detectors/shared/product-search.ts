import type { Tensor2D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';
import type { Block, Nearest } from './nearest';

/** Values of one block of products: bounds the memory whatever the number of vectors. */
const BLOCK_VALUES = 4_000_000;
/** Unit roundoff of float32 and of float64. */
const ROUNDOFF = 2 ** -24;
const FINE_ROUNDOFF = 2 ** -53;
/** Smallest normal float32: a smaller term of a product may become 0. */
const SMALLEST = 2 ** -126;
/** A product so large may leave float32. */
const LARGEST = 2 ** 127;

/**
 * Exact nearest neighbours in any number of columns.
 *
 * A float32 matrix product on the engine (|b|² − 2ab) sorts out the candidates: everything that can be among the k nearest when each
 * product is as wrong as its length allows (Higham 2002, eq. 3.5). Their distances are then taken in float64, so that the result is that
 * of a direct search, bit by bit, on every engine.
 */
export class ProductSearch {
  readonly count: number;
  private readonly matrix: Tensor2D;
  private readonly squares: Float64Array;
  private readonly longest: number;

  /** @param values - [M, width], M >= 1; kept by reference. */
  constructor(
    private readonly tf: TensorFlow,
    readonly values: Float32Array,
    readonly width: number,
  ) {
    this.count = values.length / width;
    this.matrix = tf.tensor2d(values, [this.count, width]);
    this.squares = squaresOf(values, width);
    this.longest = Math.sqrt(this.squares.reduce((most, square) => Math.max(most, square), 0));
  }

  /** @param queries - [B, width]. @param own - [B] entry that each query leaves out. @param leftOut - by all. @param result - of B queries, filled. */
  find(queries: Float32Array, own: Int32Array | undefined, leftOut: Block, result: Nearest): void {
    const { width, count } = this;
    const rows = queries.length / width;
    const search = new Search(this, result.k);
    const block = Math.max(1, Math.floor(BLOCK_VALUES / count));
    const lengths = squaresOf(queries, width);
    for (let from = 0; from < rows; from += block) {
      const part = queries.subarray(from * width, Math.min(rows, from + block) * width);
      const products = this.products(part);
      for (let i = 0; i < part.length / width; i++) {
        const row = from + i;
        const margin = this.margin(Math.sqrt(lengths[row]!));
        search.candidates(products.subarray(i * count, (i + 1) * count), this.squares, margin, own?.[row] ?? -1, leftOut);
        search.nearest(queries, row, result);
      }
    }
  }

  /**
   * Errors of two products and of two direct distances: those of the k-th nearest and of a candidate. Infinite where a product may leave
   * float32: it then says nothing.
   *
   * @param length - of the query.
   */
  private margin(length: number): number {
    const { longest, width } = this;
    const size = length * longest;
    if (size > LARGEST) return Number.POSITIVE_INFINITY;
    return 4 * (width + 2) * (ROUNDOFF * size + SMALLEST + FINE_ROUNDOFF * (length + longest) ** 2);
  }

  private products(queries: Float32Array): Float32Array {
    const { tf, width } = this;
    return valuesOf(tf, () => tf.matMul(tf.tensor2d(queries, [queries.length / width, width]), this.matrix, false, true));
  }

  dispose(): void {
    this.matrix.dispose();
  }
}

/** The search of one query at a time, in buffers of its own. */
class Search {
  private found = 0;
  private limit = Number.POSITIVE_INFINITY;
  private readonly entries: Int32Array;
  private readonly rough: Float64Array;
  private readonly best: Float64Array;

  constructor(
    private readonly memory: ProductSearch,
    private readonly k: number,
  ) {
    this.entries = new Int32Array(memory.count);
    this.rough = new Float64Array(memory.count);
    this.best = new Float64Array(k);
  }

  /** Collects the entries whose rough distance is within `margin` of the k-th smallest; |a|² is the same for all and left out. */
  candidates(products: Float32Array, squares: Float64Array, margin: number, own: number, { from, to }: Block): void {
    const { best, entries, rough, k } = this;
    best.fill(Number.POSITIVE_INFINITY);
    let worst = Number.POSITIVE_INFINITY;
    let limit = worst;
    let found = 0;
    for (let j = 0; j < products.length; j++) {
      const d = squares[j]! - 2 * products[j]!;
      if (d > limit || j === own || (j >= from && j < to)) continue;
      entries[found] = j;
      rough[found++] = d;
      if (!(d < worst)) continue;
      insert(best, k, d);
      worst = best[k - 1]!;
      limit = worst + margin;
    }
    this.found = found;
    this.limit = limit;
  }

  /** Exact distances of the candidates; the k smallest into row `row` of the result. */
  nearest(queries: Float32Array, row: number, { index, distance }: Nearest): void {
    const { k, found, limit, entries, rough } = this;
    const indexes = index.subarray(row * k, (row + 1) * k);
    const distances = distance.subarray(row * k, (row + 1) * k).fill(Number.POSITIVE_INFINITY);
    for (let i = 0; i < found; i++) {
      if (rough[i]! > limit) continue;
      const square = this.squaredDistance(queries, row, entries[i]!);
      if (!(square < distances[k - 1]!)) continue;
      const place = insert(distances, k, square);
      indexes.copyWithin(place + 1, place, k - 1);
      indexes[place] = entries[i]!;
    }
    for (let i = 0; i < k; i++) distances[i] = Math.sqrt(distances[i]!);
  }

  private squaredDistance(queries: Float32Array, row: number, entry: number): number {
    const { values, width } = this.memory;
    let sum = 0;
    for (let j = 0, a = row * width, b = entry * width; j < width; j++, a++, b++) {
      const d = queries[a]! - values[b]!;
      sum += d * d;
    }
    return sum;
  }
}

/** Puts a value into its place of an ascending list of length k, whose last falls out; equal ones stay before it. */
function insert(sorted: Float64Array, k: number, value: number): number {
  let place = k - 1;
  while (place > 0 && sorted[place - 1]! > value) {
    sorted[place] = sorted[place - 1]!;
    place--;
  }
  sorted[place] = value;
  return place;
}

function squaresOf(values: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, row) => {
    let sum = 0;
    for (let j = row * width; j < (row + 1) * width; j++) sum += values[j]! * values[j]!;
    return sum;
  });
}
