import type { Label } from '../../core/labels/label';
import type { ComputeClient, JudgedThreshold, RunEvaluation } from '../compute/client';
import type { ProjectStore, StoredThreshold } from '../store';
import { createKept } from './kept';

/**
 * Events and judgements of kept thresholds. Everything they follow from (scores, threshold, the labels of that day) is stored and
 * never changes, so one is computed once in a session and always comes out the same.
 */
export interface Evaluations {
  of(store: ProjectStore, runId: string, threshold: JudgedThreshold, labels: readonly Label[]): Promise<RunEvaluation>;
  ofThreshold(store: ProjectStore, threshold: StoredThreshold): Promise<RunEvaluation>;
  keep(thresholdId: string, evaluation: RunEvaluation): void;
}

export function createEvaluations(queries: ComputeClient): Evaluations {
  const kept = createKept<RunEvaluation>();
  const of: Evaluations['of'] = (store, runId, threshold, labels) =>
    queries.run('run.evaluate', { file: store.file, runId, threshold, labels });

  return {
    of,
    ofThreshold: (store, threshold) =>
      kept.of(threshold.id, () => of(store, threshold.runId, threshold, store.thresholds.labels(threshold.id).labels)),
    keep: (thresholdId, evaluation) => kept.put(thresholdId, Promise.resolve(evaluation)),
  };
}
