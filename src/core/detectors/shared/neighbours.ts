import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';

/** Entries that are looked at together: only the smallest of their approximate distances is read back. */
const GROUP = 8;
/** Values of a distance between two looks at whether it is already too large. */
const STRIDE = 8;
/** Of an entry that is none. */
const FAR = 3e38;

/**
 * Remembered vectors, asked for the distance to the k-th nearest one.
 *
 * Approximate distances are a float32 matrix product, (a, 1)·(−2b, |b|²) = |a − b|² − |a|², both counted from the mean of the memory. The
 * k nearest entries lie in the k groups with the smallest ones; the distances to all entries of these are then taken directly in
 * float64, because the product loses digits where a distance is small against the vectors.
 */
export class NeighbourMemory {
  private readonly matrix: Tensor2D;
  private readonly centre: Float32Array;
  private readonly groups: number;
  readonly count: number;

  /** @param values - [M, width], M >= 1; kept by reference. */
  constructor(
    private readonly tf: TensorFlow,
    readonly values: Float32Array,
    private readonly width: number,
    private readonly k: number,
  ) {
    this.count = values.length / width;
    this.groups = Math.ceil(this.count / GROUP);
    this.centre = meanOf(values, width);
    const columns = width + 1;
    const matrix = new Float32Array(this.groups * GROUP * columns);
    for (let entry = 0; entry < this.groups * GROUP; entry++) {
      let squares = entry < this.count ? 0 : FAR;
      for (let j = 0; j < width && entry < this.count; j++) {
        const value = values[entry * width + j]! - this.centre[j]!;
        matrix[entry * columns + j] = -2 * value;
        squares += value * value;
      }
      matrix[entry * columns + width] = Math.min(squares, FAR);
    }
    this.matrix = tf.tensor2d(matrix, [this.groups * GROUP, columns]);
  }

  /** @param queries - [B, width]. @returns [B] Euclidean distance to the k-th nearest entry (the furthest when there are fewer). */
  distances(queries: Float32Array): Float64Array {
    const rows = queries.length / this.width;
    const minima = this.groupMinima(queries, rows);
    const groups = new Smallest(Math.min(this.k, this.groups));
    const nearest = new Smallest(Math.min(this.k, this.count));
    const result = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      groups.clear();
      let worst = groups.worst;
      for (let g = 0, at = row * this.groups; g < this.groups; g++) {
        if (minima[at + g]! < worst) worst = groups.add(minima[at + g]!, g);
      }
      nearest.clear();
      worst = nearest.worst;
      for (let i = 0; i < groups.items.length; i++) {
        for (let entry = groups.items[i]!; entry < this.count; entry += this.groups) {
          const squared = this.squaredDistance(queries, row, entry, worst);
          if (squared < worst) worst = nearest.add(squared, entry);
        }
      }
      result[row] = Math.sqrt(worst);
    }
    return result;
  }

  /** [B, groups]; group g holds the entries g, g + groups, g + 2·groups, … */
  private groupMinima(queries: Float32Array, rows: number): Float32Array {
    const { tf, width, centre } = this;
    const centred = new Float32Array(rows * (width + 1)).fill(1);
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < width; j++) centred[row * (width + 1) + j] = queries[row * width + j]! - centre[j]!;
    }
    return valuesOf(tf, () => {
      const products = tf.matMul(tf.tensor2d(centred, [rows, width + 1]), this.matrix, false, true);
      return tf.min(tf.reshape(products, [rows, GROUP, this.groups]) as Tensor3D, 1);
    });
  }

  /** Given up, with some number that is no less, as soon as it is not below `limit`. */
  private squaredDistance(queries: Float32Array, row: number, entry: number, limit: number): number {
    const { values, width } = this;
    const a = row * width;
    const b = entry * width;
    let sum = 0;
    for (let j = 0; j < width && sum < limit;) {
      for (const end = Math.min(j + STRIDE, width); j < end; j++) {
        const d = queries[a + j]! - values[b + j]!;
        sum += d * d;
      }
    }
    return sum;
  }

  dispose(): void {
    this.matrix.dispose();
  }
}

/** The smallest values that were added, with their items. */
class Smallest {
  private readonly values: Float64Array;
  readonly items: Int32Array;

  constructor(private readonly size: number) {
    this.values = new Float64Array(size);
    this.items = new Int32Array(size);
  }

  clear(): void {
    this.values.fill(Number.POSITIVE_INFINITY);
  }

  /** What a value must be below to be one of them. */
  get worst(): number {
    return this.values[this.size - 1]!;
  }

  /** @returns `worst` afterwards. */
  add(value: number, item: number): number {
    let place = this.size - 1;
    for (; place > 0 && this.values[place - 1]! > value; place--) {
      this.values[place] = this.values[place - 1]!;
      this.items[place] = this.items[place - 1]!;
    }
    this.values[place] = value;
    this.items[place] = item;
    return this.worst;
  }
}

function meanOf(rows: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) sums[i % width] = sums[i % width]! + rows[i]!;
  return Float32Array.from(sums, (sum) => (sum * width) / rows.length);
}
