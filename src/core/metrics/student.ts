/**
 * P(|T| <= t) of Student's distribution with a whole number of degrees of freedom, as a finite sum.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
 */
function studentWithin(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cosine = Math.cos(angle);
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let j = odd ? 3 : 2; j <= degrees - 2; j += 2) {
    term *= ((j - 1) / j) * cosine * cosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/** The t with P(|T| <= t) = confidence: 12.706 for 1 degree of freedom at 0.95, 2.776 for 4. */
export function studentLimit(degrees: number, confidence: number): number {
  let low = 0;
  let high = 1;
  while (studentWithin(high, degrees) < confidence) high *= 2;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (studentWithin(middle, degrees) < confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * P(Z > x) of the standard normal distribution for x >= 0, to 1e-7 of its value.
 *
 * @see Press et al., Numerical Recipes, 2nd ed., 6.2 (erfcc).
 */
export function normalAbove(x: number): number {
  const z = x / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
  ].reduceRight((sum, c) => sum * t + c, 0);
  return (t * Math.exp(-z * z + series)) / 2;
}
