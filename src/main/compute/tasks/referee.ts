import { findDetector } from '../../../core/detectors/registry';
import { intersectSpans, unionSpans, type Span } from '../../../core/labels/interval';
import type { Label } from '../../../core/labels/label';
import { vusBufferOf } from '../../../core/metrics/evaluate';
import type { PreparedSeries } from '../../../core/prepare/prepared';
import { fitScaler } from '../../../core/prepare/scale';
import { trainMask } from '../../../core/prepare/split';
import { randomFrom } from '../../../core/random';
import { labelsAtEnd, scalerCheck, sharedWindows, testWasSeen, thresholdSawTest } from '../../../core/referee/checks';
import { duplicatedBlocks, duplicatesCheck } from '../../../core/referee/duplicates';
import { referee, refereeSeed } from '../../../core/referee/referee';
import type { RefereeReport } from '../../../core/referee/report';
import { partsOfRun } from '../../run-parts';
import type { ProjectReader, StoredModel, StoredThreshold } from '../../store';
import { partView, scoredRowsOf } from '../judge-run';
import type { TaskContext } from '../protocol';
import { at, oneLinerData, oneLinersAt } from '../run-one-liners';
import { withProject, type LoadedData } from './data';

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

    const seenByPeers = oneLinerData(reader, run, model, threshold, labels);
    const { data, trained, train, window } = seenByPeers;
    await context.checkpoint();
    const oneLiners = oneLinersAt(timestamps, seenByPeers);
    await context.checkpoint();
    const { info } = findDetector(model.detectorId);
    const { report, judged, truth } = referee({
      title: info.title,
      part: view.name,
      rows: view.rows,
      detectedOn,
      labels: view.labels,
      range: view.range,
      threshold,
      calibration: seenByPeers.calibration,
      oneLiners,
      buffer: vusBufferOf(model.warmUpRows),
      random: randomFrom(refereeSeed),
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
