import { ofClass } from '../labels/interval';
import type { Label } from '../labels/label';
import type { Evaluation, Metric } from '../metrics/evaluation';
import { countOf, formatCount, formatDuration, formatNumber, formatPercent, timeFormatter } from './format';
import type { Block, ReportInput, Section } from './model';
import { tableRowCap } from './sections';
import { labelNames, metricReason, metricText } from './words';

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
    meaning: 'volume under precision-recall, buffers up to the rows a score covers, at most 100; no threshold',
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

/** Metrics of both parts with their protocol, reasons where there is no number, and the labels they were judged by. */
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
