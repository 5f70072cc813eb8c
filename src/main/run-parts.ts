import type { Part, Split } from '../core/prepare/prepared';
import { partSpan } from '../core/prepare/split';
import type { ProjectReader, RowRange, StoredModel, StoredRun } from './store';

/** The read side that both the services and the compute process have. */
type Reads = Pick<ProjectReader, 'models' | 'runs'>;

/**
 * The parts of a scored dataset. On the model's own dataset they are the model's. On another one nothing was trained, so the first
 * half of its time calibrates and the second half tests.
 */
export function splitOfRun(
  run: Pick<StoredRun, 'datasetId' | 'start' | 'end'>,
  model: Pick<StoredModel, 'datasetId' | 'split'>,
): Split {
  if (run.datasetId === model.datasetId) return model.split;
  const { guardMs } = model.split;
  return { trainUntil: run.start - guardMs, calibrateUntil: run.start + (run.end - run.start) / 2, guardMs };
}

/** Scored rows of one part of a run, half-open. */
export function rowsOfRunPart(reads: Reads, run: StoredRun, part: Exclude<Part, 'guard'>): RowRange {
  const span = partSpan(splitOfRun(run, reads.models.get(run.modelId)), part);
  const start = Math.max(span.start, run.start);
  // The end of a range is open, the last row of the run is not.
  const end = Math.min(span.end, run.end + 1);
  return end > start ? reads.runs.rowsBetween(run.id, { start, end }) : { from: 0, to: 0 };
}
