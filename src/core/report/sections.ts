import { mainRange, period } from './figures';
import { countOf, formatCount, formatDuration, formatLength, formatScore, timeFormatter } from './format';
import type { Fact, ReportEvent, ReportInput, TableBlock } from './model';
import { labelNames, reviewText, sharesText } from './words';

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
      { title: oneYear ? `Start, ${year(input.dataset.start)}` : 'Start, local', weight: oneYear ? 16 : 19 },
      { title: 'Duration', weight: 15, align: 'right' },
      { title: 'Peak', weight: 8, align: 'right' },
      ...(manyTags ? [{ title: 'Tags, share of the score', weight: 42, keep: true }] : []),
      { title: 'Label', weight: 9, keep: true },
      { title: 'State', weight: 13 },
    ],
    rows: shown.map((event) => [
      event.name,
      oneYear ? clock.short(event.start) : clock.time(event.start),
      formatLength(event),
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
      text: `${clock.time(event.start)} to ${clock.time(event.end)}, ${formatLength(event)}`,
    },
    { name: 'Highest score', text: `${formatScore(event.peakScore)} on ${clock.time(event.peak)}` },
    ...(input.model.preparation.channels.length > 1 ? [{ name: 'Share of the score', text: sharesText(event, 5) }] : []),
    { name: 'Label', text: label.join(', ') || 'none' },
    { name: 'State', text: reviewText(event.review) },
    ...(event.comment ? [{ name: 'Comment', text: event.comment }] : []),
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
