import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';
import { invertedTransposedCholesky, type Whitening } from './whitening';

/**
 * Which tag a Mahalanobis distance, or another square form x'WW'x with W in place of G⁻ᵀ, comes from: what the squared distance x'C⁻¹x would lose if the tag, in all rows of the window, were what
 * the other tags make of it. With y = C⁻¹x that is y_T' (C⁻¹_TT)⁻¹ y_T.
 *
 * @see Alcala and Qin 2009, reconstruction-based contributions, eq. 14: a fault of one sensor always has its largest part at that sensor.
 */
export class Blame {
  /** One lower triangular inverse factor [p, p] of C⁻¹_TT a tag. */
  private readonly factors: readonly Float64Array[];
  private readonly rows: number;

  constructor(
    private readonly tf: TensorFlow,
    private readonly whitening: Whitening,
    private readonly channels: number,
  ) {
    const d = whitening.mean.length;
    this.rows = d / channels;
    this.factors = Array.from({ length: channels }, (_, tag) => {
      const block = new Float64Array(this.rows * this.rows);
      for (let a = 0; a < this.rows; a++) {
        for (let b = 0; b <= a; b++) {
          const value = precision(whitening.inverse, d, a * channels + tag, b * channels + tag);
          block[a * this.rows + b] = value;
          block[b * this.rows + a] = value;
        }
      }
      return invertedTransposedCholesky(block, this.rows);
    });
  }

  /** @param whitened - [B, d] differences x·G⁻ᵀ. @returns [B, c] what each tag adds to the squared distance. */
  parts(whitened: Float32Array): Float64Array {
    const { tf, rows: p, channels: c } = this;
    const d = p * c;
    const count = whitened.length / d;
    const y = valuesOf(tf, () =>
      tf.matMul(tf.tensor2d(whitened, [count, d]), tf.tensor2d(this.whitening.inverse, [d, d]), false, true),
    );
    const parts = new Float64Array(count * c);
    for (let i = 0; i < parts.length; i++) {
      const factor = this.factors[i % c]!;
      const from = Math.floor(i / c) * d + (i % c);
      let energy = 0;
      for (let column = 0; column < p; column++) {
        let sum = 0;
        for (let row = 0; row <= column; row++) sum += y[from + row * c]! * factor[row * p + column]!;
        energy += sum * sum;
      }
      parts[i] = energy;
    }
    return parts;
  }
}

/** Entry (i, j) of C⁻¹ = G⁻ᵀ G⁻¹. */
function precision(inverse: Float32Array, d: number, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += inverse[i * d + k]! * inverse[j * d + k]!;
  return sum;
}
