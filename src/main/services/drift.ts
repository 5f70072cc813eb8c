import type { DriftReport } from '../../core/drift/report';
import type { ComputeClient } from '../compute/client';
import type { ProjectStore } from '../store';

/** What following the drift did in a run; null where its model follows none. */
export async function driftOf(store: ProjectStore, queries: ComputeClient, runId: string): Promise<DriftReport | null> {
  const { preparation } = store.models.get(store.runs.get(runId).modelId);
  return preparation.drift ? queries.run('run.drift', { file: store.file, runId }) : null;
}
