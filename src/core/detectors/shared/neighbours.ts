import type { Tensor2D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';

/**
 * Remembered vectors, asked for the distance to the k-th nearest one.
 *
 * Candidates come from a float32 matrix product (|a|² + |b|² − 2ab); the distance itself is then taken directly in float64, because
 * the product loses digits where a distance is small against the vectors.
 */
export class NeighbourMemory {
  private readonly matrix: Tensor2D;
  private readonly squares: Float64Array;
  readonly count: number;

  /** @param values - [M, width], M >= 1; kept by reference. */
  constructor(
    private readonly tf: TensorFlow,
    readonly values: Float32Array,
    private readonly width: number,
    private readonly k: number,
  ) {
    this.count = values.length / width;
    this.matrix = tf.tensor2d(values, [this.count, width]);
    this.squares = Float64Array.from({ length: this.count }, (_, row) => {
      let sum = 0;
      for (let j = row * width; j < (row + 1) * width; j++) sum += values[j]! * values[j]!;
      return sum;
    });
  }

  /** @param queries - [B, width]. @returns [B] Euclidean distance to the k-th nearest entry (the furthest when there are fewer). */
  distances(queries: Float32Array): Float64Array {
    const { tf, width, count } = this;
    const rows = queries.length / width;
    const products = valuesOf(tf, () => tf.matMul(tf.tensor2d(queries, [rows, width]), this.matrix, false, true));
    const k = Math.min(this.k, count);
    const nearest = new Float64Array(k);
    const index = new Int32Array(k);
    const result = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      nearest.fill(Number.POSITIVE_INFINITY);
      let worst = Number.POSITIVE_INFINITY;
      const at = row * count;
      for (let j = 0; j < count; j++) {
        // |a|² is the same for all entries: left out of the comparison.
        const d = this.squares[j]! - 2 * products[at + j]!;
        if (d >= worst) continue;
        let place = k - 1;
        while (place > 0 && nearest[place - 1]! > d) {
          nearest[place] = nearest[place - 1]!;
          index[place] = index[place - 1]!;
          place--;
        }
        nearest[place] = d;
        index[place] = j;
        worst = nearest[k - 1]!;
      }
      let furthest = 0;
      for (const entry of index) furthest = Math.max(furthest, this.squaredDistance(queries, row, entry));
      result[row] = Math.sqrt(furthest);
    }
    return result;
  }

  private squaredDistance(queries: Float32Array, row: number, entry: number): number {
    let sum = 0;
    const a = row * this.width;
    const b = entry * this.width;
    for (let j = 0; j < this.width; j++) {
      const d = queries[a + j]! - this.values[b + j]!;
      sum += d * d;
    }
    return sum;
  }

  dispose(): void {
    this.matrix.dispose();
  }
}
