import type { DecimatedLine, TimeRange } from '../../../core/series/series';
import { readAt } from '../../charts/envelope';
import { crisp, layer, path, rect, rects, text, textWidth, type Shape } from '../../charts/shapes';
import { timeTicks } from '../../charts/time-axis';
import type { ChartTokens } from '../../charts/tokens';
import type { TrendOption } from '../../charts/trend';
import { colourOf } from './letters';

export interface ScoreLine {
  readonly letter: string;
  readonly line: DecimatedLine;
}
export interface ScoreLabel {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly name: string;
}
/** Scores in units of their thresholds: on one axis, or one below the other. */
export interface ScoreChartModel {
  readonly width: number;
  readonly height: number;
  readonly range: TimeRange;
  readonly zone: string;
  readonly lines: readonly ScoreLine[];
  readonly labels: readonly ScoreLabel[];
  /** Drawn thicker and in front. */
  readonly selected: string | null;
  readonly apart: boolean;
  /** Time that the table points at. */
  readonly marked: TimeRange | null;
}

export const scoreMargin = { left: 40, right: 12, top: 16, bottom: 20 } as const;
/** How many thresholds high the axis is at most: above it more height tells nothing. */
const MOST_THRESHOLDS = 4;
const LANE_GAP = 4;
/** Above this many samples in units of the threshold a lane is full. */
const LEAST_HEIGHT = 1.5;

export interface ScoreAxis {
  readonly high: number;
  /** Scores lie above the end of the axis. */
  readonly cut: boolean;
}
/** Upper end of the axis: the highest score shown, between 1.5 and 4 thresholds. */
export function scoreAxisOf(lines: readonly ScoreLine[], range: TimeRange): ScoreAxis {
  let highest = 0;
  for (const { line } of lines)
    for (let i = 0; i < line.time.length; i++)
      if (line.time[i]! >= range.start && line.time[i]! <= range.end && line.max[i]! > highest) highest = line.max[i]!;
  const high = Math.min(Math.max(highest * 1.04, LEAST_HEIGHT), MOST_THRESHOLDS);
  return { high, cut: highest > high };
}

const plotWidth = (width: number): number => Math.max(1, width - scoreMargin.left - scoreMargin.right);
export const timeAtX = (model: Pick<ScoreChartModel, 'width' | 'range'>, x: number): number =>
  model.range.start + ((x - scoreMargin.left) / plotWidth(model.width)) * (model.range.end - model.range.start);
export const xAtTime = (model: Pick<ScoreChartModel, 'width' | 'range'>, time: number): number =>
  scoreMargin.left + ((time - model.range.start) / (model.range.end - model.range.start)) * plotWidth(model.width);

/** What each line reads at a time, in units of its threshold; null in a gap. */
export function scoresAt(lines: readonly ScoreLine[], time: number): ReadonlyMap<string, number | null> {
  return new Map(lines.map(({ letter, line }) => [letter, readAt(line, time, false)?.max ?? null]));
}

interface Lane {
  readonly top: number;
  readonly bottom: number;
  readonly lines: readonly ScoreLine[];
}
function lanesOf(model: ScoreChartModel): readonly Lane[] {
  const top = scoreMargin.top;
  const bottom = model.height - scoreMargin.bottom;
  if (!model.apart || model.lines.length < 2) return [{ top, bottom, lines: model.lines }];
  const each = (bottom - top - LANE_GAP * (model.lines.length - 1)) / model.lines.length;
  return model.lines.map((line, i) => {
    const from = Math.round(top + i * (each + LANE_GAP));
    return { top: from, bottom: Math.round(from + each), lines: [line] };
  });
}

export function scoreChartOption(model: ScoreChartModel, tokens: ChartTokens): TrendOption {
  const c = tokens.colour;
  const left = scoreMargin.left;
  const right = model.width - scoreMargin.right;
  const bottom = model.height - scoreMargin.bottom;
  const axis = scoreAxisOf(model.lines, model.range);
  const lanes = lanesOf(model);
  const x = (time: number): number => Math.min(right, Math.max(left, xAtTime(model, time)));
  const shapes: Shape[] = [];

  for (const lane of lanes) {
    shapes.push(
      rect(layer.ground, { x: left, y: lane.top, width: right - left, height: lane.bottom - lane.top }, { fill: c.plot }),
    );
  }
  const shown = model.labels.filter((l) => l.end >= model.range.start && l.start <= model.range.end);
  const boxes = shown.map((l) => ({ x: x(l.start), width: Math.max(3, x(l.end) - x(l.start)) }));
  for (const lane of lanes) {
    const height = lane.bottom - lane.top;
    shapes.push(
      ...rects(
        layer.tint,
        boxes.map((b) => ({ ...b, y: lane.top, height })),
        { fill: c['label-anomaly-tint'] },
      ),
    );
  }
  shapes.push(
    ...rects(
      layer.mark,
      boxes.map((b) => ({ ...b, y: scoreMargin.top - 8, height: 5 })),
      { fill: c['label-anomaly'] },
    ),
  );
  shapes.push(...labelNames(tokens, shown, boxes, right));

  for (const tick of timeTicks(model.range, model.zone, right - left, 74)) {
    const at = xAtTime(model, tick.time);
    for (const lane of lanes)
      shapes.push(path(layer.grid, `M${crisp(at)} ${lane.top}V${lane.bottom}`, { stroke: c.grid, lineWidth: 1 }));
    const words = tick.date || tick.text;
    if (at - textWidth(words) / 2 > 0 && at + textWidth(words) / 2 < model.width)
      shapes.push(text(tokens, at, bottom + 11, words, { fill: c['text-3'], align: 'center', strong: tick.date !== '' }));
  }
  for (const lane of lanes) shapes.push(...laneShapes(model, lane, axis, tokens, x));
  if (model.marked) {
    const from = x(model.marked.start);
    const box = {
      x: from - 1,
      y: scoreMargin.top - 0.5,
      width: Math.max(4, x(model.marked.end) - from + 2),
      height: bottom - scoreMargin.top,
    };
    shapes.push(rect(layer.text, box, { stroke: c.accent, lineWidth: 1.5 }));
  }
  return { animation: false, graphic: shapes } as TrendOption;
}

/** Names beside their bars; one that would run into the next bar or off the chart is left out. */
function labelNames(
  tokens: ChartTokens,
  labels: readonly ScoreLabel[],
  boxes: readonly { readonly x: number; readonly width: number }[],
  right: number,
): readonly Shape[] {
  return labels.flatMap((label, i) => {
    const from = boxes[i]!.x + boxes[i]!.width + 4;
    const end = from + textWidth(label.name);
    const next = boxes.find((b) => b.x > boxes[i]!.x)?.x ?? Infinity;
    return end < Math.min(next - 3, right + 8)
      ? [text(tokens, from, scoreMargin.top - 5.5, label.name, { fill: tokens.colour['text-2'] })]
      : [];
  });
}

function laneShapes(
  model: ScoreChartModel,
  lane: Lane,
  axis: ScoreAxis,
  tokens: ChartTokens,
  x: (time: number) => number,
): readonly Shape[] {
  const c = tokens.colour;
  const left = scoreMargin.left;
  const right = model.width - scoreMargin.right;
  const y = (score: number): number =>
    lane.bottom - (Math.min(Math.max(score, 0), axis.high) / axis.high) * (lane.bottom - lane.top);
  const shapes: Shape[] = [];
  const tall = lane.bottom - lane.top > 60;
  for (const tick of tall ? [0, 1, 2, 3, 4] : [1]) {
    if (tick > axis.high) continue;
    const at = y(tick);
    if (tick !== 0 && tick !== 1) shapes.push(path(layer.grid, `M${left} ${crisp(at)}H${right}`, { stroke: c.grid, lineWidth: 1 }));
    shapes.push(text(tokens, left - 6, at, String(tick), { fill: c['text-3'], align: 'right' }));
  }
  const front = [...lane.lines].sort((a, b) => Number(a.letter === model.selected) - Number(b.letter === model.selected));
  for (const line of front) {
    const d = strokes(line.line, model.range, x, y);
    if (d)
      shapes.push(path(layer.edge, d, { stroke: c[colourOf(line.letter)], lineWidth: line.letter === model.selected ? 1.5 : 1 }));
  }
  shapes.push(path(layer.mark, `M${left} ${crisp(y(1))}H${right}`, { stroke: c.threshold, lineWidth: 1.5, lineDash: [6, 3] }));
  shapes.push(path(layer.mark, `M${left - 0.5} ${lane.top}V${lane.bottom + 0.5}H${right}`, { stroke: c.axis, lineWidth: 1 }));
  const only = lane.lines.length === 1 && model.apart ? lane.lines[0] : undefined;
  if (only)
    shapes.push(text(tokens, 4, (lane.top + lane.bottom) / 2, only.letter, { fill: c[colourOf(only.letter)], strong: true }));
  return shapes;
}

/** Width of a drawn column in pixels: the highest score of each is drawn, so that no spike is lost and noise does not fill the chart. */
const COLUMN = 2;

/** Path data of the highest score of each column of pixels; a gap breaks the line. */
function strokes(line: DecimatedLine, range: TimeRange, x: (time: number) => number, y: (score: number) => number): string {
  let d = '';
  let pen = false;
  let column = Number.NaN;
  let highest = Number.NaN;
  const flush = (): void => {
    if (Number.isNaN(column)) return;
    if (Number.isNaN(highest)) {
      pen = false;
      return;
    }
    d += `${pen ? 'L' : 'M'}${((column + 0.5) * COLUMN).toFixed(1)} ${y(highest).toFixed(1)}`;
    pen = true;
  };
  for (let i = 0; i < line.time.length; i++) {
    const time = line.time[i]!;
    if (time < range.start || time > range.end) continue;
    const at = Math.floor(x(time) / COLUMN);
    if (at !== column) {
      flush();
      column = at;
      highest = Number.NaN;
    }
    const value = line.max[i]!;
    if (!Number.isNaN(value) && !(value <= highest)) highest = value;
  }
  flush();
  return d;
}
