import { valuesOf } from '../../tensor/layers';
import type { RunContext, TensorFlow } from '../detector';
import { invertedTransposedCholesky } from '../shared/whitening';
import { chosenRows } from '../shared/window-detector';
import { GaussianRows } from './kernel';
import { LinearMachine, lowerTimes } from './linear';

/** Windows between two looks at whether to stop. */
const ROWS_A_LOOK = 8192;
/** Added to the kernels among the landmarks for each of them: of smaller eigenvalues float32 leaves only rounding. */
const RIDGE = 1e-7;
/** Half widths of the rounded hinge in turn, as shares of the range of the decision values; from a known solution only the last ones. */
const WIDTHS = [0.3, 0.03, 0.003];
const WIDTHS_FROM_KNOWN = WIDTHS.slice(-2);
/** Windows that are looked at, in shares that may be outside, and at least so many a landmark; the others are far inside. */
const SHARES_LOOKED_AT = 4;
const LOOKED_AT_A_LANDMARK = 10;

type Pause = Pick<RunContext, 'checkpoint'>;

/** Kernels exp(−γ|x − y|²) of windows with some of them, the landmarks. */
export class LandmarkKernels {
  /** [m, m] among the landmarks, with the ridge. */
  readonly among: Float64Array;

  /** @param values - [n, m]. @param landmarks - [m] numbers of the windows that are landmarks. */
  constructor(
    readonly values: Float32Array,
    readonly landmarks: Int32Array,
  ) {
    const m = landmarks.length;
    this.among = new Float64Array(m * m);
    for (let a = 0; a < m; a++) {
      for (let b = 0; b < m; b++) {
        const both = values[landmarks[a]! * m + b]! + values[landmarks[b]! * m + a]!;
        this.among[a * m + b] = a === b ? 1 + RIDGE * m : both / 2;
      }
    }
  }

  /** @param sample - [n, width] */
  static async of(
    tf: TensorFlow,
    sample: Float32Array,
    width: number,
    landmarks: Int32Array,
    gamma: number,
    run: Pause,
  ): Promise<LandmarkKernels> {
    const values = new Float32Array((sample.length / width) * landmarks.length);
    const rows = new GaussianRows(tf, chosenRows(sample, width, landmarks), width, gamma);
    try {
      for (let from = 0; from * width < sample.length; from += ROWS_A_LOOK) {
        await run.checkpoint();
        const part = sample.subarray(from * width, (from + ROWS_A_LOOK) * width);
        const kernels = valuesOf(tf, () => tf.exp(rows.exponents(rows.centred(part))));
        values.set(kernels, from * landmarks.length);
      }
    } finally {
      rows.dispose();
    }
    return new LandmarkKernels(values, landmarks);
  }

  /** Σ_l beta_l k(landmark_l, x) of some windows. */
  async sums(use: Int32Array, beta: Float64Array, run: Pause): Promise<Float64Array> {
    const { values } = this;
    const m = beta.length;
    const sums = new Float64Array(use.length);
    for (let at = 0; at < use.length; at++) {
      if (at % ROWS_A_LOOK === 0) await run.checkpoint();
      const from = use[at]! * m;
      let sum = 0;
      for (let l = 0; l < m; l++) sum += beta[l]! * values[from + l]!;
      sums[at] = sum;
    }
    return sums;
  }
}

/** The boundary is where Σ beta_l k(landmark_l, x) = rho. The weights of the windows outside are 1 in all, so that both are below 1. */
export interface LandmarkBoundary {
  /** [m] */
  readonly beta: Float64Array;
  readonly rho: number;
}

/**
 * One-class support vector machine over Nyström features: the kernel k(x, y) is taken as k_x K⁻¹ k_y, with the kernels k_x [m] of x with
 * the landmarks and K [m, m] = GGᵀ among these. The machine is then linear in the features G⁻¹k_x. Time and memory grow in proportion to the
 * windows.
 *
 * @param use - numbers of the windows that are fitted. @param nu - share of them that may be outside.
 * @param known - places of the landmarks that may have weight. @param start - [m] a solution to come from.
 * @see Williams and Seeger 2001.
 */
export async function solveLandmarks(
  tf: TensorFlow,
  kernels: LandmarkKernels,
  use: Int32Array,
  nu: number,
  known: Int32Array,
  run: Pause,
  start?: Float64Array,
): Promise<LandmarkBoundary> {
  const features = new Features(tf, kernels, known);
  const outside = nu * use.length;
  let point = features.coordinates(start ?? new Float64Array(kernels.landmarks.length).fill(1 / known.length));
  let all = await kernels.sums(use, features.coefficients(point), run);
  const most = Math.max(Math.ceil(SHARES_LOOKED_AT * outside), LOOKED_AT_A_LANDMARK * known.length);
  const lowest = all.slice().sort()[Math.min(use.length - 1, most)]!;
  let near = use.filter((_, at) => all[at]! <= lowest);
  for (let widths = start ? WIDTHS_FROM_KNOWN : WIDTHS; ; widths = WIDTHS_FROM_KNOWN) {
    const found = await new LinearMachine(tf, features.of(near), near.length, outside).minimise(point, widths, run);
    point = found.weights;
    const beta = features.coefficients(point);
    all = await kernels.sums(use, beta, run);
    // None that was not looked at may be at the boundary.
    const looked = new Set(near);
    const missed = use.filter((t, at) => all[at]! < found.rho + found.width && !looked.has(t));
    if (missed.length === 0) return { beta, rho: found.rho };
    near = Int32Array.from([...near, ...missed]).sort();
  }
}

/** Coordinates in the span of the landmarks: with K = GGᵀ the features of x are G⁻¹k_x, and weights w of them mean β = G⁻ᵀw. */
class Features {
  /** [p, p] G⁻ᵀ, upper triangle. */
  private readonly inverse: Float64Array;

  constructor(
    private readonly tf: TensorFlow,
    private readonly kernels: LandmarkKernels,
    private readonly known: Int32Array,
  ) {
    this.inverse = invertedTransposedCholesky(this.among(), known.length);
  }

  /** [p, p] */
  private among(): Float64Array {
    const { known, kernels } = this;
    const m = kernels.landmarks.length;
    return Float64Array.from({ length: known.length ** 2 }, (_, at) => {
      const [a, b] = [Math.floor(at / known.length), at % known.length];
      return kernels.among[known[a]! * m + known[b]!]!;
    });
  }

  /** [m] */
  coefficients(weights: Float64Array): Float64Array {
    const p = weights.length;
    const beta = new Float64Array(this.kernels.landmarks.length);
    this.known.forEach((l, a) => {
      for (let b = a; b < p; b++) beta[l] = beta[l]! + this.inverse[a * p + b]! * weights[b]!;
    });
    return beta;
  }

  /** [p] weights of the same function; landmarks that are not known are left out. */
  coordinates(beta: Float64Array): Float64Array {
    const p = this.known.length;
    const products = new Float64Array(p);
    const among = this.among();
    for (let a = 0; a < p; a++) for (let b = 0; b < p; b++) products[a] = products[a]! + among[a * p + b]! * beta[this.known[b]!]!;
    return lowerTimes(this.inverse, products);
  }

  /** [B, p] of some windows. */
  of(use: Int32Array): Float32Array {
    const { tf, kernels, known, inverse } = this;
    const m = kernels.landmarks.length;
    const rows = chosenRows(kernels.values, m, use);
    return valuesOf(tf, () => {
      const matrix = tf.gather(tf.tensor2d(rows, [use.length, m]), tf.tensor1d(known, 'int32'), 1);
      return tf.matMul(matrix, tf.tensor2d(Float32Array.from(inverse), [known.length, known.length]));
    });
  }
}
