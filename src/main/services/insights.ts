import type { RunInsight } from '../../core/insight/insight';
import { findDetector } from '../../core/detectors/registry';
import type { ComputeClient } from '../compute/client';
import type { ProjectStore } from '../store';
import { createKept } from './kept';

/** What the models of runs show of themselves. */
export interface Insights {
  /** Null where the detector shows nothing. */
  of(store: ProjectStore, runId: string): Promise<RunInsight | null>;
}

export function createInsights(queries: ComputeClient): Insights {
  const kept = createKept<RunInsight | null>();
  return {
    of(store, runId) {
      const run = store.runs.get(runId);
      const model = store.models.get(run.modelId);
      if (findDetector(model.detectorId).info.shows === undefined) return Promise.resolve(null);
      // Labels say which rows train and which are masked; all the rest is stored and never changes.
      const revisions = [model.datasetId, run.datasetId].map((id) => store.datasets.get(id).labelRevision);
      return kept.of([runId, ...revisions].join(' '), () => queries.run('run.insight', { file: store.file, runId }));
    },
  };
}
