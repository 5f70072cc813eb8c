import type { Tensor2D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';
import type { WindowReader } from '../shared/score-windows';
import { chosenRows, CHUNK, type Fitted, type WindowShape } from '../shared/window-detector';
import { GaussianRows } from './kernel';

/** Values of one block of distances while scoring. */
const BLOCK_VALUES = 4_000_000;
/** Part of the mean kernel in a score of landmarks: far outside, where all else is 0, the score keeps growing by it. */
const FAR = 1e-3;

/** Support vectors with weights above 0, or landmarks with weights of either sign. */
export function openBoundary(tf: TensorFlow, fitted: Fitted, shape: WindowShape): WindowReader {
  const { vectors, alpha, coefficients, boundary } = fitted;
  const gamma = boundary![0]!;
  if (coefficients) {
    const rows = new GaussianRows(tf, vectors!, shape.width, gamma);
    const far = Math.log(FAR / rows.count);
    // ln of Σ β k, and of the mean kernel's part where that is 0 or below.
    const logMean = (exponents: Tensor2D): Tensor2D => {
      const sum = tf.relu(tf.matMul(tf.exp(exponents), tf.tensor2d(coefficients, [rows.count, 1])));
      return tf.logSumExp(tf.concat([tf.log(sum), tf.add(tf.logSumExp(exponents, 1, true), far)], 1), 1, true);
    };
    return kernelReader(tf, rows, shape, gamma, logMean);
  }
  const support = Int32Array.from(alpha!.keys()).filter((i) => alpha![i]! > 0);
  const total = alpha!.reduce((sum, weight) => sum + weight, 0);
  const logWeights = Float32Array.from(support, (i) => Math.log(alpha![i]! / total));
  const rows = new GaussianRows(tf, chosenRows(vectors!, shape.width, support), shape.width, gamma, logWeights);
  return kernelReader(tf, rows, shape, gamma, (exponents) => tf.logSumExp(exponents, 1, true));
}

/** @param logMean - of exponents [B, n] the logarithm of the weighted mean of the kernels, [B, 1]; what the score is made of. */
function kernelReader(
  tf: TensorFlow,
  rows: GaussianRows,
  { width, channels }: WindowShape,
  gamma: number,
  logMean: (exponents: Tensor2D) => Tensor2D,
): WindowReader {
  /** [B, 1 + width]: the squared score, then the squared differences to the vectors by their part in it. */
  const readings = (windows: Float32Array, onlyPoints: boolean): Tensor2D => {
    const queries = rows.centred(windows);
    const exponents = rows.exponents(queries);
    const squared = tf.div(logMean(exponents), -gamma) as Tensor2D;
    if (onlyPoints) return squared;
    const [mean, square] = rows.means(tf.softmax(exponents));
    const energy = tf.add(tf.sub(tf.square(queries), tf.mul(2, tf.mul(queries, mean))), square);
    return tf.concat([squared, energy], 1) as Tensor2D;
  };
  return {
    chunk: Math.max(16, Math.min(CHUNK, Math.floor(BLOCK_VALUES / rows.count))),
    read(windows, onlyPoints = false) {
      const values = valuesOf(tf, () => readings(windows, onlyPoints));
      const count = windows.length / width;
      const reading = { points: new Float64Array(count), energy: new Float64Array(onlyPoints ? 0 : count * channels) };
      for (let row = 0, at = 0; row < count; row++) {
        reading.points[row] = Math.sqrt(Math.max(0, values[at++]!));
        for (let j = 0; j < (onlyPoints ? 0 : width); j++, at++) {
          const tag = row * channels + (j % channels);
          reading.energy[tag] = reading.energy[tag]! + Math.max(0, values[at]!);
        }
      }
      return reading;
    },
    dispose: () => rows.dispose(),
  };
}
