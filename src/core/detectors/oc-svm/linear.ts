import type { Tensor2D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { RunContext, TensorFlow } from '../detector';
import { invertedTransposedCholesky } from '../shared/whitening';
import { chosenRows } from '../shared/window-detector';

/** Newton's decrement at which a width is done, of an objective below 1. */
const DECREMENT = 1e-10;
const MOST_STEPS = 40;
const MOST_HALVINGS = 30;
/** Share of a promised decrease that must come true (Armijo). */
const SUFFICIENT = 1e-4;
/** Precision of the number of windows outside, and trials to reach it. */
const SLOPES_PRECISION = 1e-13;
const MOST_TRIALS = 100;

/**
 * One-class support vector machine that is linear in the features φ of some windows, of which `outside` in all may be outside: minimises
 *
 *   ½ |w|² − ρ + Σ_i max(0, ρ − w·φ_i) / outside
 *
 * by Newton's method on a hinge that is rounded over ±h, for ever smaller h; ρ is always the best one for w.
 *
 * @see Schölkopf et al. 2001; Chapelle 2007 (Newton's method on a rounded hinge).
 */
export class LinearMachine {
  private width = Number.MIN_VALUE;
  /** ρ that was found last: the next one is near. */
  private last = Number.NaN;
  private readonly p: number;

  constructor(
    private readonly tf: TensorFlow,
    /** [B, p] */
    private readonly features: Float32Array,
    count: number,
    private readonly outside: number,
  ) {
    this.p = features.length / count;
  }

  async minimise(
    start: Float64Array,
    widths: readonly number[],
    run: Pick<RunContext, 'checkpoint'>,
  ): Promise<{ readonly weights: Float64Array; readonly rho: number; readonly width: number }> {
    let point: Point = { weights: start, sums: this.sums(start) };
    for (const share of widths) {
      const sorted = point.sums.slice().sort();
      this.width = Math.max(share * (sorted.at(-1)! - sorted[0]!), Number.MIN_VALUE);
      for (let step = 0; step < MOST_STEPS; step++) {
        await run.checkpoint();
        const gradient = this.gradient(point);
        const direction = this.direction(point, gradient);
        const decrement = -dot(gradient, direction);
        if (!(decrement > DECREMENT)) break;
        const next = this.search(point, direction, decrement);
        if (!next) break;
        point = next;
      }
    }
    return { weights: point.weights, rho: this.rho(point.sums), width: this.width };
  }

  private sums(weights: Float64Array): Float64Array {
    const { features, p } = this;
    const sums = new Float64Array(features.length / p);
    for (let row = 0, at = 0; row < sums.length; row++) {
      let sum = 0;
      for (let l = 0; l < p; l++, at++) sum += weights[l]! * features[at]!;
      sums[row] = sum;
    }
    return sums;
  }

  /** The first point on the way, from a whole step back, that keeps what the direction promises. */
  private search(point: Point, direction: Float64Array, decrement: number): Point | null {
    const now = this.objective(point);
    const change = this.sums(direction);
    for (let halvings = 0, step = 1; halvings < MOST_HALVINGS; halvings++, step /= 2) {
      const next = {
        weights: point.weights.map((weight, l) => weight + step * direction[l]!),
        sums: point.sums.map((sum, at) => sum + step * change[at]!),
      };
      if (this.objective(next) <= now - SUFFICIENT * step * decrement) return next;
    }
    return null;
  }

  private objective({ weights, sums }: Point): number {
    const { width, outside } = this;
    const rho = this.rho(sums);
    let loss = 0;
    for (const sum of sums) {
      const over = rho - sum;
      loss += over > width ? over : over < -width ? 0 : (over + width) ** 2 / (4 * width);
    }
    return dot(weights, weights) / 2 - rho + loss / outside;
  }

  /** The ρ at which the slopes of the hinges are as many as may be outside: Newton's method, inside of ever closer bounds. */
  private rho(sums: Float64Array): number {
    const { width, outside } = this;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const sum of sums) {
      low = Math.min(low, sum - width);
      high = Math.max(high, sum + width);
    }
    let rho = this.last;
    for (let i = 0; i < MOST_TRIALS; i++) {
      if (!(rho > low && rho < high)) rho = (low + high) / 2;
      let [slopes, bent] = [0, 0];
      for (let row = 0; row < sums.length; row++) {
        const slope = slopeOf(rho - sums[row]!, width);
        slopes += slope;
        if (slope > 0 && slope < 1) bent++;
      }
      const excess = slopes - outside;
      if (Math.abs(excess) < SLOPES_PRECISION * outside) break;
      if (excess < 0) low = rho;
      else high = rho;
      // Without any that is bent the bounds' middle is next.
      rho -= (2 * width * excess) / bent;
    }
    this.last = rho;
    return rho;
  }

  /** w − Σ_i slope_i φ_i / (νn) */
  private gradient({ weights, sums }: Point): Float64Array {
    const { width, outside, features, p } = this;
    const rho = this.rho(sums);
    const gradient = weights.slice();
    sums.forEach((sum, row) => {
      const slope = slopeOf(rho - sum, width) / outside;
      if (slope > 0) for (let l = 0, at = row * p; l < p; l++, at++) gradient[l] = gradient[l]! - slope * features[at]!;
    });
    return gradient;
  }

  /** Newton's: the curvature is 1 and the spread of the features of the windows where the hinge is rounded; ρ follows the weights. */
  private direction({ sums }: Point, gradient: Float64Array): Float64Array {
    const { tf, width, outside, features, p } = this;
    const rho = this.rho(sums);
    const bent = Int32Array.from(sums.keys()).filter((row) => Math.abs(rho - sums[row]!) <= width);
    const curvature = new Float64Array(p * p);
    if (bent.length > 0) curvature.set(spreadOf(tf, chosenRows(features, p, bent), p));
    for (let at = 0; at < curvature.length; at++) {
      curvature[at] = curvature[at]! / (2 * width * outside) + (at % (p + 1) === 0 ? 1 : 0);
    }
    const inverse = invertedTransposedCholesky(curvature, p);
    const half = lowerTimes(inverse, gradient);
    return half.map((_, a) => {
      let sum = 0;
      for (let b = a; b < p; b++) sum += inverse[a * p + b]! * half[b]!;
      return -sum;
    });
  }
}

interface Point {
  /** [p] */
  readonly weights: Float64Array;
  /** [B] decision values of the windows. */
  readonly sums: Float64Array;
}

/** Transposed upper triangle [p, p] times a vector. */
export function lowerTimes(upper: Float64Array, vector: Float64Array): Float64Array {
  const p = vector.length;
  const result = new Float64Array(p);
  for (let a = 0; a < p; a++) for (let b = a; b < p; b++) result[b] = result[b]! + upper[a * p + b]! * vector[a]!;
  return result;
}

/** Slope of the rounded hinge: 0 inside, 1 outside. */
const slopeOf = (over: number, width: number): number => Math.min(1, Math.max(0, (over + width) / (2 * width)));

/** [p, p] Σ (x − mean)(x − mean)ᵀ of rows [B, p]. */
function spreadOf(tf: TensorFlow, rows: Float32Array, p: number): Float32Array {
  return valuesOf(tf, () => {
    const matrix = tf.tensor2d(rows, [rows.length / p, p]);
    const centred = tf.sub(matrix, tf.mean(matrix, 0, true)) as Tensor2D;
    return tf.matMul(centred, centred, true, false);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
