import type { MetricSheet } from '../../core/metrics/sheet';
import type { ComputeClient } from '../compute/client';
import type { ProjectStore } from '../store';
import { currentThreshold } from './result-service';

const KEPT = 50;

/** All metrics of kept thresholds. All they follow from is stored and never changes, so a sheet is computed once in a session. */
export interface Sheets {
  /** @throws FaultlineError 'threshold/no-scores' when the run has no threshold yet. */
  of(store: ProjectStore, runId: string, part: 'calibration' | 'test'): Promise<MetricSheet>;
}

export function createSheets(queries: ComputeClient): Sheets {
  const known = new Map<string, Promise<MetricSheet>>();
  return {
    of(store, runId, part) {
      const threshold = currentThreshold(store, store.runs.get(runId));
      const key = `${threshold.id} ${part}`;
      const before = known.get(key);
      if (before) return before;
      const { labels } = store.thresholds.labels(threshold.id);
      const sheet = queries.run('run.metrics', { file: store.file, runId, part, threshold, labels });
      known.set(key, sheet);
      const oldest = known.keys().next().value;
      if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
      sheet.catch(() => known.delete(key));
      return sheet;
    },
  };
}
