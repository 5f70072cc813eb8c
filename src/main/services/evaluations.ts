import type { Label } from '../../core/labels/label';
import type { ComputeClient, JudgedThreshold, RunEvaluation } from '../compute/client';
import type { ProjectStore, StoredThreshold } from '../store';

const KEPT = 50;

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
  const known = new Map<string, Promise<RunEvaluation>>();
  const remember = (thresholdId: string, evaluation: Promise<RunEvaluation>): void => {
    known.set(thresholdId, evaluation);
    const oldest = known.keys().next().value;
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  };
  const of: Evaluations['of'] = (store, runId, threshold, labels) =>
    queries.run('run.evaluate', { file: store.file, runId, threshold, labels });

  return {
    of,
    ofThreshold(store, threshold) {
      const before = known.get(threshold.id);
      if (before) return before;
      const evaluation = of(store, threshold.runId, threshold, store.thresholds.labels(threshold.id).labels);
      remember(threshold.id, evaluation);
      evaluation.catch(() => known.delete(threshold.id));
      return evaluation;
    },
    keep(thresholdId, evaluation) {
      remember(thresholdId, Promise.resolve(evaluation));
    },
  };
}
