import type { Tensor2D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';

/** Weight s of the spherical part in the shrunk covariance, unless told otherwise. */
const SHRINKAGE = 0.1;

/** Everything is float32, because it is stored with a model: a restored model must give the same bits. */
export interface Whitening {
  /** [d] */
  readonly mean: Float32Array;
  /** [d, d] transposed inverse of the Cholesky factor G of the shrunk covariance: r̃ = (r − mean)·inverse. */
  readonly inverse: Float32Array;
  /** [d] diagonal of the shrunk covariance. */
  readonly variance: Float32Array;
}

/**
 * Mean and shrunk covariance C' = (1 − s) C + (s·trace(C)/d + 1e-9)·I = G Gᵀ of some rows.
 *
 * @param rows - [N, d] residuals. @param use - the rows that count.
 * @see Ledoit and Wolf 2004 for the form of the shrinkage; its weight is given here, not estimated.
 */
export function fitWhitening(tf: TensorFlow, rows: Float32Array, d: number, use: Int32Array, shrinkage = SHRINKAGE): Whitening {
  const mean = new Float64Array(d);
  for (const row of use) for (let j = 0; j < d; j++) mean[j] = mean[j]! + rows[row * d + j]! / use.length;
  const covariance = new Float64Array(d * d);
  const chunk = 2048;
  for (let from = 0; from < use.length; from += chunk) {
    const part = use.subarray(from, from + chunk);
    const centred = new Float32Array(part.length * d);
    part.forEach((row, i) => {
      for (let j = 0; j < d; j++) centred[i * d + j] = rows[row * d + j]! - mean[j]!;
    });
    const sums = valuesOf(tf, () => {
      const matrix = tf.tensor2d(centred, [part.length, d]);
      return tf.matMul(matrix, matrix, true, false);
    });
    for (let j = 0; j < sums.length; j++) covariance[j] = covariance[j]! + sums[j]! / use.length;
  }
  let trace = 0;
  for (let j = 0; j < d; j++) trace += covariance[j * d + j]!;
  for (let j = 0; j < covariance.length; j++) covariance[j] = (1 - shrinkage) * covariance[j]!;
  for (let j = 0; j < d; j++) covariance[j * d + j] = covariance[j * d + j]! + (shrinkage * trace) / d + 1e-9;
  return {
    mean: Float32Array.from(mean),
    inverse: Float32Array.from(invertedTransposedCholesky(covariance, d)),
    variance: Float32Array.from({ length: d }, (_, j) => covariance[j * d + j]!),
  };
}

/** (r − mean)·G⁻ᵀ for each row of [B, d]. */
export class Whitener {
  private readonly mean: Tensor2D;
  private readonly inverse: Tensor2D;

  constructor(
    private readonly tf: TensorFlow,
    readonly fitted: Whitening,
  ) {
    const d = fitted.mean.length;
    this.mean = tf.tensor2d(fitted.mean, [1, d]);
    this.inverse = tf.tensor2d(fitted.inverse, [d, d]);
  }

  apply(rows: Float32Array): Float32Array {
    const { tf } = this;
    const d = this.fitted.mean.length;
    return valuesOf(tf, () => tf.matMul(tf.sub(tf.tensor2d(rows, [rows.length / d, d]), this.mean) as Tensor2D, this.inverse));
  }

  dispose(): void {
    this.tf.dispose([this.mean, this.inverse]);
  }
}

/** G⁻ᵀ of a symmetric positive definite matrix G Gᵀ, [d, d] upper triangular, float64. */
export function invertedTransposedCholesky(matrix: Float64Array, d: number): Float64Array {
  const g = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * d + j]!;
      for (let k = 0; k < j; k++) sum -= g[i * d + k]! * g[j * d + k]!;
      g[i * d + j] = i === j ? Math.sqrt(sum) : sum / g[j * d + j]!;
    }
  }
  // Row i of `result` is column i of G⁻¹, found by forward substitution with the i-th unit vector.
  const result = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    const at = i * d;
    result[at + i] = 1 / g[at + i]!;
    for (let row = i + 1; row < d; row++) {
      let sum = 0;
      for (let k = i; k < row; k++) sum -= g[row * d + k]! * result[at + k]!;
      result[at + row] = sum / g[row * d + row]!;
    }
  }
  return result;
}
