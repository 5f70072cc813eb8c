import type { EngineInfo } from '../../../core/detectors/detector';
import { findDetector } from '../../../core/detectors/registry';
import { scoreReady } from '../../../core/drift/ready';
import { randomFrom } from '../../../core/random';
import type { Scores } from '../../../core/scoring/scores';
import type { ScoredRows } from '../../../core/events/events';
import type { ThresholdChoice } from '../../../core/thresholds/threshold';
import { carriedThreshold } from '../../carried';
import { requireChannels } from '../../refusals';
import { modesOfRows } from '../../run-modes';
import { partsOfRun } from '../../run-parts';
import type { ProjectReader, StoredModel } from '../../store';
import { judgeRun, type RunEvaluation } from '../judge-run';
import type { TaskContext } from '../protocol';
import { loadEngine } from '../tensorflow';
import { loadData, prepareForScoring, withProject, type LoadedData } from './data';
import { runContext } from './engine';

export interface ScoreInput {
  readonly file: string;
  readonly modelId: string;
  readonly datasetId: string;
  /** In which the date of a threshold that is carried over is written. */
  readonly timeZone: string;
}

export interface ScoreResult {
  readonly engine: EngineInfo;
  readonly channels: readonly string[];
  readonly timestamps: Float64Array;
  readonly scores: Scores;
  readonly seconds: number;
  /** The threshold of the model's own run, and how it and its contract stand on these data; null when none was kept. */
  readonly carried: { readonly choice: ThresholdChoice; readonly evaluation: RunEvaluation } | null;
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
    const ready = prepareForScoring(data, model.preparation);
    const { manifest, weights } = reader.models.content(input.modelId);
    await context.checkpoint();

    const engine = await loadEngine();
    const run = runContext(engine, randomFrom(model.seed).fork('score'), context);
    const detector = findDetector(model.detectorId);
    const { detectorId, formatVersion, params, channels } = model;
    const trained = await detector.restore({ detectorId, formatVersion, params, channels, manifest, weights }, run);
    try {
      const begun = performance.now();
      const scores = await scoreReady(trained, ready, data.labels, run);
      const seconds = (performance.now() - begun) / 1000;
      const { timestamps } = ready.prepared;
      const carried = judgeCarried(
        reader,
        model,
        input,
        { timestamps, score: scores.score, byChannel: scores.byChannel, channels },
        data,
      );
      return { engine: engine.info, channels, timestamps, scores, seconds, carried };
    } finally {
      trained.dispose();
    }
  });
}

/** Later data begin with the threshold that the model was calibrated with: nobody has to choose one before the result is seen. */
function judgeCarried(
  reader: ProjectReader,
  model: StoredModel,
  { datasetId, timeZone }: ScoreInput,
  scored: ScoredRows,
  { labels }: Pick<LoadedData, 'labels'>,
): ScoreResult['carried'] {
  const choice = carriedThreshold(reader, { modelId: model.id, datasetId }, timeZone);
  const { timestamps } = scored;
  if (!choice || timestamps.length === 0) return null;
  const run = { datasetId, start: timestamps[0]!, end: timestamps.at(-1)! };
  const modes = choice.modes && modesOfRows(reader, run, timestamps, choice.modes);
  const parts = partsOfRun(reader, run, model, choice);
  const evaluation = judgeRun({ rows: { ...scored, modes }, labels, threshold: choice, parts, warmUpRows: model.warmUpRows });
  return { choice, evaluation };
}
