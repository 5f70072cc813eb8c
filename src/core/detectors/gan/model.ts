import { LARGEST_SCORE, type Scores } from '../../scoring/scores';
import type { PreparedSeries } from '../../prepare/prepared';
import { WeightSet, type WeightSpec } from '../../tensor/weights';
import type { DetectorInfo, EpochRecord, ModelArtifact, RunContext, TensorFlow, TrainedDetector } from '../detector';
import { causalScore, reviewScore, sharesOverSpan, writeEnergyShares } from '../shared/aggregate';
import { openArtifact, requireSameChannels, toArtifact } from '../shared/model';
import { Reader, scoredWindows } from './dire';
import { discriminatorSpecs, generatorSpecs, type GanWeights } from './network';
import { spanOf, specs, strideOf, type GanParams } from './params';
import type { RowLosses } from './row-means';

/** Everything a trained model consists of, as plain arrays. */
export interface GanModel {
  readonly params: GanParams;
  readonly channels: readonly string[];
  readonly weights: GanWeights;
  readonly history: readonly EpochRecord[];
  /** [2] standard deviations of residual and discrimination on held-out normal rows. */
  readonly scales: Float32Array;
  /** [c] */
  readonly halfWidth: Float32Array;
  readonly normalScores: Float32Array;
}

/**
 * AD-loss of rows, λ·Res + (1 − λ)·Dis, each in standard deviations of held-out normal rows. The means are not subtracted: that would
 * move every score by the same amount, and make some negative.
 *
 * @returns [n] NaN where no window covers a row.
 */
export function lossOfRows(
  { residual, discrimination }: Pick<RowLosses, 'residual' | 'discrimination'>,
  scales: Float32Array,
  { score, lambda }: Pick<GanParams, 'score' | 'lambda'>,
): Float64Array {
  const weight = { fused: lambda, residual: 1, discrimination: 0 }[score];
  return residual.map((res, row) =>
    Math.min(LARGEST_SCORE, (weight * res) / scales[0]! + ((1 - weight) * discrimination[row]!) / scales[1]!),
  );
}

/** A model that can score; it owns the tensors of its networks. */
export function trainedFrom(tf: TensorFlow, fused: boolean, info: DetectorInfo, model: GanModel): TrainedDetector {
  const { params, channels, weights } = model;
  const reader = new Reader(tf, fused, weights, channels.length, params);
  let disposed = false;
  return {
    history: model.history,
    normalScores: model.normalScores,
    parameterCount: weights.generator.flat.length + weights.discriminator.flat.length,
    async score(data: PreparedSeries, run: RunContext): Promise<Scores> {
      requireSameChannels(channels, data.channels);
      const losses = await reader.read(data, scoredWindows(data.segments, params.window, strideOf(params)), run);
      return scoresOf(losses, data, model);
    },
    save: () => Promise.resolve(save(info, model)),
    dispose() {
      if (!disposed) reader.dispose();
      disposed = true;
    },
  };
}

function scoresOf(losses: RowLosses, data: PreparedSeries, { params, channels, scales, halfWidth }: GanModel): Scores {
  const c = channels.length;
  const span = spanOf(params);
  const points = lossOfRows(losses, scales, params);
  const score = causalScore(points, data, params.window, span);
  const shares = new Float32Array(points.length * c);
  const parts = new Float64Array(c);
  points.forEach((point, row) => {
    if (Number.isNaN(point)) return;
    for (let j = 0; j < c; j++) parts[j] = losses.byChannel[row * c + j]!;
    writeEnergyShares(parts, shares, row * c);
  });
  return {
    ...{ score, review: reviewScore(points, data, params.window, span) },
    byChannel: sharesOverSpan(score, points, shares, c, params.window, span),
    ...{ expected: losses.expected, expectedHalfWidth: halfWidth },
  };
}

function arraySpecs(params: GanParams, channels: number, normalScores: number): WeightSpec[] {
  return [
    ...generatorSpecs(channels, params),
    ...discriminatorSpecs(channels, params),
    { name: 'range/centre', shape: [channels] },
    { name: 'range/half', shape: [channels] },
    { name: 'scales', shape: [2] },
    { name: 'expected/half-width', shape: [channels] },
    { name: 'normal-scores', shape: [normalScores] },
  ];
}

function save(info: DetectorInfo, model: GanModel): ModelArtifact {
  const { params, channels, weights, history, scales, halfWidth, normalScores } = model;
  const { generator, discriminator, range } = weights;
  const values = [...generator.views(), ...discriminator.views(), range.centre, range.half, scales, halfWidth, normalScores];
  const arrays = arraySpecs(params, channels.length, normalScores.length).map((spec, i) => ({ ...spec, values: values[i]! }));
  return toArtifact(info, { params, channels, arrays, counts: { normalScores: normalScores.length }, history });
}

/** @throws FaultlineError 'model/incompatible' for another detector or format; 'model/damaged' for weights that do not fit. */
export function restoreModel(info: DetectorInfo, artifact: ModelArtifact): GanModel {
  const stored = openArtifact(info, specs, artifact);
  const { params, channels, history } = stored;
  const get = stored.arrays(arraySpecs(params, channels.length, stored.count('normalScores')));
  return {
    ...{ params, channels, history },
    weights: {
      generator: WeightSet.of(generatorSpecs(channels.length, params), get),
      discriminator: WeightSet.of(discriminatorSpecs(channels.length, params), get),
      range: { centre: get('range/centre'), half: get('range/half') },
    },
    ...{ scales: get('scales'), halfWidth: get('expected/half-width'), normalScores: get('normal-scores') },
  };
}
