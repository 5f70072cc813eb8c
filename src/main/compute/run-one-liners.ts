import { ofClass, rowsWithin, subtractSpans } from '../../core/labels/interval';
import type { Label } from '../../core/labels/label';
import type { PreparedSeries } from '../../core/prepare/prepared';
import { labelsKnownBy } from '../../core/prepare/seen';
import { trainingView } from '../../core/prepare/split';
import { oneLinerScores, usualWindow } from '../../core/referee/one-liners';
import type { CalibrationRows } from '../../core/referee/peer-threshold';
import type { OneLinerScores } from '../../core/referee/referee';
import { oneLinerIds, type OneLinerId } from '../../core/referee/report';
import { rowsOfRunPart } from '../run-parts';
import type { ProjectReader, StoredModel, StoredRun, StoredThreshold } from '../store';
import { loadData, prepareForScoring, type LoadedData } from './tasks/data';

/** Data as a model sees them. */
export interface Prepared {
  readonly loaded: LoadedData;
  readonly prepared: PreparedSeries;
}

/** What one-line detectors are given of a run: the data that it scored, what trained its model, and the rows that chose its threshold. */
export interface OneLinerData {
  readonly data: Prepared;
  /** Of the model's own dataset; the same as `data` where the run is of it. */
  readonly trained: Prepared;
  /** The rows that trained. */
  readonly train: PreparedSeries;
  /** Rows of a window. */
  readonly window: number;
  /** The detector's own scores there. */
  readonly calibration: CalibrationRows;
  /** Data that the calibration rows are of. */
  readonly calibrated: Prepared;
}

/** @param labels - of the run's data, as it is judged; those of today when absent. */
export function oneLinerData(
  reader: ProjectReader,
  run: StoredRun,
  model: StoredModel,
  threshold: StoredThreshold,
  labels?: readonly Label[],
): OneLinerData {
  const data = preparedOf(reader, model, run.datasetId, labels);
  const trained = run.datasetId === model.datasetId ? data : preparedOf(reader, model, model.datasetId);
  const source = calibrationSource(reader, run, model, threshold);
  return {
    data,
    trained,
    train: trainingView(trained.prepared, model.split, trained.loaded.labels),
    window: windowOf(model),
    calibration: source.rows,
    calibrated: source.run.datasetId === run.datasetId ? data : trained,
  };
}

/**
 * Scores of the six on the wanted rows, on the calibration rows and on the train rows.
 *
 * @param wanted - ms, ascending; NaN where the data have no row or the one-liner has no score.
 */
export function oneLinersAt(wanted: Float64Array, of: OneLinerData): Record<OneLinerId, OneLinerScores> {
  const { data, train, window, calibration, calibrated } = of;
  const ofRun = oneLinerScores(unmasked(data), train, window);
  const ofCalibrated = calibrated === data ? ofRun : oneLinerScores(unmasked(calibrated), train, window);
  const ofTrain = oneLinerScores(train, train, window);
  const scores = (id: OneLinerId): OneLinerScores => ({
    run: at(wanted, data.prepared.timestamps, ofRun[id]),
    calibration: at(calibration.timestamps, calibrated.prepared.timestamps, ofCalibrated[id]),
    train: ofTrain[id],
  });
  return Object.fromEntries(oneLinerIds.map((id) => [id, scores(id)])) as Record<OneLinerId, OneLinerScores>;
}

/** A dataset as a model sees it. @param labels - those of today when absent. */
export function preparedOf(reader: ProjectReader, model: StoredModel, datasetId: string, labels?: readonly Label[]): Prepared {
  const today = loadData(reader, datasetId, model.preparation.channels);
  const loaded = labels ? { ...today, labels } : today;
  return { loaded, prepared: prepareForScoring(loaded, model.preparation).prepared };
}

/** Rows outside masks; no window crosses one, as in `scoreUnmasked`. */
export function unmasked({ loaded, prepared }: Prepared): PreparedSeries {
  const masked = ofClass(loaded.labels, 'ignore').map((label) => rowsWithin(prepared.timestamps, label));
  return { ...prepared, segments: subtractSpans(prepared.segments, masked) };
}

/** Rows of a window of the detector; of the usual length where it has none. */
function windowOf({ params }: StoredModel): number {
  const window = params['window'];
  return typeof window === 'number' && window >= 2 ? window : usualWindow;
}

/** The rows that chose the threshold: of the run itself, or of the model's own run where it was carried over from there. */
function calibrationSource(
  reader: ProjectReader,
  run: StoredRun,
  model: StoredModel,
  threshold: StoredThreshold,
): { readonly run: StoredRun; readonly rows: CalibrationRows } {
  const own = reader.runs.list().filter((other) => other.modelId === model.id && other.datasetId === model.datasetId);
  const source = threshold.objective.kind === 'carried' ? (own.at(-1) ?? run) : run;
  const rows = rowsOfRunPart(reader, source, 'calibration');
  const timestamps = reader.runs.timestamps(source.id, rows);
  const { labels } = source.id === run.id ? reader.thresholds.labels(threshold.id) : reader.labels.list(source.datasetId);
  const known = timestamps.length === 0 ? [] : labelsKnownBy(labels, { start: timestamps[0]!, end: timestamps.at(-1)! });
  return { run: source, rows: { timestamps, score: reader.runs.score(source.id, rows), labels: known } };
}

/** Values at the wanted times; NaN where there is no row of that time. @param times - ascending, as `wanted`. */
export function at(wanted: Float64Array, times: Float64Array, values: Float32Array): Float32Array {
  let row = 0;
  return Float32Array.from(wanted, (time) => {
    while (row < times.length && times[row]! < time) row++;
    return times[row] === time ? values[row]! : NaN;
  });
}
