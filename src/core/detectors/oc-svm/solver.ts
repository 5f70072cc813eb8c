import type { RunContext } from '../detector';
import type { RbfKernel } from './kernel';

/** Largest difference of two gradients that may still be traded against each other; libsvm's default. */
const TOLERANCE = 1e-3;
/** The same as a share of the range of the gradients, which are all alike where few vectors may be outside. */
const TOLERANCE_OF_RANGE = 3e-5;
/** Curvature of two equal vectors. */
const LEAST_CURVATURE = 1e-12;
/** Steps between two looks at whether to stop, and at which vectors are still worth looking at. */
const STEPS_A_LOOK = 64;

/** Rows of the kernel that are added in one pass over the gradients. */
const ROWS_AT_ONCE = 4;

/** Rows of the kernel that are calculated when one is missing. */
const ROWS_AHEAD = 12;

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
 * second-order selection of the pair. Most vectors are deep inside and soon left alone (shrinking); at the end all are looked at again.
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
  const problem = new Problem(kernel, start);
  const given = feasible(use, total, start);
  for (const t of given.keys()) problem.change(t, given[t]! - start.alpha[t]!);
  await problem.refresh(run);
  const { alpha, gradient } = problem;
  const tolerance = Math.min(TOLERANCE, TOLERANCE_OF_RANGE * rangeOf(use, gradient));
  let active = movable(use, alpha, gradient);
  for (let steps = 0; ; steps++) {
    if (steps % STEPS_A_LOOK === 0) {
      await run.checkpoint();
      active = movable(active, alpha, gradient);
    }
    const up = smallest(active, alpha, gradient);
    if (up >= 0 && !kernel.has(up)) kernel.know(likely(active, alpha, gradient, kernel));
    const down = up < 0 ? -1 : partner(kernel.row(up), up, active, alpha, gradient, tolerance);
    if (down < 0) {
      await problem.refresh(run);
      const all = movable(use, alpha, gradient);
      // None that was left alone could move after all.
      if (violation(all, alpha, gradient) < tolerance) return { alpha, gradient, rho: offset(use, alpha, gradient), steps };
      active = all;
      continue;
    }
    problem.trade(up, down, active);
  }
}

/** Weights and gradients; those of vectors that are left alone wait until `refresh`. */
class Problem {
  readonly alpha: Float64Array;
  readonly gradient: Float64Array;
  /** [n] weights that all gradients have in them. */
  private readonly settled: Float64Array;
  /** [n] the gradients of these. */
  private readonly old: Float64Array;
  private readonly changed = new Set<number>();

  constructor(
    private readonly kernel: RbfKernel,
    start: DualPoint,
  ) {
    this.settled = start.alpha.slice();
    this.alpha = start.alpha.slice();
    const any = start.alpha.some((weight) => weight > 0);
    this.old = any ? start.gradient.slice() : new Float64Array(kernel.count);
    this.gradient = this.old.slice();
  }

  change(t: number, difference: number): void {
    if (difference === 0) return;
    this.alpha[t] = this.alpha[t]! + difference;
    this.changed.add(t);
  }

  /** Weight from `down` to `up`, as much as is best; gradients of `active` follow. */
  trade(up: number, down: number, active: Int32Array): void {
    const { kernel, alpha, gradient, changed } = this;
    const [a, b] = [kernel.row(up), kernel.row(down)];
    const curvature = Math.max(2 - 2 * a[down]!, LEAST_CURVATURE);
    const wanted = (gradient[down]! - gradient[up]!) / curvature;
    const step = Math.min(wanted, 1 - alpha[up]!, alpha[down]!);
    // The bounds exactly, not by a sum: what is at one is known by it.
    alpha[up] = step === 1 - alpha[up]! ? 1 : alpha[up]! + step;
    alpha[down] = step === alpha[down]! ? 0 : alpha[down]! - step;
    changed.add(up).add(down);
    for (let at = 0; at < active.length; at++) {
      const t = active[at]!;
      gradient[t] = gradient[t]! + step * (a[t]! - b[t]!);
    }
  }

  /** Brings all gradients up to date: once for all steps a vector took part in. */
  async refresh(run: Pause): Promise<void> {
    const { kernel, alpha, gradient, settled, old, changed } = this;
    for (const block of kernel.blocks([...changed])) {
      await run.checkpoint();
      for (let at = 0; at < block.length; at += ROWS_AT_ONCE) {
        const rows = block.slice(at, at + ROWS_AT_ONCE);
        const differences = rows.map(([i]) => alpha[i]! - settled[i]!);
        addRows(
          old,
          rows.map(([, row]) => row),
          differences,
        );
        for (const [i] of rows) settled[i] = alpha[i]!;
      }
    }
    changed.clear();
    gradient.set(old);
  }
}

/** Adds up to four rows, each times a factor: the sums are read and written once for all. */
function addRows(sums: Float64Array, rows: readonly Float32Array[], factors: readonly number[]): void {
  const [a, b, c, d] = [rows[0]!, rows[1] ?? rows[0]!, rows[2] ?? rows[0]!, rows[3] ?? rows[0]!];
  const [fa, fb, fc, fd] = [factors[0]!, factors[1] ?? 0, factors[2] ?? 0, factors[3] ?? 0];
  for (let t = 0; t < sums.length; t++) sums[t] = sums[t]! + (fa * a[t]! + fb * b[t]!) + (fc * c[t]! + fd * d[t]!);
}

function rangeOf(use: Int32Array, gradient: Float64Array): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const t of use) {
    least = Math.min(least, gradient[t]!);
    most = Math.max(most, gradient[t]!);
  }
  return most - least;
}

/** Smallest gradient of the vectors that may take weight, and largest of those that may give some. */
function extremes(use: Int32Array, alpha: Float64Array, gradient: Float64Array): readonly [take: number, give: number] {
  let [take, give] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < use.length; at++) {
    const t = use[at]!;
    const value = gradient[t]!;
    if (alpha[t]! < 1 && value < take) take = value;
    if (alpha[t]! > 0 && value > give) give = value;
  }
  return [take, give];
}

function violation(use: Int32Array, alpha: Float64Array, gradient: Float64Array): number {
  const [take, give] = extremes(use, alpha, gradient);
  return give - take;
}

/** Without the vectors at a bound for which there is no partner to trade with. */
function movable(use: Int32Array, alpha: Float64Array, gradient: Float64Array): Int32Array {
  const [take, give] = extremes(use, alpha, gradient);
  return use.filter((t) => (alpha[t]! < 1 && gradient[t]! <= give) || (alpha[t]! > 0 && gradient[t]! >= take));
}

/** Vector that gains most from more weight: the smallest gradient of those below 1; −1 for none. */
function smallest(use: Int32Array, alpha: Float64Array, gradient: Float64Array): number {
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  for (let at = 0; at < use.length; at++) {
    const t = use[at]!;
    if (gradient[t]! < least && alpha[t]! < 1) {
      best = t;
      least = gradient[t]!;
    }
  }
  return best;
}

/** Vectors that are next in turn for weight and whose rows are not known: one product for several of them costs little more than for one. */
function likely(use: Int32Array, alpha: Float64Array, gradient: Float64Array, kernel: RbfKernel): number[] {
  const candidates = use.filter((t) => alpha[t]! < 1 && !kernel.has(t));
  return [...candidates.sort((s, t) => gradient[s]! - gradient[t]! || s - t).subarray(0, ROWS_AHEAD)];
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
  for (let at = 0; at < use.length; at++) {
    const t = use[at]!;
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

/** The start with no weight outside of `use` and `total` in all: weight is added where the gradient is smallest, and taken where it is largest. */
function feasible(use: Int32Array, total: number, start: DualPoint): Float64Array {
  const alpha = new Float64Array(start.alpha.length);
  let missing = total;
  for (const t of use) {
    alpha[t] = start.alpha[t]!;
    missing -= alpha[t];
  }
  const sign = missing > 0 ? 1 : -1;
  const able = use.filter((t) => (missing > 0 ? alpha[t]! < 1 : alpha[t]! > 0));
  const costs = Float64Array.from(able, (t) => sign * start.gradient[t]!).sort();
  // Of the first so many, enough are at the other bound and change by 1 each.
  const between = able.reduce((count, t) => count + (alpha[t]! > 0 && alpha[t]! < 1 ? 1 : 0), 0);
  const last = costs[Math.min(costs.length - 1, Math.ceil(Math.abs(missing)) + between)]!;
  const order = able.filter((t) => sign * start.gradient[t]! <= last);
  order.sort((s, t) => sign * (start.gradient[s]! - start.gradient[t]!) || s - t);
  for (const t of order) {
    const change = missing > 0 ? Math.min(missing, 1 - alpha[t]!) : Math.max(missing, -alpha[t]!);
    alpha[t] = alpha[t]! + change;
    missing -= change;
    if (missing === 0) break;
  }
  return alpha;
}
