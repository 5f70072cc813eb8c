import { overlaps } from '../labels/interval';
import { partSpan } from '../prepare/split';
import type { TimeRange } from '../series/series';
import { drawChart, edgeCap } from './chart';
import type { NamedLabel } from './chart-marks';
import { countOf, formatScore, timeFormatter, type TimeFormatter } from './format';
import type { Fact, FigureBlock, FigureData, FigureRequest, ReportEvent, ReportInput } from './model';
import { labelNames } from './words';

/** Figures of single events; the rest is in the table, and the report says so. */
export const eventFigureCap = 12;
const lanesOfOverview = 3;
const lanesOfEvent = 3;
const buckets = { overview: 520, event: 360 };
/** An event is shown with at least this many samples on each side. */
const contextRows = 40;

/** The events the report is about: those of the test part, or of the calibration part where the test part has no row. */
export function mainEvents(input: ReportInput): readonly ReportEvent[] {
  const part = mainPart(input);
  return input.events.filter((event) => event.part === part);
}

export function mainPart(input: ReportInput): 'test' | 'calibration' {
  return input.dataset.end >= partSpan(input.model.split, 'test').start ? 'test' : 'calibration';
}

/** The main part within the data, half-open. */
export function mainRange(input: ReportInput): TimeRange {
  const span = partSpan(input.model.split, mainPart(input));
  const end = input.dataset.end + Math.max(1, input.dataset.stepMs);
  const range = { start: Math.max(span.start, input.dataset.start), end: Math.min(span.end, end) };
  // Data that lie wholly in the train part: there is nothing to judge, but they can be shown.
  return range.end > range.start ? range : { start: input.dataset.start, end };
}

/** The highest events, in order of time: those that get a figure of their own. */
export function figureEvents(input: ReportInput): readonly ReportEvent[] {
  return mainEvents(input)
    .toSorted((a, b) => b.peakScore - a.peakScore)
    .slice(0, eventFigureCap)
    .toSorted((a, b) => a.start - b.start);
}

/** What must be fetched for the figures: the whole main part, and each of the highest events with its surroundings. */
export function planFigures(input: ReportInput): FigureRequest[] {
  const range = mainRange(input);
  const overview = { id: 'overview', range, channels: topChannels(input), buckets: buckets.overview };
  const events = figureEvents(input).map((event) => {
    const context = Math.max(event.end - event.start, contextRows * input.dataset.stepMs);
    const named = event.channels.slice(0, lanesOfEvent).map(({ channel }) => channel);
    return {
      id: event.name,
      range: {
        start: Math.max(input.dataset.start, event.start - context),
        end: Math.min(input.dataset.end + Math.max(1, input.dataset.stepMs), event.end + context),
      },
      channels: named.length > 0 ? named : overview.channels,
      buckets: buckets.event,
    };
  });
  return [overview, ...events];
}

/** Tags with the largest share over all main events; the first tags where no event says. */
function topChannels(input: ReportInput): string[] {
  const sums = new Map(input.model.preparation.channels.map((channel) => [channel, 0]));
  for (const event of mainEvents(input)) {
    for (const { channel, share } of event.channels) sums.set(channel, (sums.get(channel) ?? 0) + share);
  }
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .slice(0, lanesOfOverview)
    .map(([channel]) => channel);
}

/** A figure with its number, title and a caption that explains every mark in it. */
export function buildFigure(
  input: ReportInput,
  request: FigureRequest,
  data: FigureData | undefined,
  number: number,
  title: string,
  facts: readonly Fact[] = [],
): FigureBlock {
  const heading = `Figure ${number}. ${title}`;
  if (!data || (data.score.time.length === 0 && data.lines.every(({ line }) => line.time.length === 0))) {
    return { kind: 'figure', title: heading, drawing: null, caption: 'Not drawn: there are no samples in this period.', facts };
  }
  const clock = timeFormatter(input.timeZone);
  const names = labelNames(input.labels);
  const visible = { start: request.range.start, end: request.range.end };
  const labels: NamedLabel[] = input.labels
    .filter((label) => overlaps(label, visible))
    .toSorted((a, b) => a.start - b.start)
    .map((label) => ({ name: names.get(label.id)!, label }));
  const detections = input.events.filter((event) => overlaps(event, visible));
  const drawing = drawChart({
    range: request.range,
    lanes: data.lines.map(({ channel, line }) => {
      const expected = data.expected.find((band) => band.channel === channel);
      return { channel, ...channelNotes(input, channel), line, ...(expected && { expected }) };
    }),
    score: data.score,
    scoreNote: input.model.detector.id,
    threshold: input.threshold.value,
    labels,
    detections,
    clock,
    alternative: `${title}: ${period(request.range, clock)}, ${countOf(detections.length, 'detection')}, ${countOf(labels.length, 'label')}.`,
  });
  return {
    kind: 'figure',
    title: heading,
    drawing,
    caption:
      number === 1
        ? explain(input, request, data, labels, detections.length, clock)
        : `${period(request.range, clock)}, ${clock.zone(request.range.start)}. Marks as in figure 1.`,
    facts,
  };
}

function channelNotes(input: ReportInput, channel: string): { description: string; unit: string } {
  const info = input.dataset.channels.find(({ name }) => name === channel);
  return { description: info?.description ?? '', unit: info?.unit ? `in ${info.unit}` : 'no unit given' };
}

/** "18 May 2026 to 24 May 2026", with hours where it is short. */
export function period(range: TimeRange, clock: TimeFormatter): string {
  const write = range.end - range.start > 5 * 86_400_000 ? clock.date : clock.time;
  return `${write(range.start)} to ${write(range.end)}`;
}

/** The caption of the first figure says what every mark means; the others refer to it. */
function explain(
  input: ReportInput,
  request: FigureRequest,
  data: FigureData,
  labels: readonly NamedLabel[],
  detections: number,
  clock: TimeFormatter,
): string {
  const has = (...classes: string[]): boolean => labels.some(({ label }) => classes.includes(label.class));
  const sentences = [
    `${period(request.range, clock)}, ${clock.zone(request.range.start)}.`,
    'Line: measured, the smallest and largest value of each interval drawn; no line where values are missing.',
    data.expected.length > 0 ? 'Grey band: expected, 99 % of normal residuals.' : '',
    has('anomaly') ? 'Shaded with solid edges: labelled anomaly.' : '',
    has('instrument', 'ignore') ? 'Hatched: labelled instrument fault or ignored time, not judged.' : '',
    has('normal', 'mode-change') ? 'Pale boxes among the labels: labelled normal, or change of mode.' : '',
    detections > 0 ? `Outlined boxes${detections > edgeCap ? '' : ' with edges through all lanes'}: detected.` : '',
    `Dashed line: threshold ${formatScore(input.threshold.value)}. The score has no unit; higher is more anomalous.`,
  ];
  return sentences.filter(Boolean).join(' ');
}
