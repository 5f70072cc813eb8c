import type { WeightSpec } from '../../tensor/weights';
import type { DetectorInfo, ModelArtifact } from '../detector';
import { openArtifact, toArtifact } from '../shared/model';
import { specs, type ArmaParams } from './params';

/** Everything is float32, because it is stored: a restored model must give the same bits. */
export interface Model {
  readonly params: ArmaParams;
  readonly channels: readonly string[];
  /** [c, p] and [c, q] partial autocorrelations; zeros at the end are a lower order. */
  readonly ar: Float32Array;
  readonly ma: Float32Array;
  /** [c] of w (of the changes with d = 1), scaled units. */
  readonly mean: Float32Array;
  /** [c] standard deviation of the forecast errors of held-out rows, scaled units. */
  readonly scale: Float32Array;
  /** [c] 99 % quantile of their size, scaled units. */
  readonly halfWidth: Float32Array;
  readonly normalScores: Float32Array;
}

/** Coefficients, mean and scale of each tag, whatever orders AIC chooses. */
export function parameterCount({ p, q }: ArmaParams, channels: number): number {
  return channels * (p + q + 2);
}

function arraySpecs({ p, q }: ArmaParams, channels: number, normalScores: number): WeightSpec[] {
  return [
    { name: 'mean', shape: [channels] },
    { name: 'scale', shape: [channels] },
    { name: 'half-width', shape: [channels] },
    { name: 'ar-partial', shape: [channels, p] },
    { name: 'ma-partial', shape: [channels, q] },
    { name: 'normal-scores', shape: [normalScores] },
  ];
}

export function save(info: DetectorInfo, model: Model): ModelArtifact {
  const { params, channels, normalScores } = model;
  const values = [model.mean, model.scale, model.halfWidth, model.ar, model.ma, normalScores];
  const arrays = arraySpecs(params, channels.length, normalScores.length).map((spec, i) => ({ ...spec, values: values[i]! }));
  return toArtifact(info, { params, channels, arrays, counts: { normalScores: normalScores.length } });
}

export function restore(info: DetectorInfo, artifact: ModelArtifact): Model {
  const stored = openArtifact(info, specs, artifact);
  const { params, channels } = stored;
  const get = stored.arrays(arraySpecs(params, channels.length, stored.count('normalScores')));
  return {
    ...{ params, channels, mean: get('mean'), scale: get('scale'), halfWidth: get('half-width') },
    ...{ ar: get('ar-partial'), ma: get('ma-partial'), normalScores: get('normal-scores') },
  };
}
