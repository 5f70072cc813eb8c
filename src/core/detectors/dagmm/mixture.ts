import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../detector';

/** ε on the diagonal of each covariance. */
const DIAGONAL = 1e-4;
/** Keeps the mean of an empty component and the logarithm of its share finite. */
const EMPTY = 1e-6;

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
 * Distances and determinants come from the Cholesky factorisation without square roots (Σ = L·diag(pivots)·Lᵀ), one column after the
 * other and all components side by side, in operations that have gradients.
 *
 * @param z - [B, D]
 * @see Zong et al. 2018, Eq. 6.
 */
export function energiesOf(tf: TensorFlow, z: Tensor2D, { shares, means, covariances }: Mixture): Energies {
  const [components, size] = means.shape;
  let matrix = covariances;
  let rest = centre(tf, z, means);
  let squares: Tensor = tf.zeros([components, z.shape[0], 1]);
  let logDeterminant: Tensor = tf.zeros([components, 1, 1]);
  for (let left = size - 1; left >= 0; left--) {
    // In exact arithmetic no pivot is below ε.
    const pivot = tf.maximum(tf.slice(matrix, [0, 0, 0], [-1, 1, 1]), DIAGONAL / 2);
    const first = tf.slice(rest, [0, 0, 0], [-1, -1, 1]);
    squares = tf.add(squares, tf.div(tf.square(first), pivot));
    logDeterminant = tf.add(logDeterminant, tf.log(pivot));
    if (left === 0) break;
    const row = tf.slice(matrix, [0, 0, 1], [-1, 1, left]);
    const factor = tf.div(row, pivot);
    const below = tf.slice(matrix, [0, 1, 1], [-1, left, left]);
    matrix = tf.sub(below, tf.mul(tf.transpose(factor, [0, 2, 1]), row));
    rest = tf.sub(tf.slice(rest, [0, 0, 1], [-1, -1, left]), tf.mul(first, factor));
  }
  const logShares = tf.reshape(tf.log(tf.add(shares, EMPTY)), [components, 1, 1]);
  // Logarithm of each component's density at its mean, [K, 1, 1].
  const peaks = tf.sub(tf.sub(logShares, tf.mul(logDeterminant, 0.5)), (size / 2) * Math.log(2 * Math.PI));
  return {
    energy: tf.neg(tf.logSumExp(tf.sub(peaks, tf.mul(squares, 0.5)), [0, 2])),
    lowest: tf.neg(tf.logSumExp(peaks)),
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
