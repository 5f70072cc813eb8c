import type { TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../../core/detectors/detector';

type Kernel = NonNullable<ReturnType<TensorFlow['getKernel']>>;

/**
 * Lets the native engine answer a reshape to the same shape and a cast to the same type with the tensor itself, as tfjs' own backends do.
 *
 * tfjs-node 4.22 runs an operation of the library for each of them, and the gradients of tfjs are full of both: a quarter of all
 * operations of a small network's training step.
 */
export function registerSharedTensors(tf: TensorFlow): void {
  const unchanged: Readonly<Record<string, (x: TensorInfo, attrs: Readonly<Record<string, unknown>>) => boolean>> = {
    Reshape: (x, { shape }) => sameShape(x.shape, shape as readonly number[]),
    Cast: (x, { dtype }) => x.dtype === dtype,
  };
  for (const [kernelName, same] of Object.entries(unchanged)) {
    const library = tf.getKernel(kernelName, 'tensorflow') as Kernel;
    if (shared.has(library)) continue;
    const kernel: Kernel = {
      ...library,
      kernelFunc(call) {
        const x = call.inputs['x'] as TensorInfo;
        if (!same(x, call.attrs as Record<string, unknown>)) return library.kernelFunc(call);
        (call.backend as { incRef(dataId: object): void }).incRef(x.dataId);
        return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
      },
    };
    shared.add(kernel);
    tf.unregisterKernel(kernelName, 'tensorflow');
    tf.registerKernel(kernel);
  }
}

/** Kernels of ours: a second registration, in one process, changes nothing. */
const shared = new WeakSet<Kernel>();

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i]);
}
