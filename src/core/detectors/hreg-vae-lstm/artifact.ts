import { FaultlineError, type JsonObject } from '../../errors';
import { packWeights, unpackWeights, WeightSet, type WeightSpec } from '../../tensor/weights';
import type { DetectorInfo, EpochRecord, ModelArtifact } from '../detector';
import { resolveParams } from '../params';
import { lstmSpecs, vaeSpecs } from './network';
import { specs, type HregParams } from './params';
import { MEMORY_SIZE } from './sharp';
import type { Model } from './trained';

const MAX_CHANNELS = 2000;
const MAX_NORMAL_SCORES = 100_000_000;

/** Lengths that do not follow from parameters and channels. */
interface Counts {
  readonly normalScores: number;
  readonly reconstructions: number;
  readonly forecasts: number;
}

/** The arrays beside the networks, in the order in which they are stored. */
function extraSpecs(params: HregParams, channels: number, counts: Counts): WeightSpec[] {
  const width = params.window * channels;
  return [
    { name: 'expected/half-width', shape: [channels] },
    { name: 'normal-scores', shape: [counts.normalScores] },
    ...(params.score === 'paper'
      ? []
      : [
          { name: 'whitening/mean', shape: [width] },
          { name: 'whitening/inverse', shape: [width, width] },
          { name: 'whitening/variance', shape: [width] },
          { name: 'memory/reconstructions', shape: [counts.reconstructions, width] },
          { name: 'memory/forecasts', shape: [counts.forecasts, width] },
          { name: 'scales', shape: [2] },
        ]),
  ];
}

/** A model as data to be stored. */
export function toArtifact(info: DetectorInfo, model: Model): ModelArtifact {
  const { params, channels, vae, lstm, reference } = model;
  const width = params.window * channels.length;
  const counts: Counts = {
    normalScores: model.normalScores.length,
    reconstructions: (reference?.reconstructions.length ?? 0) / width,
    forecasts: (reference?.forecasts.length ?? 0) / width,
  };
  const extras = [
    model.halfWidth,
    model.normalScores,
    ...(reference
      ? [
          ...[reference.whitening.mean, reference.whitening.inverse, reference.whitening.variance],
          ...[reference.reconstructions, reference.forecasts, reference.scales],
        ]
      : []),
  ];
  const networks = [vae, lstm].flatMap((set) => set.views().map((values, i) => ({ ...set.specs[i]!, values })));
  const packed = packWeights([
    ...networks,
    ...extraSpecs(params, channels.length, counts).map((spec, i) => ({ ...spec, values: extras[i]! })),
  ]);
  return {
    detectorId: info.id,
    formatVersion: info.formatVersion,
    params,
    channels,
    manifest: { ...packed.manifest, counts: { ...counts }, history: model.history as unknown as JsonObject[] },
    weights: packed.weights,
  };
}

/**
 * The model of an artifact.
 *
 * @throws FaultlineError 'model/incompatible' for another detector, format or parameters; 'model/damaged' for weights that do not fit.
 */
export function restoreModel(info: DetectorInfo, artifact: ModelArtifact): Model {
  if (artifact.detectorId !== info.id || artifact.formatVersion !== info.formatVersion) {
    throw new FaultlineError(
      'model/incompatible',
      `This is a model of "${artifact.detectorId}", format ${artifact.formatVersion}; ${info.title} reads format ${info.formatVersion} of ` +
        `"${info.id}". Train it again with this version.`,
      { detectorId: artifact.detectorId, formatVersion: artifact.formatVersion },
    );
  }
  const params = resolveParams(specs, artifact.params);
  const channels = artifact.channels;
  if (channels.length < 1 || channels.length > MAX_CHANNELS) refuse(`${channels.length} channels`);
  const counts = readCounts(artifact.manifest['counts'], params, channels.length);
  const width = params.window * channels.length;
  const [vaeParts, lstmParts] = [vaeSpecs(width, params), lstmSpecs(params)];
  const arrays = unpackWeights(artifact, [...vaeParts, ...lstmParts, ...extraSpecs(params, channels.length, counts)]);
  const get = (name: string): Float32Array => arrays.get(name)!;
  const weightsOf = (parts: readonly WeightSpec[]): WeightSet => {
    const set = new WeightSet(parts);
    set.views().forEach((view, i) => view.set(get(parts[i]!.name)));
    return set;
  };
  return {
    ...{ params, channels, vae: weightsOf(vaeParts), lstm: weightsOf(lstmParts) },
    history: (artifact.manifest['history'] ?? []) as unknown as EpochRecord[],
    ...{ halfWidth: get('expected/half-width'), normalScores: get('normal-scores') },
    reference:
      params.score === 'paper'
        ? null
        : {
            whitening: { mean: get('whitening/mean'), inverse: get('whitening/inverse'), variance: get('whitening/variance') },
            ...{ reconstructions: get('memory/reconstructions'), forecasts: get('memory/forecasts'), scales: get('scales') },
          },
  };
}

function readCounts(stored: unknown, params: HregParams, channels: number): Counts {
  const counts = (typeof stored === 'object' && stored !== null ? stored : {}) as Record<string, unknown>;
  const read = (name: keyof Counts, min: number, max: number): number => {
    const value = counts[name];
    return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : refuse(`count "${name}"`);
  };
  const sharp = params.score === 'sharp';
  return {
    normalScores: read('normalScores', 0, MAX_NORMAL_SCORES),
    reconstructions: read('reconstructions', sharp ? 1 : 0, sharp ? MEMORY_SIZE : 0),
    forecasts: read('forecasts', 0, sharp && channels === 1 ? MEMORY_SIZE : 0),
  };
}

function refuse(what: string): never {
  throw new FaultlineError('model/damaged', `The model cannot be used: ${what} is out of range. Train it again or take a backup.`, {
    what,
  });
}
