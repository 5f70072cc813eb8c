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

/** x with P(X <= x) = p of the F distribution. */
export function fisherQuantile(p: number, d1: number, d2: number): number {
  const share = solve((x) => incompleteBeta(d1 / 2, d2 / 2, x) < p);
  return (d2 * share) / (d1 * (1 - share));
}

/** z with P(Z <= z) = p of the standard normal distribution, p from 0.5 to below 1. */
export function normalQuantile(p: number): number {
  // P(|Z| <= z) = I_x(1/2, ·) has no finite second parameter; the error function's series serves instead.
  const most = 9;
  return most * solve((x) => (1 + errorFunction((most * x) / Math.SQRT2)) / 2 < p);
}

/** 2/√π · exp(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, for x >= 0: all terms are positive. */
function errorFunction(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** The x in [0, 1] where a condition that holds for small x ends to hold. */
function solve(holds: (x: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b) by its continued fraction (Press et al., Numerical Recipes, 6.4, after Lentz). */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** ln Γ(x) for x > 0: Stirling's series, after steps up to where it holds to 1e-15. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 12; y++) shift += Math.log(y);
  const z = 1 / (y * y);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z / 1188)))) / y;
  return (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2 + series - shift;
}
