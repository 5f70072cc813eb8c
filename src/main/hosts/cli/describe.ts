import type { RefereeReport } from '../../../core/referee/report';
import type { DatasetInfo, EventInfo, ModelSummary, RunResult, RunSummary, StoredThreshold } from '../../../contract/types';
import type { Evaluation, Metric } from '../../../core/metrics/evaluation';
import { rowTimesText } from '../../../core/ingest/row-times';
import { countOf, formatCount, formatDuration, formatNumber, formatScore } from '../../../core/report/format';
import { formatObjective } from '../../../core/thresholds/objective';
import { isoOf, table } from './text';

/** The parts of a result as the stable JSON of the command line and as lines for people. Times are ISO 8601 in UTC. */

export const engineJson = ({ engine }: Pick<RunSummary, 'engine'>) => ({
  backend: engine.backend,
  version: engine.version,
  threads: engine.threads,
});

export const datasetJson = (dataset: DatasetInfo) => ({
  rows: dataset.rows,
  channels: dataset.channels.map((channel) => channel.name),
  start: isoOf(dataset.start),
  end: isoOf(dataset.end),
  stepMs: dataset.stepMs,
  sha256: dataset.sha256,
  quality: dataset.quality,
});

export const detectorJson = (model: ModelSummary) => ({
  id: model.detectorId,
  params: model.params,
  seed: model.seed,
  trainSeconds: model.trainSeconds,
  parameters: model.parameterCount,
});

/** @param dataset - the one that trained: the times are of its period. */
export const splitJson = ({ split }: Pick<ModelSummary, 'split'>, dataset: Pick<DatasetInfo, 'sourceName'>) => ({
  dataset: dataset.sourceName,
  trainUntil: isoOf(split.trainUntil),
  calibrateUntil: isoOf(split.calibrateUntil),
  guardMs: split.guardMs,
});

export const thresholdJson = (threshold: StoredThreshold) => ({
  value: threshold.value,
  method: formatObjective(threshold.objective),
  from: threshold.from,
  achieved: threshold.achieved,
  minDurationMs: threshold.minDurationMs,
  mergeGapMs: threshold.mergeGapMs,
});

export const eventJson = (event: EventInfo) => ({
  start: isoOf(event.start),
  end: isoOf(event.end),
  peak: isoOf(event.peak),
  peakScore: event.peakScore,
  channels: event.channels,
  part: event.part,
  labelled: event.matches.length > 0,
});

/** The report as it is: a metric is `{ value }`, with `reason` where it has none. */
export const refereeJson = (report: RefereeReport) => report;

/** The verdict, and what is wrong or doubtful about the result. */
export function refereeLines({ verdict, checks }: RefereeReport): string[] {
  const told = checks.filter(({ state }) => state === 'failed' || state === 'warning');
  return [`Referee    ${verdict}`, ...told.map(({ title, state, text }) => `           ${state}: ${title}. ${text}`)];
}

export const metricsJson = (result: RunResult) => ({ calibration: result.calibration, test: result.test });

export function datasetLines(dataset: DatasetInfo): string[] {
  const { quality } = dataset;
  const findings = (['missing', 'status', 'unreadable', 'badTime', 'repeated', 'outOfOrder', 'ragged', 'clockChange'] as const)
    .filter((kind) => quality[kind].count > 0)
    .map((kind) => `${formatCount(quality[kind].count)} ${words[kind]}`);
  return [
    `Data       ${dataset.name}: ${formatCount(dataset.rows)} rows, ${countOf(dataset.channels.length, 'tag')}, ${isoOf(dataset.start)} to ${isoOf(dataset.end)}, step ${formatDuration(dataset.stepMs)}`,
    ...(quality.rowTimes ? [`           times made from row order, ${rowTimesText(quality.rowTimes)}`] : []),
    `           ${findings.length === 0 ? 'every cell holds a value' : findings.join(', ')}`,
  ];
}
const words = {
  missing: 'cells without a value',
  status: 'status texts',
  unreadable: 'unreadable cells',
  badTime: 'rows with an unreadable time',
  repeated: 'repeated times',
  outOfOrder: 'rows out of order',
  ragged: 'rows with too many or too few cells',
  clockChange: 'times at a change of the clock',
} as const;

export function thresholdLines(threshold: StoredThreshold): string[] {
  return [
    `Threshold  ${formatScore(threshold.value)}, ${threshold.from}`,
    `           events of at least ${formatDuration(threshold.minDurationMs)}, merged within ${formatDuration(threshold.mergeGapMs)}`,
  ];
}

export function eventLines(events: readonly EventInfo[]): string[] {
  if (events.length === 0) return ['Events     none'];
  const rows = events.map((event) => [
    event.name,
    isoOf(event.start),
    isoOf(event.end),
    formatScore(event.peakScore),
    event.part,
    event.matches.length > 0 ? 'yes' : 'no',
    event.channels
      .slice(0, 3)
      .map(({ channel, share }) => `${channel} ${(share * 100).toFixed(0)} %`)
      .join(', '),
  ]);
  return table(['Event', 'Start', 'End', 'Peak score', 'Part', 'Labelled', 'Tags'], rows, new Set([3]));
}

const shown = [
  ['precision', 'Precision'],
  ['recall', 'Recall'],
  ['f1', 'F1'],
  ['eventPrecision', 'Event precision'],
  ['eventRecall', 'Event recall'],
  ['falseEventsPerDay', 'False events a day'],
  ['aucRoc', 'AUC ROC'],
  ['averagePrecision', 'Average precision'],
  ['vusPr', 'VUS PR'],
] as const satisfies readonly (readonly [keyof Evaluation, string])[];

const metricText = (metric: Metric): string => (metric.value === null ? `– (${metric.reason})` : formatNumber(metric.value));

export function evaluationLines(title: string, evaluation: Evaluation): string[] {
  return [
    `${title}: ${evaluation.protocol}`,
    `  labelled anomalies ${evaluation.labels}, caught ${evaluation.caught}; events ${evaluation.events}, false ${evaluation.falseEvents}`,
    ...shown.map(([key, name]) => `  ${name.padEnd(20)} ${metricText(evaluation[key])}`),
  ];
}
