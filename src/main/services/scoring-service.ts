import type { Handlers } from '../../contract/methods';
import { ensembleId } from '../../core/detectors/ensemble';
import { FaultlineError, type JsonObject } from '../../core/errors';
import type { ComputeClient } from '../compute/client';
import type { JobRunner } from '../jobs/manager';
import { requireChannels } from '../refusals';
import type { SettingsFile } from '../settings';
import type { ServiceContext } from './context';
import { keepThreshold } from './keep-threshold';

export function scoringService(context: ServiceContext): Pick<Handlers, 'scoring.start'> {
  return {
    'scoring.start': async ({ modelId, datasetId }) => {
      const store = context.session.current();
      const model = store.models.get(modelId);
      const dataset = store.datasets.get(datasetId);
      if (model.detectorId === ensembleId) {
        throw new FaultlineError(
          'detector/untrainable',
          'An ensemble cannot score by itself. Score the data with each of its members, then combine those runs.',
          { modelId },
        );
      }
      requireChannels(
        model.channels,
        dataset.channels.map((channel) => channel.name),
      );
      const job = context.jobs.start(store, {
        kind: 'score',
        title: `${model.name}: scores of ${dataset.name}`,
        seed: model.seed,
        params: { modelId, datasetId },
      });
      context.session.changed();
      return { jobId: job.id };
    },
  };
}

/**
 * Scores a dataset with a stored model; result: runId. The run gets the threshold that the model's own run was calibrated with, its events
 * and the state of its contract in the same transaction.
 */
export function scoringRunner(compute: ComputeClient, settings: Pick<SettingsFile, 'get'>): JobRunner {
  return async (run) => {
    const { store, job } = run;
    // Written by 'scoring.start' above.
    const { modelId, datasetId } = job.params as { readonly modelId: string; readonly datasetId: string };
    const { timeZone } = settings.get();
    const result = await compute.run(
      'scoring.run',
      { file: store.file, modelId, datasetId, timeZone },
      { signal: run.signal, onProgress: (progress) => run.progress(progress), onMemory: (bytes) => run.memory(bytes) },
    );
    run.log(`Scored ${result.timestamps.length} rows in ${result.seconds.toFixed(1)} s.`);
    return (): JsonObject => {
      const { engine, channels, timestamps, scores, carried } = result;
      const scored = store.runs.create({ modelId, datasetId, title: job.title, engine, channels, timestamps, scores });
      if (carried) {
        keepThreshold(store, scored.id, carried.choice, store.labels.list(datasetId), carried.evaluation, timeZone);
      }
      return { modelId, runId: scored.id };
    };
  };
}
