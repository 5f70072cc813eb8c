import { FaultlineError } from '../errors';
import { autocorrelation } from '../prepare/window';
import { lowerBound } from '../series/search';
import { countOf } from '../report/format';

/**
 * Conformal p-value of a score: (1 + number of reference scores >= score) / (n + 1).
 *
 * When the score and the reference are exchangeable, it is at most α with probability at most α, for every α: no distribution is assumed.
 *
 * @param sortedReference - [n] ascending, without NaN.
 * @returns NaN for NaN; 1 for an empty reference.
 * @see Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005, Eq. 2.20.
 */
export function conformalP(sortedReference: ArrayLike<number>, score: number): number {
  if (Number.isNaN(score)) return NaN;
  const n = sortedReference.length;
  return (1 + n - lowerBound(sortedReference, score)) / (n + 1);
}

export interface BlockMaxima {
  /** [m] ascending. */
  readonly maxima: Float32Array;
  /** Rows of a block. */
  readonly rows: number;
}

/**
 * Maxima of consecutive blocks of normal scores. Neighbouring scores resemble each other, so that n of them hold far fewer than n
 * independent statements; blocks longer than that memory can be taken for exchangeable.
 *
 * A block has three times the rows after which the rank autocorrelation has fallen to 1/e (e⁻³ = 5 % is left from one block to the same
 * place in the next, where it falls exponentially). Ranks, so that a few high scores do not decide it. What is left at the end is dropped.
 *
 * @param normal - scores in order of time; NaN is left out.
 * @param rows - length of a block, where it is known.
 */
export function blockMaxima(normal: Float32Array, rows?: number): BlockMaxima {
  const scores = normal.filter((s) => !Number.isNaN(s));
  const length = Math.max(1, Math.round(rows ?? 3 * decayRows(scores)));
  const maxima = new Float32Array(Math.floor(scores.length / length));
  for (let j = 0; j < maxima.length; j++) {
    maxima[j] = scores.subarray(j * length, (j + 1) * length).reduce((a, b) => Math.max(a, b), -Infinity);
  }
  return { maxima: maxima.sort(), rows: length };
}

/** First lag at which the rank autocorrelation is at most 1/e; the longest lag looked at when it never is. At least 1. */
function decayRows(scores: Float32Array): number {
  const sorted = scores.slice().sort();
  const values = autocorrelation(Float64Array.from(scores, (s) => lowerBound(sorted, s)));
  const lag = values.findIndex((r) => r <= Math.exp(-1));
  return Math.max(1, lag >= 0 ? lag : values.length - 1);
}

export interface ConformalThreshold extends BlockMaxima {
  readonly value: number;
  /** p-value of the threshold: what the statement really holds at, at most alpha. */
  readonly p: number;
}

/**
 * The smallest threshold that a normal block reaches with probability at most `alpha`.
 *
 * A block reaches a threshold when its maximum does, hence maxima. Let M₁ … M_m be those of the normal blocks and M that of a new one. When
 * all m + 1 are exchangeable, the rank of M among them is uniform (ties only help), so P(M > k-th largest of M₁ … M_m) <= k / (m + 1). With
 * k = floor(alpha·(m + 1)) that is at most alpha. The threshold is the next float32 above the k-th largest maximum: scores at or above it
 * have conformal p-value k / (m + 1) or less, scores below it more. One sample of each block in place of its maximum would make a
 * statement on single samples, and a block of many samples would break it far more often.
 *
 * Blocks are only nearly exchangeable: their edges are correlated, and a machine drifts. The probability is over the choice of normal
 * data as well: one set of normal data gives a true rate near alpha, above it about as often as below.
 *
 * @throws FaultlineError 'threshold/no-scores' with fewer than 1/alpha − 1 blocks.
 */
export function conformalThreshold(normal: Float32Array, alpha: number, rows?: number): ConformalThreshold {
  const blocks = blockMaxima(normal, rows);
  const m = blocks.maxima.length;
  const k = Math.floor(alpha * (m + 1) + 1e-9);
  if (k < 1) {
    const needed = Math.ceil(1 / alpha - 1 - 1e-9);
    throw new FaultlineError(
      'threshold/no-scores',
      `A conformal p-value of ${alpha} needs ${needed} normal blocks, and the normal scores give ${m} of ${countOf(blocks.rows, 'row')}. ` +
        'Use more normal data, a larger p-value, or a tail fit.',
      { blocks: m, needed, rows: blocks.rows },
    );
  }
  return { ...blocks, value: nextFloat(blocks.maxima[m - k]!), p: k / (m + 1) };
}

/** The next larger float32. */
function nextFloat(value: number): number {
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  if (float[0] === 0) bits[0] = 1;
  else bits[0]! += float[0]! > 0 ? 1 : -1;
  return float[0]!;
}
