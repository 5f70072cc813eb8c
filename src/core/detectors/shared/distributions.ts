/** x with P(X <= x) = p of the F distribution. */
export function fisherQuantile(p: number, d1: number, d2: number): number {
  const share = solve((x) => incompleteBeta(d1 / 2, d2 / 2, x) < p);
  return (d2 * share) / (d1 * (1 - share));
}

/** z with P(Z <= z) = p of the standard normal distribution, p from 0.5 to below 1. */
export function normalQuantile(p: number): number {
  // P(|Z| <= z) = I_x(1/2, ·) has no finite second parameter; the error function's series serves instead.
  const most = 9;
  return most * solve((x) => normalCdf(most * x) < p);
}

/** Mean from which on the chi-square distribution is taken as a power of a normal one: the error is below 1e-6 there. */
const MANY = 600;

/** P(Z <= z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  if (Math.abs(z) > 9) return z > 0 ? 1 : 0;
  const half = errorFunction(Math.abs(z) / Math.SQRT2) / 2;
  return z < 0 ? 0.5 - half : 0.5 + half;
}

/**
 * P(X <= x) of the noncentral chi-square distribution: central ones with `freedom` + 2j degrees, weighted by the Poisson probabilities of j.
 * The terms are taken from the last that counts down to the first, where each central probability follows from the one above by an
 * addition: no digits are lost.
 *
 * @param noncentrality - sum of the squared means; 0 for the central distribution.
 * @see Johnson, Kotz and Balakrishnan 1995, Continuous Univariate Distributions 2, 29.3.
 */
export function chiSquareCdf(x: number, freedom: number, noncentrality = 0): number {
  if (x <= 0) return 0;
  // The square root lies within 8.5 of this but for 1e-15, whatever the freedom: the length of a normal vector is concentrated.
  const off = Math.sqrt(x) - Math.sqrt(freedom + noncentrality);
  if (off < -8.5) return 0;
  if (off > 8.5) return 1;
  if (freedom + noncentrality > MANY) return sankaran(x, freedom, noncentrality);
  const [half, mean] = [x / 2, noncentrality / 2];
  const reach = 9 * Math.sqrt(mean) + 20;
  const [first, last] = mean === 0 ? [0, 0] : [Math.max(0, Math.floor(mean - reach)), Math.ceil(mean + reach)];
  const a = freedom / 2 + last;
  let central = incompleteGamma(a, half);
  // Logarithm of half^a·e^(−half) / Γ(a + 1), by which the central probability of a is above that of a + 1.
  let step = a * Math.log(half) - half - logGamma(a + 1);
  let weight = mean === 0 ? 1 : Math.exp(last * Math.log(mean) - mean - logGamma(last + 1));
  let sum = 0;
  for (let j = last; j >= first; j--) {
    sum += weight * central;
    weight *= j / mean;
    step += Math.log((freedom / 2 + j) / half);
    central += Math.exp(step);
  }
  return Math.min(1, sum);
}

/** Sankaran 1963, Approximations to the non-central chi-square distribution, Biometrika 50: a power of X is nearly normal. */
function sankaran(x: number, freedom: number, noncentrality: number): number {
  const total = freedom + noncentrality;
  const h = 1 - ((2 / 3) * total * (freedom + 3 * noncentrality)) / (freedom + 2 * noncentrality) ** 2;
  const p = (freedom + 2 * noncentrality) / total ** 2;
  const m = (h - 1) * (1 - 3 * h);
  const mean = 1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p);
  return normalCdf(((x / total) ** h - mean) / (h * Math.sqrt(2 * p) * (1 + 0.5 * m * p)));
}

/** P(a, x), the regularised lower incomplete gamma function: series below the mean, continued fraction above (Press et al., 6.2). */
function incompleteGamma(a: number, x: number): number {
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = 1; term > 1e-17 * sum; n++) sum += term *= x / (a + n);
    return front * sum;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 100_000; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return 1 - front * fraction;
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
