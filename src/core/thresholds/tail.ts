import { FaultlineError } from '../errors';

/**
 * Quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan, "Sample quantiles in statistical packages",
 * 1996: the default of R and NumPy). @param sorted - [n] ascending, n > 0.
 */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q;
  const low = Math.floor(position);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (position - low) * (sorted[high]! - sorted[low]!);
}

/** Generalised Pareto distribution of excesses: 1 − (1 + shape·y/scale)^(−1/shape). */
export interface ParetoFit {
  readonly shape: number;
  readonly scale: number;
}

export interface TailFit extends ParetoFit {
  /** Threshold from which on the tail is fitted. */
  readonly initial: number;
  readonly excesses: number;
  readonly samples: number;
  /** Score that a normal sample exceeds with the probability asked for. */
  readonly value: number;
}

/** Below this shape the maximum likelihood estimate has no usual properties (Smith 1985), and the likelihood is unbounded below −1. */
const lowestShape = -0.5;
const initialQuantiles = [0.98, 0.95, 0.9];
const wantedExcesses = 50;
const neededExcesses = 10;

/**
 * Peaks over threshold: fits a generalised Pareto distribution to the excesses over a high quantile of normal scores and reads off the
 * score that is exceeded with the small probability asked for.
 *
 * @param normal - scores of normal data; NaN is left out.
 * @param q - near 1 the quantile (0.9999), near 0 the probability of exceeding (SPOT's risk, 1e-4); both mean the same.
 * @throws FaultlineError 'threshold/no-scores' when fewer than 10 scores lie in the tail.
 * @see Siffer et al., "Anomaly detection in streams with extreme value theory", KDD 2017, Eq. 1; Grimshaw, Technometrics 35 (1993).
 */
export function fitTail(normal: Float32Array, q: number): TailFit {
  const sorted = normal.filter((s) => !Number.isNaN(s)).sort();
  const n = sorted.length;
  const risk = Math.min(q, 1 - q);
  for (const level of initialQuantiles) {
    const initial = n === 0 ? NaN : quantileOf(sorted, level);
    const excesses = Float64Array.from(sorted.filter((s) => s > initial)).map((s) => s - initial);
    const enough = level === initialQuantiles.at(-1) ? neededExcesses : wantedExcesses;
    if (excesses.length < enough) continue;
    const { shape, scale } = fitPareto(excesses);
    const ratio = (risk * n) / excesses.length;
    // A risk larger than the share of the tail is inside the data: the quantile itself is the answer there.
    const value = ratio >= 1 ? quantileOf(sorted, 1 - risk) : initial + paretoQuantile(ratio, shape, scale);
    return { initial, excesses: excesses.length, samples: n, shape, scale, value };
  }
  throw new FaultlineError(
    'threshold/no-scores',
    `A tail fit needs ${neededExcesses} different scores in the highest tenth of the normal scores, but there are only ${n} scores. ` +
      'Use more normal data, or a quantile.',
    { scores: n },
  );
}

/** Excess with the probability `p` of being exceeded. */
export function paretoQuantile(p: number, shape: number, scale: number): number {
  return Math.abs(shape) < 1e-9 ? -scale * Math.log(p) : (scale / shape) * (p ** -shape - 1);
}

/**
 * Maximum likelihood fit of the generalised Pareto distribution. With x = shape/scale the likelihood has one free parameter
 * (Grimshaw's reduction): shape(x) = mean(log(1 + x·y)), scale = shape/x. The one-dimensional profile is searched on a grid and refined
 * by golden section.
 *
 * @param excesses - [n] above 0.
 */
export function fitPareto(excesses: Float64Array): ParetoFit {
  const n = excesses.length;
  const mean = excesses.reduce((sum, y) => sum + y, 0) / n;
  const largest = excesses.reduce((a, b) => Math.max(a, b), 0);
  const shapeOf = (x: number): number => excesses.reduce((sum, y) => sum + Math.log1p(x * y), 0) / n;
  const profile = (x: number): number => {
    if (Math.abs(x) * mean < 1e-9) return -Math.log(mean) - 1;
    const shape = shapeOf(x);
    // Outside the regular range the profile is not wanted, however high.
    return shape < lowestShape ? -Infinity : -Math.log(shape / x) - shape - 1;
  };
  const grid = [0];
  for (let k = 0; k <= 160; k++) {
    const size = 10 ** (-4 + k / 20) / mean;
    grid.push(size);
  }
  // Negative side: down to −1/largest, closer and closer.
  for (let k = 0; k <= 120; k++) grid.push(-(1 - 10 ** (-k / 15)) / largest);
  grid.sort((a, b) => a - b);
  const heights = grid.map(profile);
  const top = heights.indexOf(heights.reduce((a, b) => Math.max(a, b), -Infinity));
  const x = goldenMaximum(profile, grid[Math.max(0, top - 1)]!, grid[Math.min(grid.length - 1, top + 1)]!);
  if (Math.abs(x) * mean < 1e-9) return { shape: 0, scale: mean };
  const shape = shapeOf(x);
  return { shape, scale: shape / x };
}

function goldenMaximum(f: (x: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = from;
  let high = to;
  let a = high - ratio * (high - low);
  let b = low + ratio * (high - low);
  let fa = f(a);
  let fb = f(b);
  for (let k = 0; k < 80; k++) {
    if (fa >= fb) {
      [high, b, fb] = [b, a, fa];
      a = high - ratio * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + ratio * (high - low);
      fb = f(b);
    }
  }
  return (low + high) / 2;
}
