import { hotellingLimit, squaredErrorLimit } from '../pca/limits';
import { symmetricEigen } from '../shared/symmetric-eigen';
import { matrixProduct, transposed } from './matrix';
import type { Variates } from './model';

export type Statistic = 'combined' | 'states' | 'residual' | 'q';

/** A statistic of standardised pasts x as the quadratic form xᵀMx, with the control limit of theory. */
export interface Form {
  /** [d, d] */
  readonly matrix: Float64Array;
  readonly limit: number;
}

/**
 * T² of the states, T² of what the states leave of the past, and Q, the squared difference of the past from its states led back.
 *
 * @param k - number of states. @see Chiang, Russell and Braatz 2001, chapter 7; Russell, Chiang and Braatz 2000.
 */
export function formsOf(
  { states, precision, covariance, mean, rows }: Variates,
  k: number,
  confidence: number,
): Readonly<Record<Exclude<Statistic, 'combined'>, Form>> {
  const d = mean.length;
  const kept = states.slice(0, k * d);
  const ofStates = matrixProduct(transposed(kept, k, d), kept, d);
  const left = ofStates.map((value, i) => (i % (d + 1) === 0 ? 1 : 0) - value);
  const ofLeft = matrixProduct(left, left, d);
  const spread = symmetricEigen(matrixProduct(matrixProduct(left, covariance, d), left, d), d).values;
  // The limit of T² needs more rows than dimensions.
  const limit = (dimensions: number): number => hotellingLimit(rows, Math.max(1, Math.min(dimensions, rows - 2)), confidence);
  return {
    states: { matrix: ofStates, limit: limit(k) },
    residual: { matrix: precision.map((value, i) => value - ofStates[i]!), limit: limit(d - k) },
    q: { matrix: ofLeft, limit: Math.max(squaredErrorLimit(spread, confidence), Number.EPSILON) },
  };
}

/** Forms over their limits, added. */
export function sumOfForms(forms: readonly Form[]): Float64Array {
  return forms
    .map(({ matrix, limit }) => matrix.map((value) => value / limit))
    .reduce((sum, part) => sum.map((value, i) => value + part[i]!));
}

/** Least eigenvalue of a root's square, as a share of the largest: without any, a tag's part could not be told. */
const LEAST = 1e-8;

/** [d, d] symmetric B with BᵀB = M for a form M that is never negative but for rounding. */
export function rootOf(matrix: Float64Array, d: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, d);
  const stretched = vectors.map((value, i) => value * Math.sqrt(Math.max(LEAST * values[0]!, values[Math.floor(i / d)]!)));
  return matrixProduct(transposed(vectors, d, d), stretched, d);
}
