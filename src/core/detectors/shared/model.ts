import { FaultlineError, type JsonObject } from '../../errors';
import { packWeights, unpackWeights, type WeightSpec } from '../../tensor/weights';
import type { DetectorInfo, EpochRecord, ModelArtifact } from '../detector';
import { resolveParams, type ParamSpecs, type ParamsOf, type ParamValues } from '../params';

/** More channels than any project holds; a stored model cannot ask for more memory. */
const MAX_CHANNELS = 2000;
const MAX_COUNT = 100_000_000;

export type NamedArray = WeightSpec & { readonly values: Float32Array };

/** What a trained detector is stored as. */
export interface ModelParts {
  readonly params: ParamValues;
  readonly channels: readonly string[];
  readonly arrays: readonly NamedArray[];
  /** Lengths that do not follow from parameters and channels; read back with `count`. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly history?: readonly EpochRecord[];
  /** Further facts, small. */
  readonly facts?: JsonObject;
}

export function toArtifact(
  info: DetectorInfo,
  { params, channels, arrays, counts = {}, history = [], facts = {} }: ModelParts,
): ModelArtifact {
  const packed = packWeights(arrays);
  return {
    ...{ detectorId: info.id, formatVersion: info.formatVersion, params, channels, weights: packed.weights },
    manifest: { ...packed.manifest, counts: { ...counts }, facts, history: history as unknown as JsonObject[] },
  };
}

/** A stored model, checked as far as can be without knowing its arrays. */
export interface StoredModelParts<S extends ParamSpecs> {
  readonly params: ParamsOf<S>;
  readonly channels: readonly string[];
  readonly history: readonly EpochRecord[];
  readonly facts: JsonObject;
  /** A whole number from `min` to `max`. @throws FaultlineError 'model/damaged' */
  count(name: string, min?: number, max?: number): number;
  /** The arrays, each as long as its spec says. @throws FaultlineError 'model/damaged' */
  arrays(specs: readonly WeightSpec[]): (name: string) => Float32Array;
}

/**
 * Opens a stored model for a detector.
 *
 * @throws FaultlineError 'model/incompatible' for another detector or format; 'model/damaged' for impossible contents;
 * 'detector/bad-params' for parameters out of range.
 */
export function openArtifact<S extends ParamSpecs>(info: DetectorInfo, specs: S, artifact: ModelArtifact): StoredModelParts<S> {
  const { detectorId, formatVersion, channels, manifest } = artifact;
  if (detectorId !== info.id || formatVersion !== info.formatVersion) {
    throw new FaultlineError(
      'model/incompatible',
      `This is a model of "${detectorId}", format ${formatVersion}; ${info.title} reads format ${info.formatVersion} of "${info.id}". ` +
        'Train it again with this version.',
      { detectorId, formatVersion },
    );
  }
  if (channels.length < 1 || channels.length > MAX_CHANNELS) refuse(`${channels.length} channels`);
  const counts = objectOf(manifest['counts']);
  return {
    ...{ params: resolveParams(specs, artifact.params), channels, facts: objectOf(manifest['facts']) },
    history: (Array.isArray(manifest['history']) ? manifest['history'] : []) as unknown as EpochRecord[],
    count(name, min = 0, max = MAX_COUNT) {
      const value = counts[name];
      return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
        ? value
        : refuse(`count "${name}"`);
    },
    arrays(arraySpecs) {
      const arrays = unpackWeights(artifact, arraySpecs);
      return (name) => arrays.get(name)!;
    },
  };
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function refuse(what: string): never {
  throw new FaultlineError('model/damaged', `The model cannot be used: ${what} is out of range. Train it again or take a backup.`, {
    what,
  });
}

/** @throws FaultlineError 'model/incompatible' unless the data have the tags that were trained on, in their order. */
export function requireSameChannels(trained: readonly string[], given: readonly string[]): void {
  if (trained.length === given.length && trained.every((name, i) => name === given[i])) return;
  throw new FaultlineError(
    'model/incompatible',
    `The model was trained on ${trained.join(', ')}; the data has ${given.join(', ')}. Score data with the same tags in the same order.`,
    { trained, given },
  );
}
