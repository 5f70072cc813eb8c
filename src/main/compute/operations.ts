import type { NamedTensorMap, Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../../core/detectors/detector';
import { LEAK } from '../../core/tensor/layers';

/** What is used of tfjs-node's backend; these members exist in 4.22 and are not in its public types. */
export interface NativeBackend {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_FLOAT: number;
    executeOp(name: string, attributes: readonly object[], inputs: readonly number[], outputs: number): readonly Output[];
    createTensor(shape: readonly number[], dtype: number, values: Float32Array): number;
    deleteTensor(id: number): void;
  };
  getInputTensorIds(inputs: readonly unknown[]): number[];
  createOutputTensor(output: object): Tensor;
}
interface Output {
  readonly id: number;
}

/**
 * Registers a computation of many TensorFlow operations as one tfjs kernel: called directly they take a third of the time that each
 * takes through tfjs, and no tape keeps books on them.
 *
 * @param inputs - names of the kernel's inputs, the order in which `compute` gets their numbers; after them those named w0, w1, …
 * @param compute - numbers of the outputs; every other result is deleted.
 */
export function registerOperations(
  tf: TensorFlow,
  kernelName: string,
  inputs: readonly string[],
  compute: (operations: Operations, ids: readonly number[], attributes: Readonly<Record<string, number>>) => readonly number[],
): void {
  if (tf.getKernel(kernelName, 'tensorflow')) return;
  const backend = tf.backend() as unknown as NativeBackend;
  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc({ inputs: given, attrs }) {
      const tensors = given as NamedTensorMap;
      const listed: TensorInfo[] = inputs.map((name) => tensors[name]!);
      for (let i = 0; tensors[`w${i}`]; i++) listed.push(tensors[`w${i}`]!);
      const operations = new Operations(backend.binding);
      try {
        const results = compute(operations, backend.getInputTensorIds(listed), attrs as unknown as Record<string, number>);
        return results.map((id) => backend.createOutputTensor(operations.release(id)));
      } finally {
        operations.dispose();
      }
    },
  });
}

/** Operations on tensor numbers; deletes every result that was not released. */
export class Operations {
  private readonly made = new Map<number, Output>();
  private readonly type: object;
  private readonly matMulAttributes: readonly (readonly object[])[];
  private readonly leakAttributes: readonly object[];

  constructor(private readonly binding: NativeBackend['binding']) {
    this.type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    const flag = (name: string, value: boolean): object => ({ name, type: binding.TF_ATTR_BOOL, value });
    this.matMulAttributes = [0, 1, 2].map((kind) => [this.type, flag('transpose_a', kind === 1), flag('transpose_b', kind === 2)]);
    this.leakAttributes = [this.type, { name: 'alpha', type: binding.TF_ATTR_FLOAT, value: LEAK }];
  }

  run(name: string, inputs: readonly number[], attributes: readonly object[] = [this.type]): number {
    const output = this.binding.executeOp(name, attributes, inputs, 1)[0]!;
    this.made.set(output.id, output);
    return output.id;
  }

  constant(value: number): number {
    const id = this.binding.createTensor([], this.binding.TF_FLOAT, Float32Array.of(value));
    this.made.set(id, { id });
    return id;
  }

  /** a·b, aᵀ·b ('first') or a·bᵀ ('second'). */
  product(a: number, b: number, transposed?: 'first' | 'second'): number {
    return this.run('MatMul', [a, b], this.matMulAttributes[transposed === 'first' ? 1 : transposed === 'second' ? 2 : 0]);
  }

  dense(input: number, w: number, b: number): number {
    return this.run('BiasAdd', [this.product(input, w), b]);
  }

  leaky(input: number): number {
    return this.run('LeakyRelu', [input], this.leakAttributes);
  }

  /** g times the slope of the activation that gave `output`, which has the sign of its input. */
  slope(g: number, output: number): number {
    return this.run('LeakyReluGrad', [g, output], this.leakAttributes);
  }

  add(a: number, b: number): number {
    return this.run('AddV2', [a, b]);
  }

  /** Sum over the rows: a bias's gradient. */
  columnSums(matrix: number): number {
    return this.run('BiasAddGrad', [matrix]);
  }

  sub(a: number, b: number): number {
    return this.run('Sub', [a, b]);
  }

  mul(a: number, b: number): number {
    return this.run('Mul', [a, b]);
  }

  release(id: number): Output {
    const output = this.made.get(id)!;
    this.made.delete(id);
    return output;
  }

  dispose(): void {
    for (const id of this.made.keys()) this.binding.deleteTensor(id);
    this.made.clear();
  }
}
