/**
 * Exact 95 % interval of a share (Clopper and Pearson 1934): `hits` of `n` seen. 4 of 4 give 0.398 to 1.
 *
 * @param n - above 0.
 */
export function shareInterval(hits: number, n: number, confidence = 0.95): { readonly low: number; readonly high: number } {
  const tail = (1 - confidence) / 2;
  return {
    // The share at which `hits` or more would be seen with probability `tail`.
    low: hits === 0 ? 0 : solve((p) => 1 - binomialCdf(hits - 1, n, p) < tail),
    high: hits === n ? 1 : solve((p) => binomialCdf(hits, n, p) > tail),
  };
}

/** The p in [0, 1] where a condition that holds for small p ends to hold. */
function solve(holds: (p: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(X <= k) of a binomial variable, summed in logarithms. */
function binomialCdf(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  let logTerm = n * Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}
