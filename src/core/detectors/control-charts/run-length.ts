import { chiSquareCdf, normalCdf } from '../shared/distributions';

/** A control chart of independent standard normal errors, as a chain on one number: its statistic, at least 0. */
export interface ChartChain {
  /** P(next value <= to) */
  readonly next: (to: number, last: number) => number;
  /** Standard deviation that one row adds. */
  readonly step: number;
}

/** States of the coarse chain at least; the fine one has twice as many. */
const STATES = 40;
/** Longer ones are lost in the digits of the chain; a row at a second would be 30,000 years. */
const LONGEST = 1e12;
/** A limit so small is none. */
const SMALLEST = 1e-9;
/** Share by which the run length of the limit may miss the wanted one. */
const TOLERANCE = 1e-6;

/** |Z| of the two-sided EWMA Z' = (1 − λ)Z + λe. */
export function ewmaChain(lambda: number): ChartChain {
  const kept = 1 - lambda;
  return { step: lambda, next: (to, z) => normalCdf((to - kept * z) / lambda) - normalCdf((-to - kept * z) / lambda) };
}

/** S' = max(0, S + e − k) of a one-sided CUSUM. */
export function cusumChain(k: number): ChartChain {
  return { step: 1, next: (to, s) => normalCdf(to - s + k) };
}

/** |Z| of the multivariate EWMA of `tags` independent errors (Runger and Prabhu 1996: without a shift only the length matters). */
export function mewmaChain(lambda: number, tags: number): ChartChain {
  return { step: lambda, next: (to, z) => chiSquareCdf((to / lambda) ** 2, tags, (((1 - lambda) * z) / lambda) ** 2) };
}

/** |S'| = max(0, |S + e| − k) of Crosier's multivariate CUSUM of `tags` independent errors. */
export function mcusumChain(k: number, tags: number): ChartChain {
  return { step: 1, next: (to, s) => chiSquareCdf((to + k) ** 2, tags, s * s) };
}

/**
 * Average number of rows until the statistic exceeds the limit for the first time, from 0 on. The chain of Brook and Evans, whose states are
 * equal parts of the way to the limit, the first half as wide around 0; its error shrinks with the square of their width, so two grids
 * give the value without it (Richardson).
 *
 * @see Brook and Evans 1972, An approach to the probability distribution of cusum run length, Biometrika 59; Lucas and Saccucci 1990.
 */
export function averageRunLength(chain: ChartChain, limit: number): number {
  const states = Math.max(STATES, Math.ceil(limit / chain.step));
  const coarse = chainLength(chain, limit, states);
  const fine = chainLength(chain, limit, 2 * states);
  const ratio = ((4 * states - 1) / (2 * states - 1)) ** 2;
  const length = fine + (fine - coarse) / (ratio - 1);
  return length > 0 && length < LONGEST ? length : LONGEST;
}

function chainLength({ next }: ChartChain, limit: number, states: number): number {
  const width = (2 * limit) / (2 * states - 1);
  // I − Q, and the mean number of rows from each state as the solution of (I − Q)·a = 1.
  const rows = Array.from({ length: states }, (_, i) => {
    const row = new Float64Array(states + 1);
    let below = 0;
    for (let j = 0; j < states; j++) {
      const until = next((j + 0.5) * width, i * width);
      row[j] = (i === j ? 1 : 0) - (until - below);
      below = until;
    }
    row[states] = 1;
    return row;
  });
  // Rows sum to at most 1, so the matrix needs no pivoting. Eliminated from the last state on: what is left in the first row is its answer.
  for (let pivot = states - 1; pivot > 0; pivot--) {
    const from = rows[pivot]!;
    for (let i = 0; i < pivot; i++) {
      const row = rows[i]!;
      const factor = row[pivot]! / from[pivot]!;
      for (let j = 0; j < pivot; j++) row[j] = row[j]! - factor * from[j]!;
      row[states] = row[states]! - factor * from[states]!;
    }
  }
  return rows[0]![states]! / rows[0]![0]!;
}

/**
 * The limit at which the average run length is the wanted one: bracketed by doubling, then regula falsi on its logarithm, which is nearly
 * straight (Illinois variant, Dowell and Jarratt 1971).
 *
 * @param wanted - rows, above 1. @param start - a limit of about the right size.
 */
export function limitFor(chain: ChartChain, wanted: number, start: number): number {
  const miss = (limit: number): number => Math.log(averageRunLength(chain, limit) / wanted);
  let [low, high] = [start, start];
  let [below, above] = [miss(start), 0];
  above = below;
  while (below > 0) {
    if (low < SMALLEST) throw new RangeError(`no limit runs only ${wanted} rows`);
    [high, above, low, below] = [low, below, low / 1.5, miss(low / 1.5)];
  }
  while (above < 0) [low, below, high, above] = [high, above, high * 1.5, miss(high * 1.5)];
  for (let side = 0, round = 0; round < 100; round++) {
    const limit = (low * above - high * below) / (above - below);
    const found = miss(limit);
    if (Math.abs(found) < TOLERANCE) return limit;
    if (found < 0) {
      [low, below] = [limit, found];
      if (side === -1) above /= 2;
      side = -1;
    } else {
      [high, above] = [limit, found];
      if (side === 1) below /= 2;
      side = 1;
    }
  }
  return high;
}
