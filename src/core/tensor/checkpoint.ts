import type { Checkpoint, EpochRecord } from '../detectors/detector';
import { FaultlineError, type JsonObject, type JsonValue } from '../errors';
import type { PreparedSeries } from '../prepare/prepared';
import { packWeights, unpackWeights, type WeightSpec } from './weights';

/** Everything an interrupted training needs to go on bit-equal; random draws follow from the seed and the step and are not in it. */
export interface TrainingState {
  /** Steps done over all stages. */
  readonly step: number;
  readonly stage: string;
  /** Counters of the stage and its optimiser. */
  readonly numbers: JsonObject;
  readonly arrays: readonly (WeightSpec & { readonly values: Float32Array })[];
  readonly history: readonly EpochRecord[];
}

/** A state to be stored. @param fingerprint - of `fingerprintOf`: a state only continues the training it came from. */
export function packState(state: TrainingState, fingerprint: string): Checkpoint {
  const { step, stage, numbers } = state;
  const packed = packWeights(state.arrays);
  const history = state.history as unknown as JsonValue[];
  return { step, manifest: { ...packed.manifest, stage, fingerprint, numbers, history }, weights: packed.weights };
}

/** A stored state, its arrays still packed: their sizes depend on the stage. */
export interface StoredState {
  readonly stage: string;
  readonly history: readonly EpochRecord[];
  /** @throws FaultlineError 'model/damaged' when the state lacks it. */
  number(name: string): number;
  /** Null where the state holds null. */
  numberOrNull(name: string): number | null;
  /** @throws FaultlineError 'model/damaged' for arrays of other names or sizes. */
  arrays(specs: readonly WeightSpec[]): Map<string, Float32Array>;
}

/** @throws FaultlineError 'training/data-changed' when the state belongs to other rows or parameters. */
export function readState({ manifest, weights }: Checkpoint, fingerprint: string): StoredState {
  if (manifest['fingerprint'] !== fingerprint) {
    throw new FaultlineError(
      'training/data-changed',
      'The training rows or the parameters changed since this training was interrupted. Start a new training.',
    );
  }
  const numbers = (manifest['numbers'] ?? {}) as JsonObject;
  const number = (name: string): number => {
    const value = numbers[name];
    if (typeof value === 'number') return value;
    throw new FaultlineError('model/damaged', `The saved training state lacks "${name}". Start a new training.`);
  };
  return {
    stage: String(manifest['stage']),
    history: (manifest['history'] ?? []) as unknown as EpochRecord[],
    number,
    numberOrNull: (name) => (numbers[name] === null ? null : number(name)),
    arrays: (specs) => unpackWeights({ manifest, weights }, specs),
  };
}

/** Tells other rows or parameters from the same ones: FNV-1a over the bits of the values and the segments, and the parameters. */
export function fingerprintOf({ values, segments }: PreparedSeries, params: unknown): string {
  let hash = 0x811c9dc5;
  const add = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x01000193);
  };
  for (const word of new Int32Array(values.buffer, values.byteOffset, values.length)) add(word);
  for (const { start, end } of segments) [start, end].forEach(add);
  return `${values.length}:${(hash >>> 0).toString(16)} ${JSON.stringify(params)}`;
}
