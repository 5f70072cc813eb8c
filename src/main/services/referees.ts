import type { RefereeReport } from '../../core/referee/report';
import type { ComputeClient } from '../compute/client';
import type { ProjectStore, StoredRun } from '../store';
import { createKept } from './kept';
import { currentThreshold } from './result-service';

/** The referee's word on kept thresholds. All it follows from is stored, so one is computed once in a session. */
export interface Referees {
  /** @throws FaultlineError 'threshold/no-scores' when the run has no threshold yet. */
  of(store: ProjectStore, runId: string): Promise<RefereeReport>;
}

export function createReferees(queries: ComputeClient): Referees {
  const kept = createKept<RefereeReport>();
  return {
    of(store, runId) {
      const run = store.runs.get(runId);
      const threshold = currentThreshold(store, run);
      const { datasetId } = store.models.get(run.modelId);
      // Whether the scaler can be checked depends on the labels of today; nothing else does.
      const key = `${threshold.id} ${store.datasets.get(datasetId).labelRevision}`;
      return kept.of(key, () =>
        queries.run('run.referee', {
          file: store.file,
          threshold,
          labels: store.thresholds.labels(threshold.id).labels,
          before: store.thresholds.history(runId).length - 1,
          otherRuns: judgedBefore(store, run, threshold.createdAt),
        }),
      );
    },
  };
}

/** Other runs on the same data that had a threshold by then. */
function judgedBefore(store: ProjectStore, run: StoredRun, time: number): number {
  return store.runs
    .list()
    .filter((other) => other.id !== run.id && other.datasetId === run.datasetId)
    .filter((other) => store.thresholds.history(other.id).some(({ createdAt }) => createdAt < time)).length;
}
