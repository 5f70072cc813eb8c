import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { SelfTestResult } from '../../contract/types';
import type { EngineInfo, TensorFlow } from '../../core/detectors/detector';
import { mlp, mlpInputGradient, normals } from '../../core/tensor/layers';
import { lstm } from '../../core/tensor/lstm';
import { randomFrom } from '../../core/random';

/**
 * Small computations with a known result, run before an engine is used: a broken library must not become a wrong score.
 *
 * @returns one row a check; a check that throws has failed.
 */
export function selfTest(tf: TensorFlow, backend: EngineInfo['backend']): SelfTestResult[] {
  const checks: readonly [name: string, limit: number, deviation: () => number][] = [
    ['matrix product', 1e-5, () => matrixProduct(tf)],
    ['gradient', 1e-4, () => gradient(tf)],
    ['second-order gradient', 5e-3, () => secondOrderGradient(tf)],
    ...(backend === 'tensorflow' ? [['fused LSTM', 1e-5, () => fusedLstm(tf)] as [string, number, () => number]] : []),
  ];
  return checks.map(([name, limit, deviation]) => {
    try {
      const found = tf.tidy(deviation as () => Tensor & number) as number;
      // Written so that NaN fails.
      return { name, passed: found <= limit, detail: `deviation ${found.toExponential(1)}, limit ${limit}` };
    } catch (error) {
      return { name, passed: false, detail: error instanceof Error ? error.message : String(error) };
    }
  });
}

/** Largest deviation of a 7x5 by 5x3 product from the sums in float64. */
function matrixProduct(tf: TensorFlow): number {
  const random = randomFrom(1);
  const a = normals(random, 35);
  const b = normals(random, 15);
  const product = tf.matMul(tf.tensor2d(a, [7, 5]), tf.tensor2d(b, [5, 3])).dataSync();
  return largest(product, (at) => {
    let sum = 0;
    for (let k = 0; k < 5; k++) sum += a[Math.floor(at / 3) * 5 + k]! * b[k * 3 + (at % 3)]!;
    return sum;
  });
}

/** d/dx of sum(tanh(x)² + exp(x)) against 2·tanh·(1 − tanh²) + exp. */
function gradient(tf: TensorFlow): number {
  const x = normals(randomFrom(2), 20);
  const f = (t: Tensor): Scalar => tf.sum(tf.add(tf.square(tf.tanh(t)), tf.exp(t)));
  const found = tf.grad(f)(tf.tensor1d(x)).dataSync();
  return largest(found, (at) => 2 * Math.tanh(x[at]!) * (1 - Math.tanh(x[at]!) ** 2) + Math.exp(x[at]!));
}

/**
 * Gradient, with respect to a weight matrix, of the squared norm of a network's input gradient, against central differences
 * (relative to the largest entry). This is what the gradient penalty of the flagship needs.
 */
function secondOrderGradient(tf: TensorFlow): number {
  const random = randomFrom(3);
  const [w1, w2] = [normals(random, 20), normals(random, 10)];
  const x = tf.tensor2d(normals(random, 24), [6, 4]);
  const v = tf.tensor2d(normals(random, 12), [6, 2]);
  const penalty = (first: Tensor): Scalar => {
    const weights = [first, tf.zeros([5]), tf.tensor2d(w2, [5, 2]), tf.zeros([2])];
    return tf.sum(tf.square(mlpInputGradient(tf, v, weights, mlp(tf, x, weights).slopes)));
  };
  const found = tf
    .grad(penalty)(tf.tensor2d(w1, [4, 5]))
    .dataSync();
  const step = 1e-2;
  const at = (index: number, by: number): number => {
    const moved = w1.slice();
    moved[index] = moved[index]! + by;
    return penalty(tf.tensor2d(moved, [4, 5])).dataSync()[0]!;
  };
  const scale = Math.max(...found.map(Math.abs));
  // At fixed activation slopes the penalty is quadratic in w1, so a central difference is exact but for rounding.
  return largest(found, (index) => (at(index, step) - at(index, -step)) / (2 * step)) / scale;
}

/** Outputs and gradients of the fused LSTM against the unrolled cell. */
function fusedLstm(tf: TensorFlow): number {
  const random = randomFrom(4);
  const x = tf.tensor3d(normals(random, 5 * 3 * 2), [5, 3, 2]);
  const w = tf.tensor2d(normals(random, 6 * 16), [6, 16]);
  const b = tf.tensor1d(normals(random, 16));
  const g = tf.tensor3d(normals(random, 5 * 3 * 4), [5, 3, 4]);
  const run = (fused: boolean): Float32Array[] => {
    const f = (...[tx, tw, tb]: Tensor[]): Tensor =>
      tf.sum(tf.mul(lstm(tf, tx as Tensor3D, tw as Tensor2D, tb as Tensor1D, fused), g));
    const { value, grads } = tf.valueAndGrads(f as (...args: Tensor[]) => Scalar)([x, w, b]);
    return [value, ...grads].map((tensor) => tensor.dataSync() as Float32Array);
  };
  const unrolled = run(false);
  return Math.max(...run(true).map((found, i) => largest(found, (at) => unrolled[i]![at]!)));
}

function largest(found: ArrayLike<number>, expected: (index: number) => number): number {
  let deviation = 0;
  for (let i = 0; i < found.length; i++) {
    const d = Math.abs(found[i]! - expected(i));
    if (!(d <= deviation)) deviation = d;
  }
  return deviation;
}
