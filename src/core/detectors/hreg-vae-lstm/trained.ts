import type { PreparedSeries } from '../../prepare/prepared';
import type { Scores } from '../../scoring/scores';
import type { WeightSet } from '../../tensor/weights';
import type { EpochRecord, ModelArtifact, RunContext, TensorFlow, TrainedDetector } from '../detector';
import { requireSameChannels } from '../shared/model';
import { Network } from './network';
import { scorePaper } from './paper';
import type { HregParams } from './params';
import { encodeSeries } from './residuals';
import { scoreSharp, type SharpReference } from './sharp';

/** Everything a trained model consists of, as plain arrays. */
export interface Model {
  readonly params: HregParams;
  readonly channels: readonly string[];
  readonly vae: WeightSet;
  readonly lstm: WeightSet;
  readonly history: readonly EpochRecord[];
  /** [c] scaled units */
  readonly halfWidth: Float32Array;
  readonly normalScores: Float32Array;
  /** Null for the paper score, which needs none. */
  readonly reference: SharpReference | null;
}

/** A model that can score; it owns the tensors of its network. */
export function trainedFrom(
  tf: TensorFlow,
  fused: boolean,
  model: Model,
  toArtifact: (model: Model) => ModelArtifact,
): TrainedDetector {
  const { params, vae, lstm, reference } = model;
  const network = new Network(tf, fused, vae, lstm, params.window * model.channels.length, params.latent);
  let disposed = false;
  return {
    history: model.history,
    normalScores: model.normalScores,
    parameterCount: vae.flat.length + lstm.flat.length,
    async score(data: PreparedSeries, run: RunContext): Promise<Scores> {
      requireSameChannels(model.channels, data.channels);
      const view = await encodeSeries(network, data, params, run);
      const scores = reference ? await scoreSharp(tf, view, reference, run) : await scorePaper(view, run);
      return { ...scores, expectedHalfWidth: model.halfWidth };
    },
    save: () => Promise.resolve(toArtifact(model)),
    dispose() {
      if (!disposed) network.dispose();
      disposed = true;
    },
  };
}
