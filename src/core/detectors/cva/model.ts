import type { Rows } from '../shared/covariance';
import { momentsOf, referenceOf, standardised, without } from '../shared/covariance';
import { symmetricEigen } from '../shared/symmetric-eigen';
import { invertedTransposedCholesky } from '../shared/whitening';
import { matrixProduct, transposed } from './matrix';

/** Canonical variates of past and future in units of standardised columns. */
export interface Variates {
  /** [d] of the past, in the units of the data. */
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** [d, d] of the past. */
  readonly covariance: Float64Array;
  /** [d, d] its inverse. */
  readonly precision: Float64Array;
  /** [r] canonical correlations, descending. */
  readonly correlations: Float64Array;
  /** [r, d] state i of a past x is its row i times x: uncorrelated, of variance 1. */
  readonly states: Float64Array;
  /** [r] N·ln of the determinant of the one-step errors with the first 1, 2, … states. */
  readonly errors: Float64Array;
  /** Windows of the fit. */
  readonly rows: number;
}

/**
 * Fits to parts of some windows. The products of all are summed once; those of the smaller side of a part, used or left out, for each part.
 *
 * @param rows - [N, d + e] past and future of a row, one after the other. @param channels - of a row; the first of the future is the next one.
 * @param shrinkage - weight of the unit matrix in the covariance of past and future.
 */
export async function variatesFitter(
  rows: Rows,
  { past: d, future: e, channels: c }: { readonly past: number; readonly future: number; readonly channels: number },
  shrinkage: number,
  pause: () => Promise<void>,
): Promise<(use: Int32Array) => Promise<Variates>> {
  const both = d + e;
  const everything = Int32Array.from({ length: rows.length / both }, (_, i) => i);
  const reference = referenceOf(rows, both);
  const all = await momentsOf(rows, both, everything, reference, pause);
  return async (use) => {
    const used = new Set(use);
    const rest = everything.filter((row) => !used.has(row));
    const moments =
      rest.length < use.length
        ? without(all, await momentsOf(rows, both, rest, reference, pause))
        : await momentsOf(rows, both, use, reference, pause);
    const { mean, scale, covariance } = standardised(moments, reference);
    for (let i = 0; i < covariance.length; i++) {
      covariance[i] = (1 - shrinkage) * covariance[i]! + (i % (both + 1) === 0 ? shrinkage : 0);
    }
    await pause();
    const block = (top: number, left: number, height: number, width: number): Float64Array =>
      Float64Array.from(
        { length: height * width },
        (_, i) => covariance[(top + Math.floor(i / width)) * both + left + (i % width)]!,
      );
    const [past, cross] = [block(0, 0, d, d), block(0, d, d, e)];
    const ofPast = invertedTransposedCholesky(past, d);
    const ofFuture = invertedTransposedCholesky(block(d, d, e, e), e);
    // The products of whitened past and future; their singular values are the canonical correlations.
    const whitened = matrixProduct(matrixProduct(transposed(ofPast, d, d), cross, d), ofFuture, d);
    await pause();
    const { values, vectors } = symmetricEigen(matrixProduct(whitened, transposed(whitened, d, e), d), d);
    const r = Math.min(d, e);
    const correlations = values.slice(0, r).map((square) => Math.sqrt(Math.max(0, square)));
    const states = matrixProduct(vectors.slice(0, r * d), transposed(ofPast, d, d), r);
    const next = block(0, d, d, c);
    const errors = errorsOf(block(d, d, c, c), matrixProduct(states, next, r), c, use.length);
    const precision = matrixProduct(ofPast, transposed(ofPast, d, d), d);
    return {
      mean: mean.slice(0, d),
      scale: scale.slice(0, d),
      covariance: past,
      precision,
      correlations,
      states,
      errors,
      rows: use.length,
    };
  };
}

/**
 * N·ln|C − Σ bᵢbᵢᵀ| with one more state after the other, each a change of rank one.
 *
 * @param covariance - [c, c] of the next row. @param loads - [r, c] its covariance with each state.
 */
function errorsOf(covariance: Float64Array, loads: Float64Array, c: number, rows: number): Float64Array {
  const factor = invertedTransposedCholesky(covariance, c);
  const inverse = matrixProduct(factor, transposed(factor, c, c), c);
  let determinant = 0;
  for (let j = 0; j < c; j++) determinant -= 2 * Math.log(factor[j * c + j]!);
  return Float64Array.from({ length: loads.length / c }, (_, i) => {
    const load = loads.subarray(i * c, (i + 1) * c);
    const turned = matrixProduct(inverse, load, c);
    const left = Math.max(1 - load.reduce((sum, value, j) => sum + value * turned[j]!, 0), Number.MIN_VALUE);
    for (let j = 0; j < c; j++)
      for (let k = 0; k < c; k++) inverse[j * c + k] = inverse[j * c + k]! + (turned[j]! * turned[k]!) / left;
    determinant += Math.log(left);
    return rows * determinant;
  });
}

/**
 * Number of states with the least Akaike criterion of a state-space model, with the correction for few rows.
 *
 * @see Larimore 1990; Chiang, Russell and Braatz 2001, chapter 7, without inputs.
 */
export function statesByCriterion({ errors, rows }: Pick<Variates, 'errors' | 'rows'>, channels: number): number {
  let [best, least] = [1, Number.POSITIVE_INFINITY];
  errors.forEach((error, i) => {
    const numbers = 2 * (i + 1) * channels + (channels * (channels + 1)) / 2;
    const room = rows - (numbers / channels + (channels + 1) / 2);
    const criterion = error + (2 * numbers * rows) / room;
    if (room > 0 && criterion < least) {
      best = i + 1;
      least = criterion;
    }
  });
  return best;
}

/** Fewest states whose squared canonical correlations hold this share of all. */
export function statesByShare({ correlations }: Pick<Variates, 'correlations'>, share: number): number {
  const total = correlations.reduce((sum, value) => sum + value * value, 0);
  let count = 0;
  for (let sum = 0; count < correlations.length && sum < share * total; count++) sum += correlations[count]! ** 2;
  return Math.max(1, count);
}
