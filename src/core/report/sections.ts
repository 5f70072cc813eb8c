import { ofClass } from '../labels/interval';
import type { Label } from '../labels/label';
import type { Evaluation, Metric } from '../metrics/evaluation';
import { partSpan } from '../prepare/split';
import { describeObjective } from '../thresholds/objective';
import { mainRange, period } from './figures';
import {
  countOf,
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatScore,
  timeFormatter,
  type TimeFormatter,
} from './format';
import type { Block, Fact, ReportEvent, ReportInput, Section, TableBlock } from './model';
import { labelNames, metricReason, metricText, reviewText, sharesText } from './words';

/** Rows of a table in HTML and PDF; CSV and JSON hold all. */
export const tableRowCap = 200;

/** Table of events; `most` rows, the highest ones when there are more. */
export function eventTable(input: ReportInput, events: readonly ReportEvent[], title: string, emptyNote: string): TableBlock {
  const clock = timeFormatter(input.timeZone);
  const names = labelNames(input.labels);
  const shown =
    events.length <= tableRowCap
      ? events
      : events
          .toSorted((a, b) => b.peakScore - a.peakScore)
          .slice(0, tableRowCap)
          .toSorted((a, b) => a.start - b.start);
  const year = (ms: number): number => clock.fields(ms).year;
  const oneYear = year(input.dataset.start) === year(input.dataset.end);
  const manyTags = input.model.preparation.channels.length > 1;
  return {
    kind: 'table',
    title,
    columns: [
      { title: 'Event', weight: 8, strong: true },
      { title: `Start, local${oneYear ? `, ${year(input.dataset.start)}` : ''}`, weight: oneYear ? 16 : 19 },
      { title: 'Duration', weight: 15, align: 'right' },
      { title: 'Peak', weight: 8, align: 'right' },
      ...(manyTags ? [{ title: 'Tags, share of the score', weight: 42, keep: true }] : []),
      { title: 'Label', weight: 9, keep: true },
      { title: 'State', weight: 13 },
    ],
    rows: shown.map((event) => [
      event.name,
      oneYear ? clock.short(event.start) : clock.time(event.start),
      formatDuration(event.end - event.start),
      formatScore(event.peakScore),
      ...(manyTags ? [sharesText(event, 2)] : []),
      event.matches.map((id) => names.get(id) ?? id).join(', ') || 'none',
      reviewText(event.review),
    ]),
    note:
      events.length === 0
        ? emptyNote
        : events.length > shown.length
          ? `The ${tableRowCap} highest of ${formatCount(events.length)} events; the CSV and JSON files hold all.`
          : '',
  };
}

/** Facts of one event, beside its figure. */
export function eventFacts(input: ReportInput, event: ReportEvent): Fact[] {
  const clock = timeFormatter(input.timeZone);
  const names = labelNames(input.labels);
  const label = event.matches.map((id) => {
    const found = input.labels.find((candidate) => candidate.id === id);
    return (names.get(id) ?? id) + (found?.comment ? ` (${found.comment})` : '');
  });
  return [
    {
      name: 'From, to',
      text: `${clock.time(event.start)} to ${clock.time(event.end)}, ${formatDuration(event.end - event.start)}`,
    },
    { name: 'Highest score', text: `${formatScore(event.peakScore)} on ${clock.time(event.peak)}` },
    ...(input.model.preparation.channels.length > 1 ? [{ name: 'Share of the score', text: sharesText(event, 5) }] : []),
    { name: 'Label', text: label.join(', ') || 'none' },
    { name: 'State', text: reviewText(event.review) },
    ...(event.comment ? [{ name: 'Comment', text: event.comment }] : []),
  ];
}

export function methodSection(input: ReportInput): Section {
  const { model } = input;
  const clock = timeFormatter(input.timeZone);
  const { detector, preparation } = model;
  const samples = (count: number): string => `${formatCount(count)} samples (${formatDuration(count * input.dataset.stepMs)})`;
  return {
    title: 'Method',
    blocks: [
      { kind: 'paragraph', text: `${detector.title} (${detector.id}). ${detector.summary}` },
      { kind: 'paragraph', text: `Source: ${detector.source}`, small: true },
      { kind: 'heading', text: 'Preparation' },
      { kind: 'paragraph', text: preparationText(input) },
      { kind: 'heading', text: 'Parts and threshold' },
      { kind: 'facts', rows: partFacts(input, clock, samples) },
      {
        kind: 'table',
        title: 'Parameters of the detector',
        columns: [
          { title: 'Parameter', weight: 30, strong: true },
          { title: 'Value', weight: 24 },
          { title: 'Meaning', weight: 66 },
        ],
        rows: Object.entries(detector.params).map(([name, spec]) => {
          const value = model.params[name] ?? spec.default;
          const unit = 'unit' in spec ? spec.unit : '';
          const text =
            spec.kind === 'choice'
              ? (spec.choices.find((choice) => choice.value === value)?.title ?? String(value))
              : typeof value === 'number'
                ? unit === 'samples'
                  ? samples(value)
                  : `${value}${unit ? ` ${unit}` : ''}`
                : value === true
                  ? 'yes'
                  : value === false
                    ? 'no'
                    : value;
          return [`${spec.title} (${name})`, text, spec.help];
        }),
        note: Object.keys(detector.params).length === 0 ? 'This detector has no parameters.' : '',
      },
    ],
  };
}

function preparationText(input: ReportInput): string {
  const { preparation, preparationReport: done } = input.model;
  const tags = preparation.channels.length === 1 ? 'one tag' : `${preparation.channels.length} tags`;
  const sentences = [
    `Learned from ${tags}: ${preparation.channels.slice(0, 20).join(', ')}${preparation.channels.length > 20 ? ' and others' : ''}.`,
    preparation.resampleMs > 0
      ? `Resampled to one row every ${formatDuration(preparation.resampleMs)}.`
      : 'Rows were used as they are.',
    `Rows further apart than ${preparation.gapToleranceSteps} usual steps are a gap; no window crosses one.`,
    preparation.maxFillRows > 0
      ? `Holes of up to ${countOf(preparation.maxFillRows, 'row')} were bridged, longer ones cut the data.`
      : 'Missing values were not bridged; they cut the data.',
    'Each tag was scaled by mean and standard deviation of the rows that train.',
  ];
  if (done) {
    sentences.push(
      `${formatCount(done.usedRows)} of ${formatCount(done.rows)} rows were used in ${countOf(done.segments, 'segment')}; ` +
        `${countOf(done.filledCells, 'value')} bridged, ${countOf(done.droppedRows, 'row')} left out.`,
    );
    if (done.flatChannels.length > 0)
      sentences.push(`Without movement while training, hence without weight: ${done.flatChannels.join(', ')}.`);
  }
  return sentences.join(' ');
}

function partFacts(input: ReportInput, clock: TimeFormatter, samples: (count: number) => string): Fact[] {
  const { model, dataset, threshold } = input;
  const part = (name: 'train' | 'calibration' | 'test'): string => {
    const span = partSpan(model.split, name);
    const start = Math.max(span.start, dataset.start);
    const end = Math.min(span.end, dataset.end);
    return end > start ? `${clock.time(start)} to ${clock.time(end)}` : 'no data';
  };
  const guard = dataset.stepMs > 0 ? `${formatDuration(model.split.guardMs)} after the first two parts belong to none` : '';
  return [
    { name: 'Train part', text: `${part('train')}, without labelled anomalies and masks` },
    { name: 'Calibration part', text: `${part('calibration')}, chose the threshold` },
    { name: 'Test part', text: `${part('test')}, measured once` },
    { name: 'Guard gap', text: guard },
    { name: 'Threshold', text: `${formatScore(threshold.value)}: ${describeObjective(threshold.objective)}` },
    { name: 'Where it is from', text: threshold.from },
    {
      name: 'From score to event',
      text:
        `samples with score >= ${formatScore(threshold.value)}; runs at most ${formatDuration(threshold.mergeGapMs)} apart are one event; ` +
        `events shorter than ${formatDuration(threshold.minDurationMs)} are dropped`,
    },
    {
      name: 'Training',
      text:
        `${formatNumber(model.trainSeconds)} s, ${formatCount(model.parameterCount)} trained weights, seed ${model.seed}; ` +
        `the first ${samples(model.warmUpRows)} of each segment have no score`,
    },
  ];
}

const asShare = (value: number): string => formatPercent(value);
const metricRows: readonly { name: string; of: (e: Evaluation) => Metric; write: (v: number) => string; meaning: string }[] = [
  {
    name: 'Event recall',
    of: (e) => e.eventRecall,
    write: formatNumber,
    meaning: 'share of labelled anomalies that an event overlaps',
  },
  {
    name: 'Event precision',
    of: (e) => e.eventPrecision,
    write: formatNumber,
    meaning: 'share of events that overlap a labelled anomaly',
  },
  { name: 'Event F1', of: (e) => e.eventF1, write: formatNumber, meaning: 'harmonic mean of the two' },
  {
    name: 'False events a day',
    of: (e) => e.falseEventsPerDay,
    write: formatNumber,
    meaning: 'events without label over days of normal time',
  },
  {
    name: '95 % upper limit',
    of: (e) => e.falseEventsPerDayUpper,
    write: formatNumber,
    meaning: 'of false events a day, exact Poisson',
  },
  { name: 'Median delay', of: (e) => e.medianDelayMs, write: formatDuration, meaning: 'from start of label to start of event' },
  {
    name: 'VUS-PR',
    of: (e) => e.vusPr,
    write: formatNumber,
    meaning: 'volume under precision-recall, buffers up to 100 rows; no threshold',
  },
  { name: 'Average precision', of: (e) => e.averagePrecision, write: formatNumber, meaning: 'per sample, no threshold' },
  { name: 'AUC-ROC', of: (e) => e.aucRoc, write: formatNumber, meaning: 'per sample, no threshold' },
  { name: 'Precision', of: (e) => e.precision, write: formatNumber, meaning: 'per sample, not point-adjusted' },
  { name: 'Recall', of: (e) => e.recall, write: formatNumber, meaning: 'per sample, not point-adjusted' },
  { name: 'F1', of: (e) => e.f1, write: formatNumber, meaning: 'per sample, not point-adjusted' },
  {
    name: 'F1 of all-anomalous',
    of: (e) => e.allOnesF1,
    write: formatNumber,
    meaning: 'what calling every sample anomalous would have',
  },
  { name: 'Labelled share', of: (e) => e.prevalence, write: asShare, meaning: 'share of samples labelled as anomaly' },
  { name: 'Time in events', of: (e) => e.timeInEvents, write: asShare, meaning: 'share of samples inside an event' },
];

export function metricsSection(input: ReportInput): Section {
  const { calibration, test } = input;
  const reasons = new Map<string, string[]>();
  for (const { name, of } of metricRows) {
    for (const [part, evaluation] of [
      ['calibration', calibration],
      ['test', test],
    ] as const) {
      const reason = metricReason(of(evaluation));
      if (reason) reasons.set(`${part}: ${reason}`, [...(reasons.get(`${part}: ${reason}`) ?? []), name]);
    }
  }
  return {
    title: 'Metrics',
    blocks: [
      { kind: 'paragraph', text: `Protocol, test: ${test.protocol}.`, small: true },
      { kind: 'paragraph', text: `Protocol, calibration: ${calibration.protocol}.`, small: true },
      {
        kind: 'table',
        title: 'Metrics with the kept threshold',
        columns: [
          { title: 'Metric', weight: 26, strong: true },
          { title: 'Test', weight: 14, align: 'right' },
          { title: 'Calibration', weight: 14, align: 'right' },
          { title: 'Meaning', weight: 58 },
        ],
        rows: [
          ['Labels found', caught(test), caught(calibration), 'labelled anomalies found, of how many with scores'],
          ['Events', formatCount(test.events), formatCount(calibration.events), 'after merging and minimum duration'],
          ['Samples', formatCount(test.rows), formatCount(calibration.rows), 'with score and outside masks'],
          ...metricRows.map(({ name, of, write, meaning }) => [
            name,
            metricText(of(test), write),
            metricText(of(calibration), write),
            meaning,
          ]),
        ],
        note: [...reasons].map(([reason, names]) => `Not computable, ${reason} (${names.join(', ')}).`).join(' '),
      },
      ...labelBlocks(input),
    ],
  };
}

function caught(evaluation: Evaluation): string {
  return evaluation.labels === 0 ? '–' : `${evaluation.caught} of ${evaluation.labels}`;
}

function labelBlocks(input: ReportInput): Block[] {
  const clock = timeFormatter(input.timeZone);
  const names = labelNames(input.labels);
  const shown = input.labels.toSorted((a, b) => a.start - b.start).slice(0, tableRowCap);
  if (shown.length === 0) return [{ kind: 'paragraph', text: 'Nothing is labelled in these data.' }];
  const foundBy = (label: Label): string =>
    label.class !== 'anomaly'
      ? ''
      : input.events
          .filter((event) => event.matches.includes(label.id))
          .map(({ name }) => name)
          .join(', ') || 'none';
  const anomalies = ofClass(input.labels, 'anomaly').length;
  return [
    {
      kind: 'table',
      title: `Labels, revision ${input.labelRevision}`,
      columns: [
        { title: 'Label', weight: 8, strong: true },
        { title: 'Class', weight: 13 },
        { title: 'Start, local', weight: 19 },
        { title: 'Duration', weight: 17, align: 'right' },
        { title: 'Found by', weight: 16 },
        { title: 'Comment', weight: 34 },
      ],
      rows: shown.map((label) => [
        names.get(label.id)!,
        label.class,
        clock.time(label.start),
        formatDuration(label.end - label.start),
        foundBy(label),
        label.comment,
      ]),
      note: `${countOf(input.labels.length, 'label')}, ${anomalies} of class anomaly, in all parts${
        input.labels.length > shown.length ? `; the first ${tableRowCap} are shown` : ''
      }.`,
    },
  ];
}

/** Scope of the report: what was looked at, when, with which data. */
export function scopeFacts(input: ReportInput): Fact[] {
  const { dataset, model } = input;
  const clock = timeFormatter(input.timeZone);
  return [
    {
      name: 'Data',
      text: `${dataset.sourceName}, ${formatCount(dataset.rows)} rows every ${formatDuration(dataset.stepMs)}, ${countOf(dataset.channels.length, 'tag')}`,
    },
    { name: 'Hash', text: `sha256 ${dataset.sha256}` },
    {
      name: 'Measured',
      text: `${period({ start: dataset.start, end: dataset.end }, clock)}; judged ${period(mainRange(input), clock)}`,
    },
    { name: 'Detector', text: `${model.detector.title}, ${input.runTitle}, seed ${model.seed}` },
    { name: 'Times', text: `${clock.zone(mainRange(input).start)}; report made on ${clock.time(input.createdAt)}` },
  ];
}
