import { modesOf, noMode } from '../core/thresholds/modes';
import type { ModeRule } from '../core/thresholds/threshold';
import type { ProjectReader, StoredRun } from './store';

/**
 * Operating mode of scored rows, from the raw values of the mode tag in the run's dataset; the tag need not be one that the model was
 * trained on. Rows of a dataset without that tag have no mode, so the pooled threshold judges them (see `lacksModeTag`).
 *
 * @param timestamps - [n] ms, ascending: any rows of the run.
 * @returns [n] mode of each row, 255 for none.
 */
export function modesOfRows(
  reads: Pick<ProjectReader, 'datasets' | 'series'>,
  run: Pick<StoredRun, 'datasetId'>,
  timestamps: Float64Array,
  rule: ModeRule,
): Uint8Array {
  const channel = reads.datasets.get(run.datasetId).channels.find(({ name }) => name === rule.channel);
  if (!channel) return new Uint8Array(timestamps.length).fill(noMode);
  const time = reads.series.readTimestamps(run.datasetId);
  const values = reads.series.readColumn(run.datasetId, rule.channel);
  if (!channel.step) return modesOf(timestamps, time, values, rule);
  // Between its samples a step tag has the last value, also where other tags were stored in between.
  const storedTime: number[] = [];
  const stored: number[] = [];
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    storedTime.push(time[i]!);
    stored.push(value);
  });
  return modesOf(timestamps, storedTime, stored, rule);
}

/** True when a rule has modes of a tag that the run's dataset does not have. */
export function lacksModeTag(reads: Pick<ProjectReader, 'datasets'>, run: Pick<StoredRun, 'datasetId'>, rule: ModeRule): boolean {
  return !reads.datasets.get(run.datasetId).channels.some(({ name }) => name === rule.channel);
}
