/**
 * Exact one-sided upper limit of a Poisson mean: the mean at which `count` or fewer events would be seen with probability
 * 1 − confidence (Garwood 1936). 0 events give 2.996 at 95 %.
 */
export function poissonUpper(count: number, confidence = 0.95): number {
  const target = 1 - confidence;
  const reach = 10 + 6 * Math.sqrt(count + 1);
  // From below the count on: a confidence under one half asks for a lower limit.
  let low = Math.max(0, count - reach);
  let high = count + reach;
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (poissonCdf(count, middle) > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Exact two-sided limits of a Poisson mean (Garwood 1936): 0 to 3.689 for no event at 95 %, 0.0253 to 5.572 for one. */
export function poissonInterval(count: number, confidence = 0.95): { readonly low: number; readonly high: number } {
  const within = (1 + confidence) / 2;
  // The mean at which `count` or more would be seen with the probability of one tail.
  return { low: count === 0 ? 0 : poissonUpper(count - 1, 1 - within), high: poissonUpper(count, within) };
}

/** P(X <= count) of a Poisson variable. Terms are summed from the largest down, so nothing overflows. */
function poissonCdf(count: number, mean: number): number {
  // log of the last term, k = count
  let logTerm = -mean + count * Math.log(mean);
  for (let k = 2; k <= count; k++) logTerm -= Math.log(k);
  let term = 1;
  let sum = 1;
  for (let k = count; k > 0 && term > 1e-17 * sum; k--) {
    term *= k / mean;
    sum += term;
  }
  return Math.exp(logTerm) * sum;
}
