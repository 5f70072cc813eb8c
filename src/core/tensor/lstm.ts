import type { NamedTensorMap, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../detectors/detector';

/**
 * Kernels that the native engine registers with tfjs (main/compute/tensorflow.ts): the whole recurrence as one TensorFlow operation and
 * its gradient as another, 2 to 20 times faster than one operation a step.
 */
export const fusedLstmKernel = 'FaultlineLstm';
export const fusedLstmGradientKernel = 'FaultlineLstmGradient';

/**
 * Outputs of a standard LSTM (sigmoid gates, no peepholes, zero initial state) for every step.
 *
 * @param x - [T, B, I] time first. @param w - [I+H, 4H], columns in the order input gate, forget gate, cell input, output gate.
 * @param b - [4H]. @param fused - true where the fused kernel is registered; first-order gradients only.
 * @returns h [T, B, H]
 * @see Hochreiter and Schmidhuber 1997; Gers et al. 2000. Both ways give the same numbers (lstm.test.ts).
 */
export function lstm(tf: TensorFlow, x: Tensor3D, w: Tensor2D, b: Tensor1D, fused: boolean): Tensor3D {
  return fused ? fusedLstm(tf, x, w, b) : unrolledLstm(tf, x, w, b);
}

function fusedLstm(tf: TensorFlow, x: Tensor3D, w: Tensor2D, b: Tensor1D): Tensor3D {
  const run = (kernel: string, inputs: NamedTensorMap): Tensor[] => tf.engine().runKernel(kernel, inputs) as Tensor[];
  const operation = tf.customGrad((...args: unknown[]) => {
    const [cx, cw, cb, save] = args as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    // i, cs, f, o, ci, co, h: everything the gradient needs.
    const states = run(fusedLstmKernel, { x: cx, w: cw, b: cb });
    const h = states[6]!;
    save([cx, cw, cb, ...states]);
    return {
      value: h,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [sx, sw, sb, i, cs, f, o, ci, co, sh] = saved as [Tensor, Tensor, Tensor, ...Tensor[]];
        return run(fusedLstmGradientKernel, {
          ...{ x: sx, w: sw, b: sb, i: i!, cs: cs!, f: f!, o: o!, ci: ci!, co: co!, h: sh! },
          dy,
        });
      },
    };
  });
  return operation(x, w, b) as Tensor3D;
}

function unrolledLstm(tf: TensorFlow, x: Tensor3D, w: Tensor2D, b: Tensor1D): Tensor3D {
  const [steps, batch, inputs] = x.shape;
  const hidden = b.shape[0] / 4;
  let h: Tensor2D = tf.zeros([batch, hidden]);
  let c: Tensor2D = tf.zeros([batch, hidden]);
  // tfjs has no working gradient for `unstack` into a single tensor.
  const rows = steps === 1 ? [tf.reshape(x, [batch, inputs])] : tf.unstack(x);
  const outputs = rows.map((input) => {
    const gates = tf.add(tf.matMul(tf.concat([input as Tensor2D, h], 1), w), b);
    const [i, f, ci, o] = tf.split(gates, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(ci)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
    return h;
  });
  return tf.stack(outputs) as Tensor3D;
}
