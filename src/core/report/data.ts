import type { ContractState } from '../budget/contract';
import type { JsonObject, JsonValue } from '../errors';
import type { DetectedEvent } from '../events/event';
import type { Evaluation } from '../metrics/evaluation';
import { formatObjective } from '../thresholds/objective';
import { contractSentence } from './contract-section';
import { timeFormatter } from './format';
import type { EventTable, ReportInput } from './model';
import { labelNames } from './words';

/**
 * The report as data: numbers unrounded, times as ISO 8601 in UTC, durations in the unit their name says. `formatVersion` is raised when
 * a field changes its meaning or goes; fields may be added at any time. A metric is a number, or null with its reason under the same
 * name in `reasons`.
 */
export function reportData(input: ReportInput, summary: readonly string[], trust: readonly string[]): JsonObject {
  const { dataset, model, threshold } = input;
  const names = labelNames(input.labels);
  return {
    format: 'faultline-report',
    formatVersion: 1,
    title: input.title,
    createdAt: utc(input.createdAt),
    timeZone: input.timeZone,
    summary,
    trust,
    run: input.runTitle,
    dataset: {
      name: dataset.name,
      sourceName: dataset.sourceName,
      sha256: dataset.sha256,
      rows: dataset.rows,
      start: utc(dataset.start),
      end: utc(dataset.end),
      stepMs: dataset.stepMs,
      channels: dataset.channels.map(({ name, unit, description, step, stats }) => ({
        name,
        unit,
        description,
        step,
        stats: { ...stats },
      })),
      quality: plain(dataset.quality),
    },
    detector: {
      id: model.detector.id,
      title: model.detector.title,
      source: model.detector.source,
      params: { ...model.params },
      seed: model.seed,
      trainSeconds: model.trainSeconds,
      parameters: model.parameterCount,
      warmUpRows: model.warmUpRows,
      trainedOn: model.dataSha256,
    },
    preparation: { ...plainObject(model.preparation), report: model.preparationReport ? plain(model.preparationReport) : null },
    split: {
      trainUntil: utc(model.split.trainUntil),
      calibrateUntil: utc(model.split.calibrateUntil),
      guardMs: model.split.guardMs,
    },
    threshold: {
      value: threshold.value,
      method: formatObjective(threshold.objective),
      from: threshold.from,
      achieved: threshold.achieved,
      minDurationMs: threshold.minDurationMs,
      mergeGapMs: threshold.mergeGapMs,
      hysteresis: threshold.hysteresis ?? 0,
      deadTimeMs: threshold.deadTimeMs ?? 0,
      modes: threshold.modes ? plain(threshold.modes) : null,
      suppress: plain(threshold.suppress ?? []),
      calibratedOn: threshold.calibratedOn
        ? { start: utc(threshold.calibratedOn.start), end: utc(threshold.calibratedOn.end) }
        : null,
      earlierThresholds: input.earlierThresholds,
    },
    contract: contractData(input),
    drift: input.drift ? plain(input.drift) : null,
    insight: input.insight ? plain(input.insight) : null,
    referee: input.referee ? plain(input.referee) : null,
    comparisons: (input.comparisons ?? []).map(({ name, comparison: { refused, verdict, rows, referee } }) =>
      plain({ name, refused, verdict, rows, referee }),
    ),
    labels: {
      revision: input.labelRevision,
      labels: input.labels.map(({ id, start, end, class: cls, comment, channels, origin }) => ({
        id,
        name: names.get(id)!,
        start: utc(start),
        end: utc(end),
        class: cls,
        comment,
        channels,
        origin,
      })),
    },
    events: input.events.map((event) => ({
      name: event.name,
      start: utc(event.start),
      end: utc(event.end),
      peak: utc(event.peak),
      peakScore: event.peakScore,
      part: event.part,
      channels: event.channels.map(({ channel, share }) => ({ channel, share })),
      labels: event.matches.map((id) => names.get(id) ?? id),
      state: event.review,
      comment: event.comment,
    })),
    hidden: input.hidden.map((event) => ({
      start: utc(event.start),
      end: utc(event.end),
      peak: utc(event.peak),
      peakScore: event.peakScore,
      by: event.by,
      tag: event.channel,
      reason: event.reason,
    })),
    metrics: { calibration: metricsData(input.calibration), test: metricsData(input.test) },
    allMetrics: input.sheet ? plain(input.sheet) : null,
    engine: { ...model.engine },
    versions: { faultline: input.appVersion, ...model.versions },
  };
}

/** The contract with each promise in both parts; `kept` is null where it cannot be told. */
function contractData(input: ReportInput): JsonValue {
  const { contract, labels, threshold } = input;
  if (!contract || !threshold.contract) return null;
  const names = labelNames(labels);
  const state = ({ kept, terms, brokenSince, binding }: ContractState): JsonObject => ({
    kept,
    brokenSince: brokenSince === null ? null : utc(brokenSince),
    binding,
    terms: terms.map((term) => ({
      kind: term.kind,
      kept: term.kept,
      text: term.text,
      labels: term.labels.map((id) => names.get(id) ?? id),
      used: term.used,
    })),
  });
  return {
    ...plainObject(threshold.contract),
    text: contractSentence(input),
    calibration: state(contract.calibration),
    test: state(contract.test),
  };
}

/** An evaluation with plain numbers, and the reasons of those that are null. */
export function metricsData(evaluation: Evaluation): JsonObject {
  const numbers: Record<string, JsonValue> = {};
  const reasons: Record<string, string> = {};
  for (const [name, entry] of Object.entries(evaluation) as [string, Evaluation[keyof Evaluation]][]) {
    if (typeof entry !== 'object') numbers[name] = entry;
    else {
      numbers[name] = entry.value;
      if (entry.value === null) reasons[name] = entry.reason;
    }
  }
  return { ...numbers, reasons };
}

/** The events with numbers as numbers; columns are documented in the user guide and do not change their order. */
export function reportEventTable(input: ReportInput): EventTable {
  const clock = timeFormatter(input.timeZone);
  const names = labelNames(input.labels);
  const measured = ({ start, end, peak, peakScore }: DetectedEvent) => [
    utc(start),
    utc(end),
    clock.iso(start),
    clock.iso(end),
    (end - start) / 1000,
    utc(peak),
    peakScore,
    input.threshold.value,
  ];
  const sharesOf = ({ channels }: DetectedEvent): string =>
    channels.map(({ channel, share }) => `${channel}=${share.toFixed(4)}`).join('; ');
  return {
    columns: [
      'event',
      'part',
      'start_utc',
      'end_utc',
      'start_local',
      'end_local',
      'duration_s',
      'peak_utc',
      'peak_score',
      'threshold',
      'labels',
      'state',
      'tags',
      'comment',
      'hidden_by',
    ],
    rows: [
      ...input.events.map((event) => [
        event.name,
        event.part,
        ...measured(event),
        event.matches.map((id) => names.get(id) ?? id).join(' '),
        event.review,
        sharesOf(event),
        event.comment,
        '',
      ]),
      // Named by what hid them: they are none of the events, and are not to be lost either.
      ...input.hidden.map((event, i) => [
        `H-${String(i + 1).padStart(2, '0')}`,
        '',
        ...measured(event),
        '',
        'hidden',
        sharesOf(event),
        '',
        event.by === 'dead-time' ? 'dead-time' : `suppression ${event.channel}: ${event.reason}`,
      ]),
    ],
  };
}

function utc(ms: number): string {
  return new Date(ms).toISOString();
}

/** Domain values are plain data already; this only tells the compiler so. */
function plain(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

function plainObject(value: object): JsonObject {
  return plain(value) as JsonObject;
}
