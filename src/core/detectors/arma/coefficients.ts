/**
 * Coefficients of w_t = φ_1 w_{t−1} + … + φ_p w_{t−p} + e_t + θ_1 e_{t−1} + … + θ_q e_{t−q}, with w measured from its mean.
 */
export interface Coefficients {
  /** φ [p] */
  readonly ar: Float64Array;
  /** θ [q] */
  readonly ma: Float64Array;
}

/** Keeps roots off the unit circle: beyond it nothing is stationary, on it the filter's start is unbounded. */
const LARGEST_PARTIAL = 1 - 1e-6;

/**
 * Autoregressive coefficients with given partial autocorrelations. Every choice in (−1, 1) is stationary, and every stationary one has
 * such partial autocorrelations; zeros at the end are a lower order.
 *
 * @see Barndorff-Nielsen and Schou 1973; Monahan 1984 (Durbin-Levinson recursion).
 */
export function fromPartial(partial: ArrayLike<number>): Float64Array {
  const ar = new Float64Array(partial.length);
  const before = new Float64Array(partial.length);
  for (let k = 0; k < partial.length; k++) {
    const r = Math.max(-LARGEST_PARTIAL, Math.min(LARGEST_PARTIAL, partial[k]!));
    before.set(ar);
    ar[k] = r;
    for (let i = 0; i < k; i++) ar[i] = before[i]! - r * before[k - 1 - i]!;
  }
  return ar;
}

/** The inverse of `fromPartial`; null when the coefficients are not stationary. */
export function toPartial(ar: ArrayLike<number>): Float64Array | null {
  const rest = Float64Array.from(ar);
  const partial = new Float64Array(rest.length);
  for (let k = rest.length - 1; k >= 0; k--) {
    const r = rest[k]!;
    if (!(Math.abs(r) < LARGEST_PARTIAL)) return null;
    partial[k] = r;
    const before = rest.slice(0, k);
    for (let i = 0; i < k; i++) rest[i] = (before[i]! + r * before[k - 1 - i]!) / (1 - r * r);
  }
  return partial;
}

/** Partial autocorrelations of given coefficients, pulled towards 0 until they are stationary (φ_i·ρ^i moves each root by 1/ρ). */
export function nearestPartial(ar: ArrayLike<number>): Float64Array {
  for (let rho = 1; rho > 0.01; rho *= 0.95) {
    const partial = toPartial(Float64Array.from(ar, (value, i) => value * rho ** (i + 1)));
    if (partial) return partial;
  }
  return new Float64Array(ar.length);
}

/** θ is invertible exactly where −θ would be stationary. */
export function coefficientsOf(arPartial: ArrayLike<number>, maPartial: ArrayLike<number>): Coefficients {
  return { ar: fromPartial(arPartial), ma: fromPartial(maPartial).map((value) => -value) };
}

/** Partial autocorrelation of an unbounded number, and back: what the optimiser walks on. */
export const bounded = (value: number): number => value / Math.sqrt(1 + value * value);
export const unbounded = (partial: number): number => partial / Math.sqrt(1 - partial * partial);
