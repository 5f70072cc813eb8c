import type { Tensor2D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';

/** How close generated windows come to real ones. */
export interface Likeness {
  /** Energy distance over its largest possible value: 0 equal distributions, 1 nothing in common. */
  readonly energy: number;
  /** Standard deviation over windows, of generated over real ones, mean over samples and tags. */
  readonly spread: number;
}

/**
 * Compares generated windows with a fixed set of real ones.
 *
 * @see Székely and Rizzo 2013, "Energy statistics": (2·E|X−Y| − E|X−X'| − E|Y−Y'|) / (2·E|X−Y|) with Euclidean distances of windows.
 */
export class Gauge {
  private readonly within: number;
  private readonly spread: number;

  /** @param real - [N, width] */
  constructor(
    private readonly tf: TensorFlow,
    private readonly real: Float32Array,
    private readonly width: number,
  ) {
    this.within = meanDistance(tf, real, real, width);
    this.spread = meanDeviation(real, width);
  }

  /** @param generated - [M, width] */
  compare(generated: Float32Array): Likeness {
    const between = meanDistance(this.tf, this.real, generated, this.width);
    const energy = 2 * between - this.within - meanDistance(this.tf, generated, generated, this.width);
    return {
      energy: between > 0 ? Math.max(0, energy / (2 * between)) : 0,
      spread: this.spread > 0 ? meanDeviation(generated, this.width) / this.spread : 1,
    };
  }
}

function meanDistance(tf: TensorFlow, a: Float32Array, b: Float32Array, width: number): number {
  const mean = valuesOf(tf, () => {
    const [x, y] = [a, b].map((values) => tf.tensor2d(values, [values.length / width, width])) as [Tensor2D, Tensor2D];
    const squares = (t: Tensor2D) => tf.sum(tf.square(t), 1, true);
    const products = tf.mul(tf.matMul(x, y, false, true), 2);
    return tf.mean(tf.sqrt(tf.relu(tf.sub(tf.add(squares(x), tf.transpose(squares(y))), products))));
  });
  return mean[0]!;
}

/** Standard deviation of each of the `width` values over the windows, mean over the values. */
function meanDeviation(windows: Float32Array, width: number): number {
  const count = windows.length / width;
  let sum = 0;
  for (let j = 0; j < width; j++) {
    let [first, second] = [0, 0];
    for (let i = j; i < windows.length; i += width) {
      first += windows[i]!;
      second += windows[i]! ** 2;
    }
    sum += Math.sqrt(Math.max(0, second / count - (first / count) ** 2));
  }
  return sum / width;
}
