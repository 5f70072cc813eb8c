import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../../core/detectors/detector';
import { fusedLstmGradientKernel, fusedLstmKernel } from '../../core/tensor/lstm';
import type { NativeBackend } from './operations';

interface Int64Module {
  readonly Int64Scalar: new (value: number) => object;
}

/**
 * Registers TensorFlow's `BlockLSTMV2` and `BlockLSTMGradV2` with tfjs under the names that core/tensor/lstm.ts runs.
 *
 * Never sample this process with Node's `--cpu-prof`: the vector code of libtensorflow 2.15 that multiplies matrices inside the gradient
 * kernel does not survive the profiler's signals (the heap is damaged, measured with AVX-512); without them it is sound.
 *
 * @param int64 - tfjs-node's own module for 64-bit integers, which tfjs has no type for.
 * @see https://www.tensorflow.org/api_docs/python/tf/raw_ops/BlockLSTMV2
 */
export function registerFusedLstm(tf: TensorFlow, int64: Int64Module): void {
  const backend = tf.backend() as unknown as NativeBackend;
  const { binding } = backend;
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'cell_clip', type: binding.TF_ATTR_FLOAT, value: 0 },
    { name: 'use_peephole', type: binding.TF_ATTR_BOOL, value: false },
  ];
  const gradientAttributes = [attributes[0]!, attributes[2]!];

  const execute = (
    name: string,
    attrs: readonly object[],
    steps: number,
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[] => {
    const ids = backend.getInputTensorIds([new int64.Int64Scalar(steps), ...inputs]);
    const results = binding.executeOp(name, attrs, ids, outputs);
    // The 64-bit scalar has no tensor that tfjs would dispose.
    binding.deleteTensor(ids[0]!);
    return results.map((result) => backend.createOutputTensor(result));
  };
  const zeros = (shape: number[]): Tensor => tf.zeros(shape);

  const register = (kernelName: string, run: (inputs: Record<string, TensorInfo>) => Tensor[]): void => {
    if (tf.getKernel(kernelName, 'tensorflow')) return;
    tf.registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs }) => run(inputs as Record<string, TensorInfo>) as unknown as TensorInfo[],
    });
  };

  register(fusedLstmKernel, ({ x, w, b }) => {
    const [steps, batch] = x!.shape as [number, number];
    const hidden = b!.shape[0]! / 4;
    const state = zeros([batch, hidden]);
    const peephole = zeros([hidden]);
    const outputs = execute('BlockLSTMV2', attributes, steps, [x!, state, state, w!, peephole, peephole, peephole, b!], 7);
    tf.dispose([state, peephole]);
    return outputs;
  });

  register(fusedLstmGradientKernel, ({ x, w, b, i, cs, f, o, ci, co, h, dy }) => {
    const [steps, batch] = x!.shape as [number, number];
    const hidden = b!.shape[0]! / 4;
    const state = zeros([batch, hidden]);
    const peephole = zeros([hidden]);
    // Made by the library: an array of this size from JavaScript costs as much again in garbage.
    const cellGradient = tf.zerosLike(h as Tensor);
    const outputs = execute(
      'BlockLSTMGradV2',
      gradientAttributes,
      steps,
      [x!, state, state, w!, peephole, peephole, peephole, b!, i!, cs!, f!, o!, ci!, co!, h!, cellGradient, dy!],
      8,
    );
    const [xGradient, , , wGradient, , , , bGradient] = outputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
    const wanted = [xGradient, wGradient, bGradient];
    tf.dispose([state, peephole, cellGradient, ...outputs.filter((output) => !wanted.includes(output))]);
    return wanted;
  });
}
