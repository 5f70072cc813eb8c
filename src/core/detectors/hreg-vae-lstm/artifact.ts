import { WeightSet, type WeightSpec } from '../../tensor/weights';
import type { DetectorInfo, ModelArtifact } from '../detector';
import { openArtifact, toArtifact as pack } from '../shared/model';
import { vaeSpecs } from '../shared/vae-network';
import { lstmSpecs } from './network';
import { specs, type HregParams } from './params';
import { MEMORY_SIZE } from './sharp';
import type { Model } from './trained';

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
  const { params, channels, vae, lstm, reference, history } = model;
  const width = params.window * channels.length;
  const counts = {
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
  const arrays = [
    ...[vae, lstm].flatMap((set) => set.views().map((values, i) => ({ ...set.specs[i]!, values }))),
    ...extraSpecs(params, channels.length, counts).map((spec, i) => ({ ...spec, values: extras[i]! })),
  ];
  return pack(info, { params, channels, arrays, counts, history });
}

/**
 * The model of an artifact.
 *
 * @throws FaultlineError 'model/incompatible' for another detector, format or parameters; 'model/damaged' for weights that do not fit.
 */
export function restoreModel(info: DetectorInfo, artifact: ModelArtifact): Model {
  const stored = openArtifact(info, specs, artifact);
  const { params, channels, history } = stored;
  const sharp = params.score === 'sharp';
  const counts: Counts = {
    normalScores: stored.count('normalScores'),
    reconstructions: stored.count('reconstructions', sharp ? 1 : 0, sharp ? MEMORY_SIZE : 0),
    forecasts: stored.count('forecasts', 0, sharp && channels.length === 1 ? MEMORY_SIZE : 0),
  };
  const width = params.window * channels.length;
  const [vaeParts, lstmParts] = [vaeSpecs(width, params), lstmSpecs(params)];
  const get = stored.arrays([...vaeParts, ...lstmParts, ...extraSpecs(params, channels.length, counts)]);
  return {
    ...{ params, channels, history },
    ...{ vae: WeightSet.of(vaeParts, get), lstm: WeightSet.of(lstmParts, get) },
    ...{ halfWidth: get('expected/half-width'), normalScores: get('normal-scores') },
    reference: sharp
      ? {
          whitening: { mean: get('whitening/mean'), inverse: get('whitening/inverse'), variance: get('whitening/variance') },
          ...{ reconstructions: get('memory/reconstructions'), forecasts: get('memory/forecasts'), scales: get('scales') },
        }
      : null,
  };
}
