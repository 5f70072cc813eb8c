/**
 * Exact one-sided upper limit of a Poisson mean: the mean at which `count` or fewer events would be seen with probability
 * 1 − confidence (Garwood 1936). 0 events give 2.996 at 95 %.
 */
export function poissonUpper(count: number, confidence = 0.95): number {
  const target = 1 - confidence;
  let low = count;
  let high = count + 10 + 6 * Math.sqrt(count + 1);
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (poissonCdf(count, middle) > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
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
