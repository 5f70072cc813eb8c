import { nearestPartial } from './coefficients';

/** Starting values for the optimiser, as partial autocorrelations. */
export interface Start {
  readonly ar: Float64Array;
  readonly ma: Float64Array;
}

/**
 * Hannan and Rissanen's two regressions: a long autoregression gives estimates of the surprises e_t, then w_t is regressed on its own
 * last p values and the last q of these. Pulled to the nearest stationary and invertible model; zeros when the rows are too few.
 *
 * @param runs - gap-free runs of w. @see Hannan and Rissanen 1982, Biometrika 69.
 */
export function hannanRissanen(runs: readonly Float64Array[], mean: number, p: number, q: number): Start {
  const zeros = { ar: new Float64Array(p), ma: new Float64Array(q) };
  const rows = runs.reduce((sum, run) => sum + run.length, 0);
  const long = Math.min(Math.floor(10 * Math.log10(rows)), Math.floor(rows / 10));
  if (p + q === 0 || long < 1) return zeros;
  const centred = runs.map((run) => run.map((value) => value - mean));
  const ar = q > 0 ? levinson(autocovariances(centred, long)) : new Float64Array(0);
  const k = p + q;
  const normal = new Float64Array(k * k);
  const right = new Float64Array(k);
  const x = new Float64Array(k);
  for (const w of centred) {
    const surprise = w.map((value, t) => (t < ar.length ? 0 : ar.reduce((rest, a, i) => rest - a * w[t - 1 - i]!, value)));
    for (let t = ar.length + Math.max(p, q); t < w.length; t++) {
      for (let i = 0; i < p; i++) x[i] = w[t - 1 - i]!;
      for (let i = 0; i < q; i++) x[p + i] = surprise[t - 1 - i]!;
      for (let i = 0; i < k; i++) {
        right[i] = right[i]! + x[i]! * w[t]!;
        for (let j = 0; j < k; j++) normal[i * k + j] = normal[i * k + j]! + x[i]! * x[j]!;
      }
    }
  }
  const solution = solve(normal, right);
  if (!solution.every(Number.isFinite)) return zeros;
  return { ar: nearestPartial(solution.subarray(0, p)), ma: nearestPartial(solution.subarray(p).map((value) => -value)) };
}

/** Biased autocovariances of lags 0..most over all runs. */
function autocovariances(runs: readonly Float64Array[], most: number): Float64Array {
  return Float64Array.from({ length: most + 1 }, (_, lag) => {
    let sum = 0;
    for (const w of runs) for (let t = lag; t < w.length; t++) sum += w[t]! * w[t - lag]!;
    return sum;
  });
}

/** Yule-Walker autoregression of the order that the autocovariances allow (Durbin 1960). */
function levinson(covariances: Float64Array): Float64Array {
  const ar = new Float64Array(covariances.length - 1);
  let variance = covariances[0]!;
  for (let k = 0; k < ar.length && variance > 0; k++) {
    let r = covariances[k + 1]!;
    for (let i = 0; i < k; i++) r -= ar[i]! * covariances[k - i]!;
    r /= variance;
    const before = ar.slice(0, k);
    for (let i = 0; i < k; i++) ar[i] = before[i]! - r * before[k - 1 - i]!;
    ar[k] = r;
    variance *= 1 - r * r;
  }
  return ar;
}

/** Gauss elimination with pivoting; not finite for a singular matrix. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const k = right.length;
  const rows = Array.from({ length: k }, (_, i) => [...matrix.subarray(i * k, (i + 1) * k), right[i]!]);
  for (let i = 0; i < k; i++) {
    let pivot = i;
    for (let row = i + 1; row < k; row++) if (Math.abs(rows[row]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = row;
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    for (let row = i + 1; row < k; row++) {
      const factor = rows[row]![i]! / rows[i]![i]!;
      for (let j = i; j <= k; j++) rows[row]![j] = rows[row]![j]! - factor * rows[i]![j]!;
    }
  }
  const result = new Float64Array(k);
  for (let i = k - 1; i >= 0; i--) {
    let rest = rows[i]![k]!;
    for (let j = i + 1; j < k; j++) rest -= rows[i]![j]! * result[j]!;
    result[i] = rest / rows[i]![i]!;
  }
  return result;
}
