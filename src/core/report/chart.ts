import type { DecimatedLine, TimeRange } from '../series/series';
import { detectionMarks, frame, isMasked, labelMarks, thinnest, type Detection, type NamedLabel } from './chart-marks';
import type { Colour } from './colours';
import { textWidth, type Drawing, type Mark } from './drawing';
import { formatScore, type TimeFormatter } from './format';
import { axisLabels, niceRange, timeTicks } from './ticks';

/** Everything a figure shows, already decimated. */
export interface ChartInput {
  readonly range: TimeRange;
  readonly lanes: readonly SignalLane[];
  readonly score: DecimatedLine;
  /** Second line of the score lane's header: which detector. */
  readonly scoreNote: string;
  readonly threshold: number;
  readonly labels: readonly NamedLabel[];
  readonly detections: readonly Detection[];
  readonly clock: TimeFormatter;
  readonly alternative: string;
}

export interface SignalLane {
  readonly channel: string;
  /** Second and third line of the header. */
  readonly description: string;
  readonly unit: string;
  readonly line: DecimatedLine;
  readonly expected?: { readonly time: Float64Array; readonly low: Float32Array; readonly high: Float32Array };
}

const { width, header } = frame;
const heights = { score: 52, marks: 19, axis: 22 };
/** Height of a signal lane; few lanes are drawn higher. */
const signalHeights = [0, 104, 72];
const signalHeight = 54;
const sizes = { name: 11, note: 10, axis: 10 };
/** With more detections than this their edges would cover the curves; they are then shown in their own lane only. */
export const edgeCap = 40;
/** Room inside a lane above and below the curve. */
const inset = 3;

/** Lanes of measured values with the expected band, the score with its threshold, labels and detections, over one time axis. */
export function drawChart(input: ChartInput): Drawing {
  const x = (time: number): number => {
    const share = (time - input.range.start) / (input.range.end - input.range.start);
    return frame.left + Math.min(1, Math.max(0, share)) * (frame.right - frame.left);
  };
  const marks: Mark[] = [];
  const ticks = timeTicks(input.range.start, input.range.end, 6, input.clock).map((tick) => ({ ...tick, x: x(tick.at) }));
  const laneHeight = signalHeights[input.lanes.length] ?? signalHeight;
  const lanesBottom = input.lanes.length * laneHeight + heights.score;
  const bottom = lanesBottom + 2 * heights.marks;

  input.lanes.forEach((lane, i) => shade(marks, input.labels, lane.channel, x, i * laneHeight, laneHeight));
  shade(marks, input.labels, null, x, input.lanes.length * laneHeight, heights.score);
  for (const tick of ticks) marks.push(vertical(tick.x, 0, lanesBottom, 'grid', 0.75));
  input.lanes.forEach((lane, i) => signalLane(marks, lane, x, i * laneHeight, laneHeight));
  scoreLane(marks, input, x, input.lanes.length * laneHeight);
  edges(marks, input, x, lanesBottom);
  markLane(marks, 'Labels', lanesBottom);
  labelMarks(marks, input.labels, x, lanesBottom);
  markLane(marks, 'Detections', lanesBottom + heights.marks);
  detectionMarks(marks, input.detections, x, lanesBottom + heights.marks);

  marks.push(vertical(frame.left, 0, bottom, 'line', 1));
  for (const tick of ticks) {
    marks.push(vertical(tick.x, bottom, bottom + 5, 'axis', 1));
    if (tick.x + textWidth(tick.label, sizes.axis) <= width) {
      marks.push({ kind: 'text', x: tick.x + 3, y: bottom + 13, text: tick.label, size: sizes.axis, fill: 'text-2' });
    }
  }
  return { width, height: bottom + heights.axis, marks, alternative: input.alternative };
}

function vertical(x: number, top: number, bottom: number, stroke: Colour, lineWidth: number): Mark {
  return { kind: 'line', points: [x, top, x, bottom], stroke, width: lineWidth };
}

/** Tints of labelled anomalies and hatches of masked time behind a lane; labels of other tags are left out. */
function shade(
  marks: Mark[],
  labels: readonly NamedLabel[],
  channel: string | null,
  x: (t: number) => number,
  top: number,
  height: number,
): void {
  for (const { label } of labels) {
    if (channel !== null && label.channels.length > 0 && !label.channels.includes(channel)) continue;
    const left = x(label.start);
    const box = { x: left, y: top, w: Math.max(thinnest, x(label.end) - left), h: height };
    if (label.class === 'anomaly') marks.push({ kind: 'rect', ...box, fill: 'anomaly-tint' });
    if (isMasked(label)) marks.push({ kind: 'hatch', ...box, stroke: 'axis' });
  }
}

function laneHeader(
  marks: Mark[],
  name: string,
  notes: readonly string[],
  top: number,
  low: string,
  high: string,
  height: number,
): void {
  const room = header - 8 - textWidth(high, sizes.axis) - 10;
  marks.push({
    kind: 'text',
    x: 8,
    y: top + 14,
    text: shorten(name, room, sizes.name),
    size: sizes.name,
    fill: 'text',
    strong: true,
  });
  notes
    .filter((note) => note !== '')
    .forEach((note, i) => {
      // The last line shares its height with the lowest number of the axis.
      const free = i === 0 ? header - 12 : header - 8 - textWidth(low, sizes.axis) - 10;
      const text = shorten(note, free, sizes.note);
      marks.push({ kind: 'text', x: 8, y: top + 27 + 13 * i, text, size: sizes.note, fill: 'text-2' });
    });
  marks.push(
    { kind: 'text', x: header - 5, y: top + 11, text: high, size: sizes.axis, fill: 'text-2', anchor: 'end' },
    { kind: 'text', x: header - 5, y: top + height - 4, text: low, size: sizes.axis, fill: 'text-2', anchor: 'end' },
    { kind: 'line', points: [0, top + height, width, top + height], stroke: 'line', width: 1 },
  );
}

function shorten(text: string, room: number, size: number): string {
  if (textWidth(text, size) <= room) return text;
  return `${text.slice(0, Math.max(1, Math.floor(room / textWidth('x', size)) - 1))}…`;
}

function signalLane(marks: Mark[], lane: SignalLane, x: (t: number) => number, top: number, height: number): void {
  const known = [
    ...lane.line.min,
    ...lane.line.max,
    ...(lane.expected ? [...lane.expected.low, ...lane.expected.high] : []),
  ].filter(Number.isFinite);
  if (known.length === 0) {
    laneHeader(marks, lane.channel, [lane.description, lane.unit], top, '', '', height);
    marks.push({
      kind: 'text',
      x: frame.left + 8,
      y: top + height / 2 + 4,
      text: 'no value in this period',
      size: sizes.note,
      fill: 'text-3',
    });
    return;
  }
  const { low, high } = niceRange(Math.min(...known), Math.max(...known));
  const y = scale(low, high, top, height);
  if (lane.expected) band(marks, lane.expected, x, y);
  curve(marks, lane.line, x, y, 'signal', 1.25);
  const ends = axisLabels(low, high);
  laneHeader(marks, lane.channel, [lane.description, lane.unit], top, ends.low, ends.high, height);
}

function scale(low: number, high: number, top: number, height: number): (value: number) => number {
  return (value) => top + height - inset - ((value - low) / (high - low)) * (height - 2 * inset);
}

/** Runs of buckets that have a value: index of the first and behind the last. */
function runs(values: Float32Array): [number, number][] {
  const found: [number, number][] = [];
  let start = -1;
  for (let i = 0; i <= values.length; i++) {
    const present = i < values.length && !Number.isNaN(values[i]!);
    if (present && start < 0) start = i;
    if (!present && start >= 0) {
      found.push([start, i]);
      start = -1;
    }
  }
  return found;
}

/** One line for each run without gap; buckets of several samples go through both of their extremes. */
function curve(
  marks: Mark[],
  line: DecimatedLine,
  x: (t: number) => number,
  y: (v: number) => number,
  stroke: Colour,
  lineWidth: number,
): void {
  for (const [start, end] of runs(line.min)) {
    const points: number[] = [];
    for (let i = start; i < end; i++) {
      const at = x(line.time[i]!);
      const falling = points.length > 0 && points.at(-1)! < y((line.min[i]! + line.max[i]!) / 2);
      const [first, second] = falling ? [line.max[i]!, line.min[i]!] : [line.min[i]!, line.max[i]!];
      points.push(at, y(first));
      if (second !== first) points.push(at, y(second));
    }
    // A single sample between gaps would be invisible as a line without length.
    if (points.length === 2) points.push(points[0]! + 1, points[1]!);
    marks.push({ kind: 'line', points, stroke, width: lineWidth });
  }
}

function band(
  marks: Mark[],
  expected: NonNullable<SignalLane['expected']>,
  x: (t: number) => number,
  y: (v: number) => number,
): void {
  for (const [start, end] of runs(expected.low)) {
    const lower: number[] = [];
    const upper: number[] = [];
    for (let i = start; i < end; i++) {
      lower.push(x(expected.time[i]!), y(expected.low[i]!));
      upper.push(x(expected.time[i]!), y(expected.high[i]!));
    }
    const back: number[] = [];
    for (let i = lower.length - 2; i >= 0; i -= 2) back.push(lower[i]!, lower[i + 1]!);
    marks.push({ kind: 'area', points: [...upper, ...back], fill: 'expected-fill' });
    for (const points of [lower, upper]) marks.push({ kind: 'line', points, stroke: 'expected-edge', width: 0.6 });
  }
}

function scoreLane(marks: Mark[], input: ChartInput, x: (t: number) => number, top: number): void {
  const { score, threshold } = input;
  const highest = score.max.reduce((a, b) => (b > a ? b : a), threshold);
  const lowest = score.min.reduce((a, b) => (b < a ? b : a), Math.min(0, threshold));
  const { low, high } = niceRange(lowest, highest);
  const y = scale(low, high, top, heights.score);
  for (const [start, end] of runs(score.max)) {
    const points: number[] = [x(score.time[start]!), y(low)];
    for (let i = start; i < end; i++) points.push(x(score.time[i]!), y(score.max[i]!));
    points.push(x(score.time[end - 1]!), y(low));
    marks.push({ kind: 'area', points, fill: 'score-fill' });
  }
  curve(marks, score, x, y, 'score', 0.9);
  marks.push({
    kind: 'line',
    points: [frame.left, y(threshold), frame.right, y(threshold)],
    stroke: 'threshold',
    width: 1.5,
    dash: [6, 3],
  });
  const ends = axisLabels(low, high);
  laneHeader(marks, 'Score', [input.scoreNote], top, ends.low, ends.high, heights.score);
  marks.push({
    kind: 'text',
    x: 8,
    y: top + 40,
    text: `threshold ${formatScore(threshold)}`,
    size: sizes.note,
    fill: 'threshold',
  });
}

/** Edges of labels (solid) and of detections (outline) across all lanes, over the curves. */
function edges(marks: Mark[], input: ChartInput, x: (t: number) => number, bottom: number): void {
  const inside = (time: number): boolean => time >= input.range.start && time <= input.range.end;
  for (const { label } of input.labels) {
    if (label.class !== 'anomaly') continue;
    for (const time of [label.start, label.end]) if (inside(time)) marks.push(vertical(x(time), 0, bottom, 'anomaly', 1));
  }
  if (input.detections.length > edgeCap) return;
  for (const { start, end } of input.detections) {
    const left = x(start);
    const right = Math.max(left + thinnest, x(end));
    if (inside(start)) marks.push(vertical(left, 0, bottom, 'detection', 1.25));
    if (inside(end)) marks.push(vertical(right, 0, bottom, 'detection', 1.25));
  }
}

function markLane(marks: Mark[], name: string, top: number): void {
  marks.push(
    { kind: 'text', x: 8, y: top + 13, text: name, size: sizes.name, fill: 'text', strong: true },
    { kind: 'line', points: [0, top + heights.marks, width, top + heights.marks], stroke: 'line', width: 1 },
  );
}
