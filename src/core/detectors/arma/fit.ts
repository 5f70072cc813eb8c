import { bounded, coefficientsOf, unbounded, type Coefficients } from './coefficients';
import { innovations, logLikelihood } from './kalman';
import { minimise } from './minimise';
import { hannanRissanen } from './start';

const MAX_ITERATIONS = 60;
/** Share of the variance of w below which a forecast error is rounding: keeps the logarithm finite for signals without noise. */
const NOISE_FLOOR = 1e-12;

/** A fitted model of one tag; partial autocorrelations, because every set of them is stationary and invertible. */
export interface Fitted {
  readonly arPartial: Float64Array;
  readonly maPartial: Float64Array;
  readonly mean: number;
  /** Standard deviation of e_t on the fitted rows. */
  readonly sigma: number;
  /** Exact log likelihood at the estimates. */
  readonly logLikelihood: number;
}

export interface Order {
  readonly p: number;
  readonly q: number;
}

/**
 * Estimates of an ARMA(p, q) with a mean on gap-free runs of w, by least conditional squares or the exact Gaussian likelihood, both with
 * the variance of e_t concentrated out.
 *
 * @param each - called at least once, and before each iteration of the optimiser, to yield.
 * @see Box and Jenkins 1970, chapter 7; Harvey 1989, 3.4.
 */
export async function fitArma(
  runs: readonly Float64Array[],
  { p, q }: Order,
  estimation: 'css' | 'exact',
  each: () => Promise<void>,
): Promise<Fitted> {
  await each();
  const { mean, variance } = momentsOf(runs);
  const spread = Math.sqrt(variance);
  if (variance === 0) return flat(mean, { p, q });
  const start = hannanRissanen(runs, mean, p, q);
  const read = (x: Float64Array) => {
    const partial = x.map(bounded);
    const [arPartial, maPartial] = [partial.slice(0, p), partial.slice(p, p + q)];
    return { arPartial, maPartial, mean: mean + spread * x[p + q]!, coefficients: coefficientsOf(arPartial, maPartial) };
  };
  const floor = NOISE_FLOOR * variance;
  const found = await minimise(
    (x) => {
      const model = read(x);
      if (estimation === 'css') {
        const { squares, count } = conditionalSquares(model.coefficients, model.mean, runs);
        return 0.5 * Math.log(squares / count + floor);
      }
      const { squares, logVariances, count } = innovations(model.coefficients, model.mean, runs);
      return 0.5 * (Math.log(squares / count + floor) + logVariances / count);
    },
    Float64Array.of(...start.ar.map(unbounded), ...start.ma.map(unbounded), 0),
    MAX_ITERATIONS,
    each,
  );
  const { coefficients, ...model } = read(found);
  const exact = innovations(coefficients, model.mean, runs);
  const noise = exact.squares / exact.count + floor;
  return { ...model, sigma: Math.sqrt(noise), logLikelihood: logLikelihood(exact, noise) };
}

/** Akaike's information criterion with p + q coefficients, mean and variance. */
export function aic({ arPartial, maPartial, logLikelihood: likelihood }: Fitted): number {
  return 2 * (arPartial.length + maPartial.length + 2) - 2 * likelihood;
}

/** The order up to (p, q) with the smallest AIC; of equals the first, which is the smaller. */
export async function fitByAic(
  runs: readonly Float64Array[],
  { p, q }: Order,
  estimation: 'css' | 'exact',
  each: () => Promise<void>,
): Promise<Fitted> {
  let best: Fitted | undefined;
  for (let i = 0; i <= p; i++) {
    for (let j = 0; j <= q; j++) {
      const fitted = await fitArma(runs, { p: i, q: j }, estimation, each);
      if (!best || aic(fitted) < aic(best)) best = fitted;
    }
  }
  return best!;
}

/** Σ e_t² with e and w taken as unknown before each run: the first p rows of a run only serve as the past, earlier e_t count as 0. */
export function conditionalSquares(
  { ar, ma }: Coefficients,
  mean: number,
  runs: readonly Float64Array[],
): { readonly squares: number; readonly count: number } {
  const [p, q] = [ar.length, ma.length];
  const errors = new Float64Array(q);
  let [squares, count] = [0, 0];
  for (const w of runs) {
    errors.fill(0);
    for (let t = p; t < w.length; t++) {
      let e = w[t]! - mean;
      for (let i = 0; i < p; i++) e -= ar[i]! * (w[t - 1 - i]! - mean);
      for (let i = 0; i < q; i++) e -= ma[i]! * errors[i]!;
      for (let i = q - 1; i > 0; i--) errors[i] = errors[i - 1]!;
      if (q > 0) errors[0] = e;
      squares += e * e;
      count++;
    }
  }
  return { squares, count };
}

function momentsOf(runs: readonly Float64Array[]): { mean: number; variance: number } {
  let [count, mean, squares] = [0, 0, 0];
  for (const run of runs) {
    for (const value of run) {
      const from = value - mean;
      mean += from / ++count;
      squares += from * (value - mean);
    }
  }
  return { mean, variance: squares / count };
}

/** A tag that does not move while it is fitted: nothing but its value can be learnt. */
function flat(mean: number, { p, q }: Order): Fitted {
  return { arPartial: new Float64Array(p), maPartial: new Float64Array(q), mean, sigma: 0, logLikelihood: 0 };
}
