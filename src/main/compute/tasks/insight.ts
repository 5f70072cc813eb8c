import { findDetector } from '../../../core/detectors/registry';
import type { RunInsight } from '../../../core/insight/insight';
import { trainingView } from '../../../core/prepare/split';
import { randomFrom } from '../../../core/random';
import type { ProjectReader, StoredModel, StoredRun } from '../../store';
import type { TaskContext } from '../protocol';
import { at, preparedOf, unmasked } from '../run-one-liners';
import { loadEngine } from '../tensorflow';
import { withProject } from './data';
import { runContext } from './engine';

export interface InsightInput {
  readonly file: string;
  readonly runId: string;
}

/** What the model of a run shows of itself; null where its detector shows nothing. */
export function showInsight({ file, runId }: InsightInput, context: TaskContext): Promise<RunInsight | null> {
  return withProject(file, async (reader) => {
    const run = reader.runs.get(runId);
    const model = reader.models.get(run.modelId);
    const detector = findDetector(model.detectorId);
    if (detector.info.shows === undefined) return null;
    const trainedHere = run.datasetId === model.datasetId;
    const data = preparedOf(reader, model, run.datasetId);
    const trained = trainedHere ? data : preparedOf(reader, model, model.datasetId);
    const scored = unmasked(data);
    await context.checkpoint();

    const engine = await loadEngine();
    const { detectorId, formatVersion, params, channels } = model;
    const artifact = { detectorId, formatVersion, params, channels, ...reader.models.content(model.id) };
    const runWith = runContext(engine, randomFrom(model.seed).fork('insight'), context);
    const restored = await detector.restore(artifact, runWith);
    try {
      const request = {
        train: trainingView(trained.prepared, model.split, trained.loaded.labels),
        scored,
        score: ownScores(reader, run, model, scored.timestamps),
      };
      const insight = await restored.insight!(request, runWith);
      return { insight, trainedHere, labelsChanged: trained.loaded.labelRevision !== model.labelRevision };
    } finally {
      restored.dispose();
    }
  });
}

/** The run's scores on the rows; none where their reference is followed, which lowers what the detector said. */
function ownScores(reader: ProjectReader, run: StoredRun, model: StoredModel, rows: Float64Array): Float32Array {
  if (model.preparation.drift?.withScore) return new Float32Array(rows.length).fill(Number.NaN);
  return at(rows, reader.runs.timestamps(run.id), reader.runs.score(run.id));
}
