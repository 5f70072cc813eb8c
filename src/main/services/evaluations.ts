import type { Label } from '../../core/labels/label';
import type { ThresholdRule } from '../../core/thresholds/threshold';
import type { ComputeClient, RunEvaluation } from '../compute/client';
import type { ProjectStore, StoredThreshold } from '../store';
import { count } from './project-state';

const KEPT = 50;

/**
 * Events and judgements of kept thresholds. Everything they follow from (scores, threshold, the labels of that day) is stored and
 * never changes, so one is computed once in a session and always comes out the same.
 */
export interface Evaluations {
  of(store: ProjectStore, runId: string, rule: ThresholdRule, labels: readonly Label[]): Promise<RunEvaluation>;
  ofThreshold(store: ProjectStore, threshold: StoredThreshold): Promise<RunEvaluation>;
  keep(thresholdId: string, evaluation: RunEvaluation): void;
  /** "3 events, 2 of 3 labels caught in the test part". */
  inWords(evaluation: RunEvaluation): string;
}

export function createEvaluations(queries: ComputeClient): Evaluations {
  const known = new Map<string, Promise<RunEvaluation>>();
  const remember = (thresholdId: string, evaluation: Promise<RunEvaluation>): void => {
    known.set(thresholdId, evaluation);
    const oldest = known.keys().next().value;
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  };
  const of: Evaluations['of'] = (store, runId, { value, minDurationMs, mergeGapMs }, labels) =>
    queries.run('run.evaluate', { file: store.file, runId, rule: { value, minDurationMs, mergeGapMs }, labels });

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
    inWords({ events, test }) {
      const found = count(events.length, 'event');
      if (test.labels === 0) return found;
      const f1 = test.f1.value === null ? '' : `, F1 ${test.f1.value.toFixed(2)}`;
      return `${found}, ${test.caught} of ${count(test.labels, 'label')} caught in the test part${f1}`;
    },
  };
}
