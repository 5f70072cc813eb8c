import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../detectors/detector';
import { FaultlineError, type JsonObject, type JsonValue } from '../errors';

/** Name and shape of one weight or array. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Number of values of all weights together. */
export function countWeights(specs: readonly WeightSpec[]): number {
  return specs.reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
}

/**
 * The weights of one network as one flat array, in the order of their specs. The optimiser works on the flat array; tensors are made
 * from it for each step, so that saving, restoring and comparing a network is copying one array.
 */
export class WeightSet {
  readonly flat: Float32Array;

  constructor(
    readonly specs: readonly WeightSpec[],
    flat?: Float32Array,
  ) {
    this.flat = flat ?? new Float32Array(countWeights(specs));
  }

  /** A set filled from named arrays. */
  static of(specs: readonly WeightSpec[], get: (name: string) => Float32Array): WeightSet {
    const set = new WeightSet(specs);
    set.views().forEach((view, i) => view.set(get(specs[i]!.name)));
    return set;
  }

  /** Views into `flat`, one a weight. */
  views(): Float32Array[] {
    let offset = 0;
    return this.specs.map((spec) => this.flat.subarray(offset, (offset += sizeOf(spec.shape))));
  }

  /** One tensor a weight; the caller disposes them before `flat` changes (a backend may read it late). */
  tensors(tf: TensorFlow): Tensor[] {
    return this.views().map((view, i) => tf.tensor(view, [...this.specs[i]!.shape], 'float32'));
  }
}

/** True when every value is a finite number. */
export function allFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

export interface PackedWeights {
  /** Little-endian float32, one array after the other. */
  readonly weights: Uint8Array;
  /** `{ weights: [{ name, shape, offset }] }`; the offset is in bytes. */
  readonly manifest: JsonObject;
}

/** Named arrays as one block of bytes with a manifest. */
export function packWeights(arrays: readonly (WeightSpec & { readonly values: Float32Array })[]): PackedWeights {
  const bytes = new Uint8Array(4 * countWeights(arrays));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  const manifest = arrays.map(({ name, shape, values }) => {
    if (values.length !== sizeOf(shape)) throw new RangeError(`${name}: ${values.length} values do not fill [${shape.join(', ')}]`);
    const entry = { name, shape: [...shape], offset };
    for (const value of values) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
    return entry;
  });
  return { weights: bytes, manifest: { weights: manifest } };
}

/**
 * The arrays of a packed block, in the order of `expected`.
 *
 * Everything is compared with what the network needs before anything is allocated: a file cannot decide how much memory is taken.
 *
 * @throws FaultlineError 'model/damaged' for a missing, extra or repeated name, another shape, another number of bytes, or a value
 * that is not finite.
 */
export function unpackWeights(packed: PackedWeights, expected: readonly WeightSpec[]): Map<string, Float32Array> {
  const refuse = (why: string): never => {
    throw new FaultlineError(
      'model/damaged',
      `The model's weights cannot be used: ${why}. Train the model again or take a backup.`,
      {
        why,
      },
    );
  };
  const entries = packed.manifest['weights'];
  if (!Array.isArray(entries) || entries.length !== expected.length) return refuse(`it does not hold ${expected.length} weights`);
  const bytes = 4 * countWeights(expected);
  if (packed.weights.byteLength !== bytes) return refuse(`${packed.weights.byteLength} bytes, ${bytes} expected`);
  let offset = 0;
  expected.forEach((spec, i) => {
    const entry = (entries as readonly JsonValue[])[i];
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return refuse(`entry ${i} is not a description`);
    const { name, shape, offset: at } = entry as JsonObject;
    if (name !== spec.name) return refuse(`entry ${i} is not "${spec.name}"`);
    const same = Array.isArray(shape) && shape.length === spec.shape.length && spec.shape.every((length, d) => shape[d] === length);
    if (!same) return refuse(`"${spec.name}" does not have the shape [${spec.shape.join(', ')}]`);
    if (at !== offset) return refuse(`"${spec.name}" does not start at byte ${offset}`);
    offset += 4 * sizeOf(spec.shape);
  });
  const view = new DataView(packed.weights.buffer, packed.weights.byteOffset, packed.weights.byteLength);
  let at = 0;
  return new Map(
    expected.map((spec) => {
      const values = Float32Array.from({ length: sizeOf(spec.shape) }, () => view.getFloat32((at += 4) - 4, true));
      if (!allFinite(values)) refuse(`"${spec.name}" holds a value that is not a number`);
      return [spec.name, values] as const;
    }),
  );
}
