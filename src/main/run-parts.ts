import type { Part, Split } from '../core/prepare/prepared';
import type { RunParts, SeenSpan } from '../core/prepare/seen';
import { partSpan } from '../core/prepare/split';
import type { ThresholdChoice } from '../core/thresholds/threshold';
import type { ProjectReader, RowRange, StoredModel, StoredRun } from './store';

/** The read side that both the services and the compute process have. */
type Reads = Pick<ProjectReader, 'models' | 'runs'>;
/** What the parts depend on in a threshold; null: none was kept yet. */
export type PartsOfThreshold = Pick<ThresholdChoice, 'objective' | 'calibratedOn'> | null;

/**
 * The parts of a scored dataset. On the model's own dataset they are the model's. On another one nothing was trained: with a threshold
 * carried over from the model's own run all of it is test; with one of its own the first half of its time calibrates and the second half
 * tests.
 *
 * @param threshold - the one that is judged; null for the parts that a threshold of its own would be chosen with.
 */
export function splitOfRun(
  run: Pick<StoredRun, 'datasetId' | 'start' | 'end'>,
  model: Pick<StoredModel, 'datasetId' | 'split'>,
  threshold: PartsOfThreshold,
): Split {
  if (run.datasetId === model.datasetId) return model.split;
  const { guardMs } = model.split;
  if (threshold?.objective.kind === 'carried') {
    return { trainUntil: run.start - 2 * guardMs, calibrateUntil: run.start - guardMs, guardMs };
  }
  return { trainUntil: run.start - guardMs, calibrateUntil: run.start + (run.end - run.start) / 2, guardMs };
}

/**
 * The parts with the time that was seen before: the rows that chose the threshold, and on another dataset than the model's the time that
 * trained it. Datasets share tags by name, so the same time in two of them is taken for the same data.
 */
export function partsOfRun(
  reads: Pick<ProjectReader, 'datasets'>,
  run: Pick<StoredRun, 'datasetId' | 'start' | 'end'>,
  model: Pick<StoredModel, 'datasetId' | 'split'>,
  threshold: PartsOfThreshold,
): RunParts {
  const seen: SeenSpan[] = [];
  const { calibratedOn } = threshold ?? {};
  if (calibratedOn) seen.push({ start: calibratedOn.start, end: calibratedOn.end + 1, by: 'calibration' });
  if (run.datasetId !== model.datasetId) {
    seen.push({ start: reads.datasets.get(model.datasetId).start, end: model.split.trainUntil, by: 'train' });
  }
  return { split: splitOfRun(run, model, threshold), seen };
}

/** Scored rows of one part of a run, half-open, as a threshold of its own would be chosen and judged with. */
export function rowsOfRunPart(reads: Reads, run: StoredRun, part: Exclude<Part, 'guard'>): RowRange {
  const span = partSpan(splitOfRun(run, reads.models.get(run.modelId), null), part);
  const start = Math.max(span.start, run.start);
  // The end of a range is open, the last row of the run is not.
  const end = Math.min(span.end, run.end + 1);
  return end > start ? reads.runs.rowsBetween(run.id, { start, end }) : { from: 0, to: 0 };
}
