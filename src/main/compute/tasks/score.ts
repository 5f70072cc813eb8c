import type { EngineInfo } from '../../../core/detectors/detector';
import { findDetector } from '../../../core/detectors/registry';
import { randomFrom } from '../../../core/random';
import { scoreUnmasked } from '../../../core/scoring/masked';
import type { Scores } from '../../../core/scoring/scores';
import { requireChannels } from '../../refusals';
import type { TaskContext } from '../protocol';
import { loadEngine } from '../tensorflow';
import { loadData, prepareForScoring, withProject } from './data';
import { runContext } from './engine';

export interface ScoreInput {
  readonly file: string;
  readonly modelId: string;
  readonly datasetId: string;
}

export interface ScoreResult {
  readonly engine: EngineInfo;
  readonly channels: readonly string[];
  readonly timestamps: Float64Array;
  readonly scores: Scores;
  readonly seconds: number;
}

/**
 * Scores a dataset with a stored model, prepared the way the training data were.
 *
 * @throws FaultlineError 'model/incompatible' naming the tags that the dataset does not have.
 */
export function scoreDataset(input: ScoreInput, context: TaskContext): Promise<ScoreResult> {
  return withProject(input.file, async (reader) => {
    const model = reader.models.get(input.modelId);
    const dataset = reader.datasets.get(input.datasetId);
    requireChannels(
      model.channels,
      dataset.channels.map((channel) => channel.name),
    );
    context.report({ stage: 'Reading the data', done: 0, total: 1, unit: 'parts' });
    const data = loadData(reader, input.datasetId, model.channels);
    const { prepared } = prepareForScoring(data, model.preparation, model.preparation.scaler);
    const { manifest, weights } = reader.models.content(input.modelId);
    await context.checkpoint();

    const engine = await loadEngine();
    const run = runContext(engine, randomFrom(model.seed).fork('score'), context);
    const detector = findDetector(model.detectorId);
    const { detectorId, formatVersion, params, channels } = model;
    const trained = await detector.restore({ detectorId, formatVersion, params, channels, manifest, weights }, run);
    try {
      const begun = performance.now();
      const scores = await scoreUnmasked(trained, prepared, data.labels, run);
      return {
        engine: engine.info,
        channels,
        timestamps: prepared.timestamps,
        scores,
        seconds: (performance.now() - begun) / 1000,
      };
    } finally {
      trained.dispose();
    }
  });
}
