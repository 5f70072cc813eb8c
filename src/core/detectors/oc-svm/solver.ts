import type { RunContext } from '../detector';
import type { RbfKernel } from './kernel';

/** Largest difference of two gradients that may still be traded against each other; libsvm's default. */
const TOLERANCE = 1e-3;
/** The same as a share of the range of the gradients, which are all alike where few vectors may be outside. */
const TOLERANCE_OF_RANGE = 3e-5;
/** Curvature of two equal vectors. */
const LEAST_CURVATURE = 1e-12;
/** Steps between two looks at whether to stop. */
const STEPS_A_LOOK = 256;

/** A point of the dual problem over all vectors of a kernel. */
export interface DualPoint {
  /** [n] weights, 0 to 1. */
  readonly alpha: Float64Array;
  /** [n] K·alpha. */
  readonly gradient: Float64Array;
}

export interface Solution extends DualPoint {
  /** Offset: the decision function is Σ alpha_i k(x_i, x) − rho. */
  readonly rho: number;
  readonly steps: number;
}

type Pause = Pick<RunContext, 'checkpoint'>;

/**
 * Dual of the one-class support vector machine: minimises ½ αᵀKα under 0 ≤ α ≤ 1 and Σα = total, by sequential minimal optimisation with
 * second-order selection of the pair.
 *
 * @param use - numbers of the vectors that may have weight. @param total - ν times their number.
 * @param start - a point to come from, e.g. the solution over more vectors.
 * @see Schölkopf et al. 2001; Fan, Chen and Lin 2005 (WSS 2); Chang and Lin 2011 (libsvm, in whose scaling this is).
 */
export async function solveOneClass(
  kernel: RbfKernel,
  use: Int32Array,
  total: number,
  start: DualPoint,
  run: Pause,
): Promise<Solution> {
  const { alpha, gradient } = await feasible(kernel, use, total, start, run);
  const tolerance = Math.min(TOLERANCE, TOLERANCE_OF_RANGE * rangeOf(use, gradient));
  for (let steps = 0; ; steps++) {
    if (steps % STEPS_A_LOOK === 0) await run.checkpoint();
    const up = smallest(use, alpha, gradient);
    const down = up < 0 ? -1 : partner(kernel.row(up), up, use, alpha, gradient, tolerance);
    if (down < 0) return { alpha, gradient, rho: offset(use, alpha, gradient), steps };
    const [a, b] = [kernel.row(up), kernel.row(down)];
    const curvature = Math.max(2 - 2 * a[down]!, LEAST_CURVATURE);
    const wanted = (gradient[down]! - gradient[up]!) / curvature;
    const step = Math.min(wanted, 1 - alpha[up]!, alpha[down]!);
    // The bounds exactly, not by a sum: what is at one is known by it.
    alpha[up] = step === 1 - alpha[up]! ? 1 : alpha[up]! + step;
    alpha[down] = step === alpha[down]! ? 0 : alpha[down]! - step;
    for (let t = 0; t < gradient.length; t++) gradient[t] = gradient[t]! + step * (a[t]! - b[t]!);
  }
}

function rangeOf(use: Int32Array, gradient: Float64Array): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const t of use) {
    least = Math.min(least, gradient[t]!);
    most = Math.max(most, gradient[t]!);
  }
  return most - least;
}

/** Vector that gains most from more weight: the smallest gradient of those below 1; −1 for none. */
function smallest(use: Int32Array, alpha: Float64Array, gradient: Float64Array): number {
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  for (const t of use) {
    if (alpha[t]! < 1 && gradient[t]! < least) {
      best = t;
      least = gradient[t]!;
    }
  }
  return best;
}

/** Vector whose weight is best given to `up`: the largest decrease of the objective; −1 at the solution. */
function partner(
  row: Float32Array,
  up: number,
  use: Int32Array,
  alpha: Float64Array,
  gradient: Float64Array,
  tolerance: number,
): number {
  let [best, most, largest] = [-1, 0, 0];
  for (const t of use) {
    const difference = gradient[t]! - gradient[up]!;
    if (!(alpha[t]! > 0) || difference <= 0) continue;
    if (difference > largest) largest = difference;
    const gain = (difference * difference) / Math.max(2 - 2 * row[t]!, LEAST_CURVATURE);
    if (gain > most) {
      best = t;
      most = gain;
    }
  }
  return largest < tolerance ? -1 : best;
}

/** Mean gradient of the vectors between the bounds; without any, the middle of what the bounds allow. */
function offset(use: Int32Array, alpha: Float64Array, gradient: Float64Array): number {
  let [free, sum, above, below] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const t of use) {
    if (alpha[t] === 1) below = Math.max(below, gradient[t]!);
    else if (alpha[t] === 0) above = Math.min(above, gradient[t]!);
    else {
      free++;
      sum += gradient[t]!;
    }
  }
  if (free > 0) return sum / free;
  return Number.isFinite(above) && Number.isFinite(below) ? (above + below) / 2 : Number.isFinite(above) ? above : below;
}

/**
 * The start with no weight outside of `use` and `total` in all: weight is added where the gradient is smallest, and taken where it is largest.
 * Only the rows whose weight changes are needed.
 */
async function feasible(kernel: RbfKernel, use: Int32Array, total: number, start: DualPoint, run: Pause): Promise<DualPoint> {
  const alpha = new Float64Array(kernel.count);
  let missing = total;
  for (const t of use) {
    alpha[t] = start.alpha[t]!;
    missing -= alpha[t];
  }
  const order = use.slice().sort((s, t) => start.gradient[s]! - start.gradient[t]! || s - t);
  if (missing < 0) order.reverse();
  for (const t of order) {
    const change = missing > 0 ? Math.min(missing, 1 - alpha[t]!) : Math.max(missing, -alpha[t]!);
    alpha[t] = alpha[t]! + change;
    missing -= change;
    if (missing === 0) break;
  }
  const gradient = start.alpha.some((weight) => weight > 0) ? start.gradient.slice() : new Float64Array(kernel.count);
  const changed = [...alpha.keys()].filter((t) => alpha[t] !== start.alpha[t]);
  for (const block of kernel.blocks(changed)) {
    await run.checkpoint();
    for (const [i, row] of block) {
      const change = alpha[i]! - start.alpha[i]!;
      for (let t = 0; t < gradient.length; t++) gradient[t] = gradient[t]! + change * row[t]!;
    }
  }
  return { alpha, gradient };
}
