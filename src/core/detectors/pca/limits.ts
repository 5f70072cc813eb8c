import { fisherQuantile, normalQuantile } from '../shared/distributions';

/**
 * Limit of T² for a new row (Tracy, Young and Mason 1992): a(n² − 1) / (n(n − a)) · F(a, n − a).
 *
 * @param n - rows of the fit, above `a`. @param confidence - share of normal rows below it.
 */
export function hotellingLimit(n: number, a: number, confidence: number): number {
  return ((a * (n * n - 1)) / (n * (n - a))) * fisherQuantile(confidence, a, n - a);
}

/**
 * Limit of Q (the squared prediction error) from the eigenvalues that are left out (Jackson and Mudholkar 1979, eq. 3.4).
 *
 * @param residual - eigenvalues of the components that are not kept. @returns 0 when they are all 0.
 */
export function squaredErrorLimit(residual: Float64Array, confidence: number): number {
  const [t1, t2, t3] = [1, 2, 3].map((power) => residual.reduce((sum, value) => sum + Math.max(0, value) ** power, 0)) as [
    number,
    number,
    number,
  ];
  if (!(t2 > 0)) return 0;
  // One value many times over makes h 1/3; h below 0 does not occur in practice and would turn the formula around.
  const h = Math.max(1e-3, 1 - (2 * t1 * t3) / (3 * t2 * t2));
  const c = normalQuantile(confidence);
  const inner = (c * Math.sqrt(2 * t2 * h * h)) / t1 + 1 + (t2 * h * (h - 1)) / (t1 * t1);
  return t1 * Math.max(0, inner) ** (1 / h);
}
