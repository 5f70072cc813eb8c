import type { MetricSheet } from '../../core/metrics/sheet';
import type { ComputeClient } from '../compute/client';
import type { ProjectStore } from '../store';
import { createKept } from './kept';
import { currentThreshold } from './result-service';

/** All metrics of kept thresholds. All they follow from is stored and never changes, so a sheet is computed once in a session. */
export interface Sheets {
  /** @throws FaultlineError 'threshold/no-scores' when the run has no threshold yet. */
  of(store: ProjectStore, runId: string, part: 'calibration' | 'test'): Promise<MetricSheet>;
}

export function createSheets(queries: ComputeClient): Sheets {
  const kept = createKept<MetricSheet>();
  return {
    of(store, runId, part) {
      const threshold = currentThreshold(store, store.runs.get(runId));
      return kept.of(`${threshold.id} ${part}`, () => {
        const { labels } = store.thresholds.labels(threshold.id);
        return queries.run('run.metrics', { file: store.file, runId, part, threshold, labels });
      });
    },
  };
}
