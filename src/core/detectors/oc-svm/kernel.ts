import type { Tensor2D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';

/** Memory of the rows that are kept; the others are calculated anew. */
export const CACHE_BYTES = 128 * 2 ** 20;
/** Values calculated at once: they stay in the cache from one operation to the next. */
const BLOCK_VALUES = 2 ** 19;

/** Vectors x_1..x_n for which exponents −γ|x_i − q|² are wanted; counted from their mean, so that differences of squares lose few digits. */
export class GaussianRows {
  readonly count: number;
  /** [n] squared distances from the mean. */
  readonly squares: Float32Array;
  private readonly centre: Tensor2D;
  private readonly matrix: Tensor2D;
  /** [n, width + 2] x, w − γ|x|², 1: its product with 2γq, 1, −γ|q|² is w − γ|x − q|². */
  private readonly factors: Tensor2D;

  /**
   * @param rows - [n, width], n >= 1. @param added - [n] w, added to the exponents of each row, e.g. the logarithm of its weight.
   */
  constructor(
    private readonly tf: TensorFlow,
    rows: Float32Array,
    private readonly width: number,
    private readonly gamma: number,
    added?: Float32Array,
  ) {
    this.count = rows.length / width;
    this.centre = tf.tidy(() => tf.mean(tf.tensor2d(rows, [this.count, width]), 0, true));
    this.matrix = this.centred(rows);
    this.squares = valuesOf(tf, () => tf.sum(tf.square(this.matrix), 1));
    const last = this.squares.map((square, i) => (added?.[i] ?? 0) - gamma * square);
    this.factors = tf.tidy(
      () => tf.concat([this.matrix, tf.tensor2d(last, [this.count, 1]), tf.ones([this.count, 1])], 1) as Tensor2D,
    );
  }

  /** [B, width] @param rows - [B, width] in the units of the constructor's. */
  centred(rows: Float32Array): Tensor2D {
    const { tf, width } = this;
    return tf.tidy(() => tf.sub(tf.tensor2d(rows, [rows.length / width, width]), this.centre));
  }

  /** [B, width] the rows with the given numbers, centred. */
  chosen(numbers: readonly number[]): Tensor2D {
    return this.tf.gather(this.matrix, this.tf.tensor1d([...numbers], 'int32'));
  }

  /** [B, n] exponents of centred vectors. To be called inside of tidy. */
  exponents(queries: Tensor2D): Tensor2D {
    const { tf, gamma } = this;
    const last = tf.mul(-gamma, tf.sum(tf.square(queries), 1, true));
    const left = tf.concat([tf.mul(2 * gamma, queries), tf.onesLike(last), last], 1) as Tensor2D;
    return tf.matMul(left, this.factors, false, true);
  }

  /** Means of the rows and of their squares under weights [B, n]: two of [B, width]. To be called inside of tidy. */
  means(weights: Tensor2D): readonly [Tensor2D, Tensor2D] {
    const { tf } = this;
    return [tf.matMul(weights, this.matrix), tf.matMul(weights, tf.square(this.matrix))];
  }

  dispose(): void {
    this.tf.dispose([this.centre, this.matrix, this.factors]);
  }
}

/** Rows of the matrix K_ij = exp(−γ |x_i − x_j|²), the last used ones kept. */
export class RbfKernel {
  readonly count: number;
  private readonly cache = new Map<number, Float32Array>();
  private readonly most: number;
  private readonly block: number;

  constructor(
    private readonly tf: TensorFlow,
    private readonly rows: GaussianRows,
    cacheBytes = CACHE_BYTES,
  ) {
    this.count = rows.count;
    this.block = Math.max(1, Math.floor(BLOCK_VALUES / this.count));
    this.most = Math.max(2 * this.block, Math.floor(cacheBytes / 4 / this.count));
  }

  /** [n] row i; valid until other rows are asked for. */
  row(i: number): Float32Array {
    const known = this.cache.get(i);
    if (!known) return this.calculate([i])[0]!;
    this.cache.delete(i);
    this.cache.set(i, known);
    return known;
  }

  has(i: number): boolean {
    return this.cache.has(i);
  }

  /** Calculates rows that are not known, at most a block. */
  know(numbers: readonly number[]): void {
    this.calculate(numbers.slice(0, this.block));
  }

  /** The given rows, in blocks. */
  *blocks(numbers: readonly number[]): Generator<readonly (readonly [number, Float32Array])[]> {
    for (let from = 0; from < numbers.length; from += this.block) {
      const part = numbers.slice(from, from + this.block);
      const missing = part.filter((i) => !this.cache.has(i));
      if (missing.length > 0) this.calculate(missing);
      yield part.map((i) => [i, this.row(i)] as const);
    }
  }

  private calculate(numbers: readonly number[]): Float32Array[] {
    const { tf, rows, count, cache } = this;
    const values = valuesOf(tf, () => tf.exp(rows.exponents(rows.chosen(numbers))));
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
