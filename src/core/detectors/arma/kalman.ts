import type { Coefficients } from './coefficients';

/** From here on the variance of the forecast no longer changes in its digits. */
const SETTLED = 1e-13;
/** Doublings reach 2^40 steps: more than the slowest root that `fromPartial` allows needs. */
const MAX_DOUBLINGS = 40;
/** Gains that are kept; a filter that is not settled by then stays with the last one. */
const MAX_GAINS = 100_000;

/**
 * Filter of an ARMA process in the state space form of Harvey: r = max(p, q + 1) states, the first is w_t itself.
 *
 * The gains follow from the coefficients alone, so they are computed once and every segment starts anew from the stationary
 * distribution. Variances are in units of that of e_t.
 *
 * @see Harvey 1989, Forecasting, structural time series models and the Kalman filter, 3.3 and 4.2.2.
 */
export class ArmaFilter {
  private readonly phi: Float64Array;
  /** [steps, r] */
  private readonly gains: Float64Array;
  private readonly variances: Float64Array;
  private readonly state: Float64Array;
  private at = 0;

  /** @param most - rows of the longest segment, when that is known. */
  constructor({ ar, ma }: Coefficients, most = MAX_GAINS) {
    const r = Math.max(ar.length, ma.length + 1);
    this.phi = new Float64Array(r);
    this.phi.set(ar);
    this.state = new Float64Array(r + 1);
    const noise = new Float64Array(r);
    noise[0] = 1;
    noise.set(ma, 1);
    ({ gains: this.gains, variances: this.variances } = gainsOf(this.phi, noise, Math.min(most, MAX_GAINS)));
  }

  /** Forgets everything: the next row is the first of a segment. */
  restart(): void {
    this.state.fill(0);
    this.at = 0;
  }

  /** Expectation of the next w. */
  get forecast(): number {
    return this.state[0]!;
  }

  /** Variance of the next forecast error, at least 1. */
  get variance(): number {
    return this.variances[this.at]!;
  }

  /** Takes in the next w. @returns the forecast error v = w − forecast. */
  update(w: number): number {
    const { phi, gains, state, at } = this;
    const r = phi.length;
    const level = state[0]!;
    const error = w - level;
    for (let i = 0, gain = at * r; i < r; i++, gain++) state[i] = phi[i]! * level + state[i + 1]! + gains[gain]! * error;
    if (at + 1 < this.variances.length) this.at = at + 1;
    return error;
  }
}

/**
 * Gains and variances of the forecast from the stationary start until they no longer change.
 *
 * With a = the rest of P's first column, T·P·Tᵀ − K·F·Kᵀ is P moved up by one row and column minus a·aᵀ/F: all terms with φ cancel,
 * so no digits are lost however close to the unit circle the roots are.
 */
function gainsOf(phi: Float64Array, noise: Float64Array, most: number): { gains: Float64Array; variances: Float64Array } {
  const r = phi.length;
  const gains: number[] = [];
  const variances: number[] = [];
  const p = stationaryCovariance(phi, noise);
  const a = new Float64Array(r);
  for (let step = 0; step < most; step++) {
    const f = p[0]!;
    for (let i = 0; i < r; i++) {
      a[i] = i + 1 < r ? p[(i + 1) * r]! : 0;
      gains.push(phi[i]! + a[i]! / f);
    }
    variances.push(f);
    if (f - 1 < SETTLED) break;
    for (let i = 0; i < r; i++) {
      for (let j = 0; j < r; j++) {
        const moved = i + 1 < r && j + 1 < r ? p[(i + 1) * r + j + 1]! : 0;
        p[i * r + j] = moved - (a[i]! * a[j]!) / f + noise[i]! * noise[j]!;
      }
    }
  }
  return { gains: Float64Array.from(gains), variances: Float64Array.from(variances) };
}

/** P = T·P·Tᵀ + R·Rᵀ as the sum of T^k·R·Rᵀ·(T^k)ᵀ, twice as many terms each round. */
function stationaryCovariance(phi: Float64Array, noise: Float64Array): Float64Array {
  const r = phi.length;
  let power = new Float64Array(r * r);
  for (let i = 0; i < r; i++) {
    power[i * r] = phi[i]!;
    if (i + 1 < r) power[i * r + i + 1] = power[i * r + i + 1]! + 1;
  }
  let p = Float64Array.from({ length: r * r }, (_, at) => noise[Math.floor(at / r)]! * noise[at % r]!);
  for (let round = 0; round < MAX_DOUBLINGS; round++) {
    const more = product(product(power, p, r), transposed(power, r), r);
    p = p.map((value, at) => value + more[at]!);
    if (more.every((value, at) => Math.abs(value) <= 1e-16 * Math.abs(p[at]!))) break;
    power = product(power, power, r);
  }
  return p;
}

function transposed(matrix: Float64Array, r: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: r * r }, (_, at) => matrix[(at % r) * r + Math.floor(at / r)]!);
}

function product(a: Float64Array, b: Float64Array, r: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(r * r);
  for (let i = 0; i < r; i++) {
    for (let k = 0; k < r; k++) {
      const factor = a[i * r + k]!;
      for (let j = 0; j < r; j++) result[i * r + j] = result[i * r + j]! + factor * b[k * r + j]!;
    }
  }
  return result;
}

/** What the exact Gaussian likelihood of some runs of w needs: Σ v²/F, Σ ln F and the rows. */
export interface Innovations {
  readonly squares: number;
  readonly logVariances: number;
  readonly count: number;
}

/** @param runs - gap-free runs of w, each starting from the stationary distribution. @param mean - of w. */
export function innovations(coefficients: Coefficients, mean: number, runs: readonly Float64Array[]): Innovations {
  const filter = new ArmaFilter(
    coefficients,
    runs.reduce((most, run) => Math.max(most, run.length), 1),
  );
  let [squares, logVariances, count] = [0, 0, 0];
  for (const run of runs) {
    filter.restart();
    for (let t = 0; t < run.length; t++) {
      const f = filter.variance;
      const v = filter.update(run[t]! - mean);
      squares += (v * v) / f;
      if (f > 1) logVariances += Math.log(f);
    }
    count += run.length;
  }
  return { squares, logVariances, count };
}

/** Exact Gaussian log likelihood. @param variance - of e_t. @see Harvey 1989, 3.4.7. */
export function logLikelihood({ squares, logVariances, count }: Innovations, variance: number): number {
  return -0.5 * (count * Math.log(2 * Math.PI * variance) + logVariances + squares / variance);
}
