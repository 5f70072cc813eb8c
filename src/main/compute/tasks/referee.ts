import { findDetector } from '../../../core/detectors/registry';
import { intersectSpans, ofClass, rowsWithin, subtractSpans, unionSpans, type Span } from '../../../core/labels/interval';
import type { Label } from '../../../core/labels/label';
import type { PreparedSeries } from '../../../core/prepare/prepared';
import { fitScaler } from '../../../core/prepare/scale';
import { labelsKnownBy } from '../../../core/prepare/seen';
import { trainingView, trainMask } from '../../../core/prepare/split';
import { randomFrom } from '../../../core/random';
import { labelsAtEnd, scalerCheck, sharedWindows, testWasSeen, thresholdSawTest } from '../../../core/referee/checks';
import { duplicatedBlocks, duplicatesCheck } from '../../../core/referee/duplicates';
import { oneLinerScores, usualWindow } from '../../../core/referee/one-liners';
import type { CalibrationRows } from '../../../core/referee/peer-threshold';
import { referee, type OneLinerScores } from '../../../core/referee/referee';
import { oneLinerIds, type OneLinerId, type RefereeReport } from '../../../core/referee/report';
import { partsOfRun, rowsOfRunPart } from '../../run-parts';
import type { ProjectReader, StoredModel, StoredRun, StoredThreshold } from '../../store';
import { partView, scoredRowsOf } from '../judge-run';
import type { TaskContext } from '../protocol';
import { loadData, prepareForScoring, withProject, type LoadedData } from './data';

export interface RefereeInput {
  readonly file: string;
  readonly threshold: StoredThreshold;
  /** The labels the threshold was kept with. */
  readonly labels: readonly Label[];
  /** Thresholds kept for the run before this one. */
  readonly before: number;
  /** Other runs on the same data that had a threshold before this one was kept. */
  readonly otherRuns: number;
}

/** Every run draws the same: its report must come out the same each time. */
const seed = 1;
/** Longest buffer of VUS in rows, as in every judgement. */
const bufferCap = 100;
/** Objectives that take normal scores of their own where the detector held some out. */
const byNormalScores: readonly string[] = ['quantile', 'pot', 'conformal'];

/** What has to stand beside the result of a run: see `referee` and the checks. */
export function refereeRun(input: RefereeInput, context: TaskContext): Promise<RefereeReport> {
  return withProject(input.file, async (reader) => {
    const { threshold, labels } = input;
    const run = reader.runs.get(threshold.runId);
    const model = reader.models.get(run.modelId);
    const parts = partsOfRun(reader, run, model, threshold);
    const detectedOn = scoredRowsOf(reader, run, threshold);
    const { timestamps } = detectedOn;
    const view = partView('test', { rows: detectedOn, labels, parts, threshold });
    await context.checkpoint();

    const data = preparedOf(reader, model, run.datasetId, labels);
    const trained = run.datasetId === model.datasetId ? data : preparedOf(reader, model, model.datasetId);
    const train = trainingView(trained.prepared, model.split, trained.loaded.labels);
    await context.checkpoint();
    const window = windowOf(model);
    const source = calibrationSource(reader, run, model, threshold);
    const ofRun = oneLinerScores(unmasked(data), train, window);
    await context.checkpoint();
    const ofSource = source.run.datasetId === run.datasetId ? ofRun : oneLinerScores(unmasked(trained), train, window);
    const ofTrain = byNormalScores.includes(threshold.objective.kind) ? oneLinerScores(train, train, window) : null;
    await context.checkpoint();
    const sourceTimes = (source.run.datasetId === run.datasetId ? data : trained).prepared.timestamps;
    const scoresOf = (id: OneLinerId): OneLinerScores => ({
      run: at(timestamps, data.prepared.timestamps, ofRun[id]),
      calibration: at(source.rows.timestamps, sourceTimes, ofSource[id]),
      train: ofTrain?.[id] ?? new Float32Array(0),
    });
    const { info } = findDetector(model.detectorId);
    const { report, judged, truth } = referee({
      title: info.title,
      part: view.name,
      rows: view.rows,
      detectedOn,
      labels: view.labels,
      range: view.range,
      threshold,
      calibration: source.rows,
      oneLiners: Object.fromEntries(oneLinerIds.map((id) => [id, scoresOf(id)])) as Record<OneLinerId, OneLinerScores>,
      buffer: model.warmUpRows > 0 ? Math.min(bufferCap, model.warmUpRows) : bufferCap,
      random: randomFrom(seed),
      engine: `${run.engine.backend} ${run.engine.version}`,
    });
    await context.checkpoint();

    const trainedHere = run.datasetId === model.datasetId;
    const seen = countSeen(detectedOn.score, view.rows.score);
    const testBlocks = { ...data.prepared, segments: spansOf(data.prepared, timestamps, judged) };
    return {
      ...report,
      verdict: view.refused === null ? report.verdict : `Cannot tell: ${view.refused}.`,
      checks: [
        sharedWindows({ timestamps, judged, warmUpRows: model.warmUpRows, split: parts.split, trainedHere }),
        duplicatesCheck(duplicatedBlocks(train, testBlocks, window), window),
        labelsAtEnd(truth, report.detector.f1.value),
        scaler(reader, model, trained.loaded),
        thresholdSawTest(threshold, view.range, seen),
        testWasSeen(input.before, input.otherRuns),
      ],
    };
  });
}

interface Prepared {
  readonly loaded: LoadedData;
  readonly prepared: PreparedSeries;
}

/** A dataset as the model sees it. @param labels - those of the judgement; those of today when absent. */
export function preparedOf(reader: ProjectReader, model: StoredModel, datasetId: string, labels?: readonly Label[]): Prepared {
  const today = loadData(reader, datasetId, model.preparation.channels);
  const loaded = labels ? { ...today, labels } : today;
  return { loaded, prepared: prepareForScoring(loaded, model.preparation, model.preparation.scaler).prepared };
}

/** Rows outside masks; no window crosses one, as in `scoreUnmasked`. */
export function unmasked({ loaded, prepared }: Prepared): PreparedSeries {
  const masked = ofClass(loaded.labels, 'ignore').map((label) => rowsWithin(prepared.timestamps, label));
  return { ...prepared, segments: subtractSpans(prepared.segments, masked) };
}

/** Rows of a window of the detector; of the usual length where it has none. */
export function windowOf({ params }: StoredModel): number {
  const window = params['window'];
  return typeof window === 'number' && window >= 2 ? window : usualWindow;
}

/** The rows that chose the threshold: of the run itself, or of the model's own run where it was carried over from there. */
export function calibrationSource(
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

/** Judged rows as spans of prepared rows, cut at gaps. */
function spansOf({ timestamps, segments }: PreparedSeries, runTimes: Float64Array, judged: Uint8Array): Span[] {
  const is = at(timestamps, runTimes, Float32Array.from(judged));
  const rows: Span[] = [];
  for (let i = 0; i < is.length; i++) if (is[i] === 1) rows.push({ start: i, end: i + 1 });
  return intersectSpans(segments, unionSpans(rows));
}

function countSeen(all: Float32Array, kept: Float32Array): number {
  return all.reduce((sum, value, i) => sum + Number(!Number.isNaN(value) && Number.isNaN(kept[i]!)), 0);
}

function scaler(reader: ProjectReader, model: StoredModel, { series }: LoadedData): ReturnType<typeof scalerCheck> {
  const { channels, scaler: stored } = model.preparation;
  const columns = channels.map((name) => series.columns[series.channels.indexOf(name)]!);
  const { labels, revision } = reader.labels.list(model.datasetId);
  return scalerCheck({
    channels,
    stored,
    fromTrain: fitScaler(columns, trainMask(series.timestamps, model.split, labels)),
    fromAll: fitScaler(columns),
    labelsChanged: revision !== model.labelRevision,
  });
}
