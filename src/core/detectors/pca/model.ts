import { momentsOf, referenceOf, standardised, without, type Rows } from '../shared/covariance';
import { symmetricEigen } from '../shared/symmetric-eigen';
import { hotellingLimit, squaredErrorLimit } from './limits';

/** Principal components of columns that are standardised, or only centred (scale 1). */
export interface Components {
  /** [d] what is taken off each column, and what it is divided by. */
  readonly mean: ArrayLike<number>;
  readonly scale: ArrayLike<number>;
  /** [d] eigenvalues of the covariance, descending. */
  readonly variances: ArrayLike<number>;
  /** [d, d] one component a row. */
  readonly vectors: Float32Array | Float64Array;
}

export type Statistic = 'combined' | 't2' | 'q' | 'weighted';

/** How much of the components is kept, and the control limits of the two statistics. */
export interface Control {
  /** Components kept. */
  readonly kept: number;
  /** Components with a variance at all. */
  readonly rank: number;
  readonly t2Limit: number;
  readonly qLimit: number;
}

/** Variance below this share of the largest is rounding. */
const NO_VARIANCE = 1e-12;

/** Whether columns are divided by their standard deviation: components of the correlations, or of the covariances. */
export type Scaling = 'standard' | 'none';

type Fit = { readonly [K in keyof Components]: Float64Array };

/**
 * Fits to parts of some rows. The products of all are summed once; those of the smaller side of a part, used or left out, for each part.
 *
 * @param rows - [N, d], N >= 2. @param pause - awaited once a block of rows.
 */
export async function componentsFitter(
  rows: Rows,
  d: number,
  pause: () => Promise<void>,
  scaling: Scaling = 'standard',
): Promise<(use: Int32Array) => Promise<Fit>> {
  const everything = Int32Array.from({ length: rows.length / d }, (_, i) => i);
  const reference = referenceOf(rows, d);
  const all = await momentsOf(rows, d, everything, reference, pause);
  return async (use) => {
    const left = new Uint8Array(everything.length).fill(1);
    for (const row of use) left[row] = 0;
    const rest = everything.filter((row) => left[row] === 1);
    const moments =
      rest.length < use.length
        ? without(all, await momentsOf(rows, d, rest, reference, pause))
        : await momentsOf(rows, d, use, reference, pause);
    const { mean, scale: spread, covariance } = standardised(moments, reference);
    const scale = scaling === 'standard' ? spread : new Float64Array(d).fill(1);
    if (scaling === 'none')
      covariance.forEach((value, at) => (covariance[at] = value * spread[Math.floor(at / d)]! * spread[at % d]!));
    await pause();
    const { values, vectors } = symmetricEigen(covariance, d);
    return { mean, scale, variances: values.map((value) => Math.max(0, value)), vectors };
  };
}

/**
 * @param rows - of the fit. @param components - number to keep; 0 for as many as hold the share `variance`.
 * @param confidence - of the limits.
 */
export function controlOf(
  { variances }: Pick<Components, 'variances'>,
  rows: number,
  { components, variance, confidence }: { readonly components: number; readonly variance: number; readonly confidence: number },
): Control {
  const values = Float64Array.from(variances);
  const rank = Math.max(1, values.filter((value) => value > NO_VARIANCE * values[0]!).length);
  const total = values.reduce((sum, value) => sum + value, 0);
  let kept = components;
  for (let sum = 0; components === 0 && kept < rank && sum < variance * total; kept++) sum += values[kept]!;
  // The limit of T² needs a row more than components.
  kept = Math.max(1, Math.min(kept, rank, rows - 1));
  return {
    ...{ kept, rank, t2Limit: hotellingLimit(rows, kept, confidence) },
    qLimit: Math.max(squaredErrorLimit(values.subarray(kept), confidence), NO_VARIANCE * total, Number.MIN_VALUE),
  };
}

/** What is said of one row, until the next one is asked for. Squares: T² and Q in their own units, their parts by column. */
export interface RowStatistics {
  readonly t2: number;
  readonly q: number;
  /** PyOD's score: sum over all components of the distance from the row to the component's unit vector over its share of variance. */
  readonly weighted: number;
  /** [d] additive parts of the chosen statistic, at least 0. */
  readonly parts: Float64Array;
  /** [d] the row rebuilt from the kept components, in the units of the data. */
  readonly rebuilt: Float64Array;
}

/**
 * Statistics of rows under some components, in float64.
 *
 * T² = Σ tᵢ²/λᵢ over the kept components, Q = |x − x̂|². Parts of Q are the squared residuals; those of T² are the squares of P Λ^(−1/2) t,
 * which add up to T² and are never negative (complete decomposition, Alcala and Qin 2011). The combined index is T²/limit + Q/limit
 * (Yue and Qin 2001).
 */
export class Statistics {
  private readonly d: number;
  private readonly components: { readonly [K in keyof Components]: Float64Array };
  /** [d, kept] the kept components, a column each. */
  private readonly loadings: Float64Array;
  private readonly scores: Float64Array;
  /** [kept] the first of the scores. */
  private readonly keptScores: Float64Array;
  private readonly units: Float64Array;
  private readonly standardised: Float64Array;
  private readonly weights: Float64Array;
  private readonly rebuilt: Float64Array;
  private readonly parts: Float64Array;

  constructor(
    components: Components,
    private readonly control: Control,
    private readonly statistic: Statistic,
  ) {
    const { mean, scale, variances, vectors } = components;
    const d = mean.length;
    this.d = d;
    // In float64 once, for every row is calculated in it.
    this.components = {
      ...{ mean: Float64Array.from(mean), scale: Float64Array.from(scale) },
      ...{ variances: Float64Array.from(variances), vectors: Float64Array.from(vectors) },
    };
    const { kept } = control;
    this.loadings = Float64Array.from({ length: d * kept }, (_, at) => vectors[(at % kept) * d + Math.floor(at / kept)]!);
    this.scores = new Float64Array(d);
    this.keptScores = this.scores.subarray(0, kept);
    this.units = new Float64Array(kept);
    this.standardised = new Float64Array(d);
    this.rebuilt = new Float64Array(d);
    this.parts = new Float64Array(d);
    const total = this.components.variances.reduce((sum, variance) => sum + variance, 0);
    this.weights = Float64Array.from({ length: control.rank }, (_, i) => total / variances[i]!);
  }

  /** @param rows - [N, d]. @param onlyPoints - true where nobody asks for the parts: they may then be 0. */
  of(rows: Rows, row: number, onlyPoints = false): RowStatistics {
    const { d, standardised: x, scores, units, loadings, components, control, statistic } = this;
    const { mean, scale, vectors, variances } = components;
    const { kept } = control;
    for (let j = 0, at = row * d; j < d; j++, at++) x[j] = (rows[at]! - mean[j]!) / scale[j]!;
    const used = statistic === 'weighted' ? control.rank : kept;
    multiply(vectors, x, used, scores);
    let t2 = 0;
    for (let i = 0; i < kept; i++) {
      const unit = scores[i]! / Math.sqrt(variances[i]!);
      units[i] = unit;
      t2 += unit * unit;
    }
    const { rebuilt, parts } = this;
    const [ofT2, ofQ] = this.shares();
    if (!onlyPoints && ofT2 > 0) multiply(loadings, units, d, parts);
    else parts.fill(0);
    multiply(loadings, this.keptScores, d, rebuilt);
    let q = 0;
    for (let j = 0; j < d; j++) {
      const along = rebuilt[j]!;
      const whitened = parts[j]!;
      const residual = x[j]! - along;
      q += residual * residual;
      parts[j] = ofT2 * whitened * whitened + ofQ * residual * residual;
      rebuilt[j] = mean[j]! + scale[j]! * along;
    }
    return { t2, q, weighted: statistic === 'weighted' ? this.weightedDistance(parts) : Number.NaN, parts, rebuilt };
  }

  /** Weight of the parts of T² and of Q in the parts of the statistic. */
  private shares(): readonly [number, number] {
    const { t2Limit, qLimit } = this.control;
    if (this.statistic === 'combined') return [1 / t2Limit, 1 / qLimit];
    return this.statistic === 't2' ? [1, 0] : [0, 1];
  }

  /** √s = s/√s, so each distance falls apart into its squared differences over itself. */
  private weightedDistance(parts: Float64Array): number {
    const { d, standardised: x, weights, scores } = this;
    const { vectors } = this.components;
    const length = x.reduce((sum, value) => sum + value * value, 0);
    parts.fill(0);
    let score = 0;
    for (let i = 0; i < weights.length; i++) {
      const distance = Math.sqrt(Math.max(0, length + 1 - 2 * scores[i]!));
      score += distance * weights[i]!;
      const share = distance > 0 ? weights[i]! / distance : 0;
      for (let j = 0, at = i * d; j < d; j++, at++) parts[j] = parts[j]! + share * (x[j]! - vectors[at]!) ** 2;
    }
    return score;
  }
}

/**
 * Product of the first rows of a matrix with a vector, four rows at a time: four sums that do not wait for each other.
 *
 * @param matrix - [rows or more, x.length]. @param into - [rows or more]
 */
function multiply(matrix: Float64Array, x: Float64Array, rows: number, into: Float64Array): void {
  const n = x.length;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const at = row * n;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let j = 0; j < n; j++) {
      const value = x[j]!;
      a += value * matrix[at + j]!;
      b += value * matrix[at + n + j]!;
      c += value * matrix[at + 2 * n + j]!;
      d += value * matrix[at + 3 * n + j]!;
    }
    into[row] = a;
    into[row + 1] = b;
    into[row + 2] = c;
    into[row + 3] = d;
  }
  for (; row < rows; row++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += x[j]! * matrix[row * n + j]!;
    into[row] = sum;
  }
}
