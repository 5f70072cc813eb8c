import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../detector';
import { invertedTransposedCholesky } from '../shared/whitening';

/** ε on the diagonal of each covariance. */
const DIAGONAL = 1e-4;
/** Keeps the mean of an empty component and the logarithm of its share finite. */
const EMPTY = 1e-6;
/** Added to a variance, as a share of it: entries of a covariance are rounded to float32, and it must stay positive definite. */
const ROUNDING = 2e-7;

/** A mixture of K Gaussians of D values. */
export interface Mixture {
  /** [K] sum to 1. */
  readonly shares: Tensor1D;
  /** [K, D] */
  readonly means: Tensor2D;
  /** [K, D, D] full, with ε on the diagonal. */
  readonly covariances: Tensor3D;
}

/**
 * The mixture of the given points.
 *
 * @param z - [B, D]. @param membership - [B, K] rows sum to 1.
 * @see Zong et al. 2018, Eq. 5.
 */
export function mixtureOf(tf: TensorFlow, z: Tensor2D, membership: Tensor2D): Mixture {
  const [components, size] = [membership.shape[1], z.shape[1]];
  const counts = tf.add(tf.sum(membership, 0), EMPTY) as Tensor1D;
  const means = tf.div(tf.matMul(membership, z, true), tf.reshape(counts, [components, 1])) as Tensor2D;
  const centred = centre(tf, z, means);
  const weighted = tf.mul(centred, tf.expandDims(tf.transpose(membership), 2)) as Tensor3D;
  const covariances = tf.div(tf.matMul(weighted, centred, true), tf.reshape(counts, [components, 1, 1]));
  return {
    shares: tf.mean(membership, 0),
    means,
    covariances: tf.add(covariances, tf.mul(tf.eye(size), DIAGONAL)),
  };
}

/** Energies of points: the negative logarithm of their density. */
export interface Energies {
  /** [B] */
  readonly energy: Tensor1D;
  /** No point has a lower energy than this: that of one at the mean of every component at once. */
  readonly lowest: Scalar;
}

/**
 * E(z) = −log Σ_k φ_k exp(−d_k²/2) / √|2πΣ_k|, with d_k the Mahalanobis distance of z in component k.
 *
 * @param z - [B, D]
 * @see Zong et al. 2018, Eq. 6.
 */
export function energiesOf(tf: TensorFlow, z: Tensor2D, { shares, means, covariances }: Mixture): Energies {
  const [components, size] = means.shape;
  const logShares = tf.sub(tf.log(tf.add(shares, EMPTY)), (size / 2) * Math.log(2 * Math.PI));
  const energy = (centred: Tensor3D): Tensor1D =>
    tf.neg(tf.logSumExp(tf.sub(tf.reshape(logShares, [components, 1]), halfExponents(tf, centred, covariances)), 0));
  return {
    energy: energy(centre(tf, z, means)),
    lowest: tf.reshape(energy(tf.zeros([components, 1, size])), []),
  };
}

/**
 * (xᵀΣ⁻¹x + log|Σ|) / 2 of centred points in each component.
 *
 * The few small matrices are factorised in float64, outside the tensor library; the gradient is written out:
 * Σ⁻¹x by the point, (Σ⁻¹ − Σ⁻¹xxᵀΣ⁻¹) / 2 by the covariance.
 *
 * @param centred - [K, B, D]. @param covariances - [K, D, D]. @returns [K, B]
 */
function halfExponents(tf: TensorFlow, centred: Tensor3D, covariances: Tensor3D): Tensor2D {
  const compute = tf.customGrad((...given) => {
    const [x, covariance, save] = given as unknown as [Tensor3D, Tensor3D, (saved: Tensor[]) => void];
    const { factors, logDeterminants } = factorise(tf, covariance);
    const white = tf.matMul(x, factors);
    save([factors, tf.matMul(white, factors, false, true)]);
    return {
      value: tf.mul(tf.add(tf.sum(tf.square(white), 2), logDeterminants), 0.5),
      gradFunc(dy, saved) {
        const [inverse, solved] = saved as [Tensor3D, Tensor3D];
        const weighted = tf.mul(solved, tf.expandDims(dy, 2));
        const all = tf.mul(tf.matMul(inverse, inverse, false, true), tf.expandDims(tf.sum(dy, 1, true), 2));
        return [weighted, tf.mul(tf.sub(all, tf.matMul(solved, weighted, true)), 0.5)];
      },
    };
  });
  return compute(centred, covariances) as Tensor2D;
}

/** G⁻ᵀ of each Σ = G·Gᵀ (Cholesky), [K, D, D], and log|Σ|, [K, 1]. */
function factorise(tf: TensorFlow, covariances: Tensor3D): { factors: Tensor3D; logDeterminants: Tensor2D } {
  const [components, size] = covariances.shape;
  const values = Float64Array.from(covariances.dataSync());
  const factors = new Float32Array(values.length);
  const logDeterminants = new Float32Array(components);
  for (let k = 0; k < components; k++) {
    const from = k * size * size;
    const matrix = values.subarray(from, from + size * size);
    for (let j = 0; j < size; j++) matrix[j * size + j]! *= 1 + ROUNDING;
    const factor = invertedTransposedCholesky(matrix, size);
    factors.set(factor, from);
    for (let j = 0; j < size; j++) logDeterminants[k]! -= 2 * Math.log(factor[j * size + j]!);
  }
  return {
    factors: tf.tensor3d(factors, [components, size, size]),
    logDeterminants: tf.tensor2d(logDeterminants, [components, 1]),
  };
}

/** Σ of 1 / diagonal of all covariances: large for components that shrink to a point (Zong et al. 2018, section 3.4). */
export function narrowness(tf: TensorFlow, { covariances }: Mixture): Scalar {
  const size = covariances.shape[2];
  // A sum over a masked matrix: every engine has a gradient for it.
  const diagonal = tf.sum(tf.mul(covariances, tf.eye(size)), 2);
  return tf.sum(tf.div(1, diagonal));
}

/** z less each component's mean, [K, B, D]. */
function centre(tf: TensorFlow, z: Tensor2D, means: Tensor2D): Tensor3D {
  return tf.sub(tf.expandDims(z, 0), tf.expandDims(means, 1));
}
