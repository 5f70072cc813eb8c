import type { EventContract } from '../core/budget/contract';
import { formatScore, timeFormatter } from '../core/report/format';
import type { ThresholdChoice } from '../core/thresholds/threshold';
import { rowsOfRunPart } from './run-parts';
import type { ProjectReader, StoredRun, StoredThreshold } from './store';

type Reads = Pick<ProjectReader, 'models' | 'runs' | 'thresholds'>;

/**
 * The threshold that later data scored with a model begin with: the one kept last for the model's own run, with all its knobs and its
 * contract; null when none was kept.
 *
 * @param target - the model, and the dataset that it scores.
 * @param timeZone - in which its date is written.
 */
export function carriedThreshold(
  reads: Reads,
  target: Pick<StoredRun, 'modelId' | 'datasetId'>,
  timeZone: string,
): ThresholdChoice | null {
  const { modelId, datasetId } = target;
  const model = reads.models.get(modelId);
  const sources = reads.runs
    .list()
    .filter((run) => run.modelId === modelId && run.datasetId === model.datasetId)
    .flatMap((run) => {
      // A run that carries one itself has it from a run in this list.
      const chosen = reads.thresholds.history(run.id).find(({ objective }) => objective.kind !== 'carried');
      return chosen ? [{ run, threshold: chosen }] : [];
    })
    .sort((a, b) => a.threshold.createdAt - b.threshold.createdAt);
  const source = sources.at(-1);
  if (!source) return null;
  const choice = carry(reads, source.run, source.threshold, timeZone);
  return { ...choice, contract: choice.contract && contractFor(choice.contract, datasetId === model.datasetId) };
}

function carry(reads: Reads, run: StoredRun, threshold: StoredThreshold, timeZone: string): ThresholdChoice {
  const { value, minDurationMs, mergeGapMs, hysteresis, deadTimeMs, modes, suppress, contract } = threshold;
  return {
    value,
    minDurationMs,
    mergeGapMs,
    hysteresis,
    deadTimeMs,
    modes,
    suppress,
    contract,
    objective: { kind: 'carried' },
    from: `Carried over from ${run.title}, θ ${formatScore(value)} of ${timeFormatter(timeZone).date(threshold.createdAt)}.`,
    achieved: null,
    // Thresholds kept before schema 2 do not say it.
    calibratedOn: threshold.calibratedOn ?? calibrationTime(reads, run),
  };
}

/** A contract names labels of the data that it was made with; of other data every labelled anomaly must be caught in their place. */
function contractFor(contract: EventContract, sameData: boolean): EventContract {
  const named = contract.mustCatch !== 'all' && contract.mustCatch.length > 0;
  return named && !sameData ? { ...contract, mustCatch: 'all' } : contract;
}

/** Time of the rows that a threshold of a run is chosen with, both ends included; undefined when there are none. */
export function calibrationTime(reads: Pick<ProjectReader, 'models' | 'runs'>, run: StoredRun): ThresholdChoice['calibratedOn'] {
  const rows = rowsOfRunPart(reads, run, 'calibration');
  if (rows.to <= rows.from) return undefined;
  const timestamps = reads.runs.timestamps(run.id, rows);
  return { start: timestamps[0]!, end: timestamps.at(-1)! };
}
