import { invertedTransposedCholesky } from '../shared/whitening';

/** ε on the diagonal of each covariance. */
const DIAGONAL = 1e-4;
/** Keeps the mean of an empty component and the logarithm of its share finite. */
const EMPTY = 1e-6;
/** Added to a variance, as a share of it: a stored covariance is rounded to float32, and it must stay positive definite. */
const ROUNDING = 2e-7;

/** A mixture of K Gaussians of D values. */
export interface Mixture {
  /** D */
  readonly size: number;
  /** [K] sum to 1. */
  readonly shares: ArrayLike<number>;
  /** [K, D] */
  readonly means: ArrayLike<number>;
  /** [K, D, D] full, with ε on the diagonal. */
  readonly covariances: ArrayLike<number>;
}

/**
 * The mixture of the given points.
 *
 * @param z - [B, D]. @param membership - [B, K] rows sum to 1.
 * @see Zong et al. 2018, Eq. 5.
 */
export function mixtureOf(z: Float64Array, membership: Float64Array, size: number): Mixture {
  const points = z.length / size;
  const components = membership.length / points;
  const shares = new Float64Array(components);
  const means = new Float64Array(components * size);
  const covariances = new Float64Array(components * size * size);
  const centred = new Float64Array(size);
  for (let k = 0; k < components; k++) {
    const mean = means.subarray(k * size, (k + 1) * size);
    const covariance = covariances.subarray(k * size * size, (k + 1) * size * size);
    let sum = 0;
    for (let i = 0; i < points; i++) {
      const weight = membership[i * components + k]!;
      sum += weight;
      for (let d = 0; d < size; d++) mean[d]! += weight * z[i * size + d]!;
    }
    const count = sum + EMPTY;
    for (let d = 0; d < size; d++) mean[d]! /= count;
    for (let i = 0; i < points; i++) {
      const weight = membership[i * components + k]! / count;
      for (let d = 0; d < size; d++) centred[d] = z[i * size + d]! - mean[d]!;
      for (let d = 0; d < size; d++) {
        for (let e = 0; e < size; e++) covariance[d * size + e]! += weight * centred[d]! * centred[e]!;
      }
    }
    for (let d = 0; d < size; d++) covariance[d * size + d]! += DIAGONAL;
    shares[k] = sum / points;
  }
  return { size, shares, means, covariances };
}

/** Energies of points under a mixture: the negative logarithm of their density. */
export class Density {
  /** No point has a lower energy than this: that of one at the mean of every component at once. */
  readonly lowest: number;
  private readonly components: number;
  /** Logarithm of each component's density at its mean, times its share. */
  private readonly peaks: Float64Array;
  /** G⁻ᵀ of each Σ = G·Gᵀ, upper triangular. */
  private readonly factors: readonly Float64Array[];

  constructor(private readonly mixture: Mixture) {
    const { size, shares, covariances } = mixture;
    this.components = shares.length;
    this.factors = Array.from(shares, (_, k) => {
      const matrix = Float64Array.from({ length: size * size }, (_, at) => covariances[k * size * size + at]!);
      for (let d = 0; d < size; d++) matrix[d * size + d]! *= 1 + ROUNDING;
      return invertedTransposedCholesky(matrix, size);
    });
    this.peaks = Float64Array.from(this.factors, (factor, k) => {
      let peak = Math.log(shares[k]! + EMPTY) - (size / 2) * Math.log(2 * Math.PI);
      for (let d = 0; d < size; d++) peak += Math.log(factor[d * size + d]!);
      return peak;
    });
    this.lowest = -logSumExp(this.peaks);
  }

  /**
   * E(z) = −log Σ_k φ_k exp(−d_k²/2) / √|2πΣ_k|, with d_k the Mahalanobis distance of z in component k.
   *
   * @param z - [B, D]. @param shares - [B, K] is filled with how likely each component gave the point.
   * @returns [B] @see Zong et al. 2018, Eq. 6.
   */
  energies(z: Float64Array, shares?: Float64Array): Float64Array {
    const { components: count, factors, peaks, mixture } = this;
    const { size, means } = mixture;
    const terms = new Float64Array(count);
    return Float64Array.from({ length: z.length / size }, (_, i) => {
      for (let k = 0; k < count; k++) {
        const factor = factors[k]!;
        let distance = 0;
        for (let column = 0; column < size; column++) {
          let white = 0;
          for (let d = 0; d <= column; d++) white += (z[i * size + d]! - means[k * size + d]!) * factor[d * size + column]!;
          distance += white * white;
        }
        terms[k] = peaks[k]! - distance / 2;
      }
      const sum = logSumExp(terms);
      if (shares) for (let k = 0; k < count; k++) shares[i * count + k] = Math.exp(terms[k]! - sum);
      return -sum;
    });
  }

  /** Σ⁻¹ of component `k`, [D, D]. */
  inverse(k: number): Float64Array {
    const { size } = this.mixture;
    const factor = this.factors[k]!;
    return Float64Array.from({ length: size * size }, (_, at) => {
      const [d, e] = [Math.floor(at / size), at % size];
      let sum = 0;
      for (let column = Math.max(d, e); column < size; column++) sum += factor[d * size + column]! * factor[e * size + column]!;
      return sum;
    });
  }
}

/** What training minimises about the mixture of its batch. */
export interface MixtureLoss {
  /** Mean energy of the points. */
  readonly energy: number;
  /** Σ of 1 / diagonal of all covariances: large for components that shrink to a point (Zong et al. 2018, section 3.4). */
  readonly narrowness: number;
  /** Slopes of byEnergy·energy + byNarrowness·narrowness. */
  slopes(byEnergy: number, byNarrowness: number): { readonly points: Float64Array; readonly membership: Float64Array };
}

/** @param z - [B, D]. @param membership - [B, K]. The mixture is made of them, and its slopes are part of theirs. */
export function mixtureLoss(z: Float64Array, membership: Float64Array, size: number): MixtureLoss {
  const mixture = mixtureOf(z, membership, size);
  const density = new Density(mixture);
  const likely = new Float64Array(membership.length);
  const energies = density.energies(z, likely);
  const { covariances, shares } = mixture;
  let narrowness = 0;
  for (let k = 0; k < shares.length; k++) for (let d = 0; d < size; d++) narrowness += 1 / covariances[(k * size + d) * size + d]!;
  return {
    energy: energies.reduce((sum, energy) => sum + energy, 0) / energies.length,
    narrowness,
    slopes(byEnergy, byNarrowness) {
      const points = new Float64Array(z.length);
      const byMembership = new Float64Array(membership.length);
      for (let k = 0; k < shares.length; k++) {
        const inverse = density.inverse(k);
        componentSlopes(k, { z, membership, likely, mixture, inverse, byEnergy, byNarrowness }, points, byMembership);
      }
      return { points, membership: byMembership };
    },
  };
}

interface Component {
  readonly z: Float64Array;
  readonly membership: Float64Array;
  readonly likely: Float64Array;
  readonly mixture: Mixture;
  readonly inverse: Float64Array;
  readonly byEnergy: number;
  readonly byNarrowness: number;
}

/**
 * Adds what component k has in the slopes. With c = z − μ, N = Σγ, Σ = Σ γ c cᵀ / N + ε and a = byEnergy·likely / B:
 * ∂/∂c = a·Σ⁻¹c, ∂/∂Σ = Σ a (Σ⁻¹ − Σ⁻¹c cᵀΣ⁻¹) / 2 − byNarrowness / Σ_dd², ∂/∂φ = −Σ a / φ; then backwards through Σ, μ, φ and N.
 */
function componentSlopes(k: number, given: Component, points: Float64Array, byMembership: Float64Array): void {
  const { z, membership, likely, mixture, inverse, byEnergy, byNarrowness } = given;
  const { size, means, shares, covariances } = mixture;
  const components = shares.length;
  const count = z.length / size;
  const covariance = (at: number): number => covariances[k * size * size + at]!;
  const total = shares[k]! * count + EMPTY;
  const centred = new Float64Array(z.length);
  const byCentred = new Float64Array(z.length);
  const byCovariance = new Float64Array(size * size);
  let weights = 0;
  for (let i = 0; i < count; i++) {
    const at = i * size;
    const weight = (byEnergy * likely[i * components + k]!) / count;
    weights += weight;
    for (let d = 0; d < size; d++) centred[at + d] = z[at + d]! - means[k * size + d]!;
    for (let d = 0; d < size; d++) {
      let solved = 0;
      for (let e = 0; e < size; e++) solved += inverse[d * size + e]! * centred[at + e]!;
      byCentred[at + d] = weight * solved;
    }
    if (weight === 0) continue;
    for (let d = 0; d < size; d++) {
      for (let e = 0; e < size; e++) byCovariance[d * size + e]! -= (byCentred[at + d]! * byCentred[at + e]!) / (2 * weight);
    }
  }
  let byTotal = 0;
  for (let at = 0; at < byCovariance.length; at++) {
    byCovariance[at]! += (weights * inverse[at]!) / 2;
    const diagonal = at % (size + 1) === 0;
    if (diagonal) byCovariance[at]! -= byNarrowness / covariance(at) ** 2;
    byTotal -= (byCovariance[at]! * (covariance(at) - (diagonal ? DIAGONAL : 0))) / total;
  }
  const byMean = new Float64Array(size);
  const perPoint = byTotal - weights / (shares[k]! + EMPTY) / count;
  for (let i = 0; i < count; i++) {
    const at = i * size;
    const member = membership[i * components + k]!;
    let square = 0;
    for (let d = 0; d < size; d++) {
      let turned = 0;
      for (let e = 0; e < size; e++) turned += byCovariance[d * size + e]! * centred[at + e]!;
      square += turned * centred[at + d]!;
      const slope = byCentred[at + d]! + (2 * member * turned) / total;
      points[at + d]! += slope;
      byMean[d]! -= slope;
    }
    byMembership[i * components + k]! += square / total + perPoint;
  }
  for (let i = 0; i < count; i++) {
    const at = i * size;
    const member = membership[i * components + k]!;
    let along = 0;
    for (let d = 0; d < size; d++) {
      points[at + d]! += (member * byMean[d]!) / total;
      along += centred[at + d]! * byMean[d]!;
    }
    byMembership[i * components + k]! += along / total;
  }
}

function logSumExp(terms: Float64Array): number {
  let highest = -Infinity;
  for (let k = 0; k < terms.length; k++) highest = Math.max(highest, terms[k]!);
  let sum = 0;
  for (let k = 0; k < terms.length; k++) sum += Math.exp(terms[k]! - highest);
  return highest + Math.log(sum);
}
