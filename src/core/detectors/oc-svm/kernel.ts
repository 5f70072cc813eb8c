import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';

/** Memory of the rows that are kept; the others are calculated anew. */
export const CACHE_BYTES = 128 * 2 ** 20;
/** Rows calculated at once. */
const BLOCK = 64;

/** Vectors counted from their mean, so that differences of squares lose few digits. */
export class CentredRows {
  readonly count: number;
  /** [n] squared distances from the centre. */
  readonly squares: Float32Array;
  private readonly centre: Tensor2D;
  private readonly matrix: Tensor2D;
  private readonly lengths: Tensor1D;

  /** @param rows - [n, width], n >= 1. */
  constructor(
    private readonly tf: TensorFlow,
    rows: Float32Array,
    private readonly width: number,
  ) {
    this.count = rows.length / width;
    this.centre = tf.tidy(() => tf.mean(tf.tensor2d(rows, [this.count, width]), 0, true));
    this.matrix = this.centred(rows);
    this.lengths = tf.tidy(() => tf.sum(tf.square(this.matrix), 1));
    this.squares = this.lengths.dataSync() as Float32Array;
  }

  /** [B, width] @param rows - [B, width] in the units of the constructor's. */
  centred(rows: Float32Array): Tensor2D {
    const { tf, width } = this;
    return tf.tidy(() => tf.sub(tf.tensor2d(rows, [rows.length / width, width]), this.centre));
  }

  /** [B, width] the rows with the given numbers. */
  chosen(numbers: readonly number[]): Tensor2D {
    return this.tf.gather(this.matrix, this.tf.tensor1d([...numbers], 'int32'));
  }

  /** [B, n] squared distances of centred vectors to all rows. To be called inside of tidy. */
  distances(queries: Tensor2D): Tensor2D {
    const { tf } = this;
    const own = tf.sum(tf.square(queries), 1, true);
    const products = tf.matMul(queries, this.matrix, false, true);
    return tf.relu(tf.sub(tf.add(own, this.lengths), tf.mul(2, products)));
  }

  /** Means of the rows and of their squares under weights [B, n]: two of [B, width]. To be called inside of tidy. */
  means(weights: Tensor2D): readonly [Tensor2D, Tensor2D] {
    const { tf } = this;
    return [tf.matMul(weights, this.matrix), tf.matMul(weights, tf.square(this.matrix))];
  }

  dispose(): void {
    this.tf.dispose([this.centre, this.matrix, this.lengths]);
  }
}

/** Rows of the matrix K_ij = exp(−γ |x_i − x_j|²), the last used ones kept. */
export class RbfKernel {
  readonly count: number;
  private readonly cache = new Map<number, Float32Array>();
  private readonly most: number;

  constructor(
    private readonly tf: TensorFlow,
    private readonly rows: CentredRows,
    private readonly gamma: number,
    cacheBytes = CACHE_BYTES,
  ) {
    this.count = rows.count;
    this.most = Math.max(2 * BLOCK, Math.floor(cacheBytes / 4 / this.count));
  }

  /** [n] row i; valid until other rows are asked for. */
  row(i: number): Float32Array {
    const known = this.cache.get(i);
    if (!known) return this.calculate([i])[0]!;
    this.cache.delete(i);
    this.cache.set(i, known);
    return known;
  }

  /** The given rows, in blocks. */
  *blocks(numbers: readonly number[]): Generator<readonly (readonly [number, Float32Array])[]> {
    for (let from = 0; from < numbers.length; from += BLOCK) {
      const part = numbers.slice(from, from + BLOCK);
      const missing = part.filter((i) => !this.cache.has(i));
      if (missing.length > 0) this.calculate(missing);
      yield part.map((i) => [i, this.row(i)] as const);
    }
  }

  private calculate(numbers: readonly number[]): Float32Array[] {
    const { tf, rows, gamma, count, cache } = this;
    const values = valuesOf(tf, () => tf.exp(tf.mul(-gamma, rows.distances(rows.chosen(numbers)))));
    return numbers.map((i, at) => {
      const row = values.slice(at * count, (at + 1) * count);
      cache.set(i, row);
      for (const oldest of cache.keys()) {
        if (cache.size <= this.most) break;
        cache.delete(oldest);
      }
      return row;
    });
  }
}

/** γ = 1 / (width · variance of all values), "scale" of scikit-learn. @param rows - [n, width] */
export function scaleGamma(rows: Float32Array, width: number): number {
  const mean = rows.reduce((sum, value) => sum + value, 0) / rows.length;
  const variance = rows.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows.length;
  return variance > 0 ? 1 / (width * variance) : 1;
}
