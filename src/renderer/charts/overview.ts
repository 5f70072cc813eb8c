import type { DecimatedLine, TimeRange } from '../../core/series/series';
import { timeScale, type Frame, type TimeScale } from './layout';
import { classColour, densityLimit, type DetectionMark, type LabelMark, type PartMark } from './marks';
import { crisp, layer, path, rect, rects, text, type Shape } from './shapes';
import { timeTicks } from './time-axis';
import type { ChartTokens } from './tokens';
import type { TrendOption } from './trend';

/** The whole dataset in one strip. */
export interface OverviewModel {
  readonly frame: Frame;
  /** Height of the strip without its axis. */
  readonly height: number;
  readonly bounds: TimeRange;
  readonly zone: string;
  /** Score, or a tag where there is no score yet; null while it is read. */
  readonly line: DecimatedLine | null;
  /** A score is drawn as bars from 0, a tag as a line over its own range. */
  readonly score: boolean;
  readonly labels: readonly LabelMark[];
  readonly detections: readonly DetectionMark[];
  readonly parts: readonly PartMark[];
}

export const overviewAxis = 16;

/** Upright strokes from the smallest to the largest value of each bucket (of a score: from 0), as one element. */
export function overviewStrokes(line: DecimatedLine, fromZero: boolean, scale: TimeScale, top: number, bottom: number): string {
  let low = fromZero ? 0 : Infinity;
  let high = -Infinity;
  for (let i = 0; i < line.time.length; i++) {
    if (Number.isNaN(line.min[i]!)) continue;
    if (!fromZero) low = Math.min(low, line.min[i]!);
    high = Math.max(high, line.max[i]!);
  }
  if (!(high > low)) return '';
  const y = (value: number): number => Math.round((bottom - ((value - low) / (high - low)) * (bottom - top)) * 10) / 10;
  let d = '';
  let lastX = -1;
  for (let i = 0; i < line.time.length; i++) {
    if (Number.isNaN(line.min[i]!)) continue;
    const x = Math.floor(scale.x(line.time[i]!)) + 0.5;
    const from = fromZero ? bottom : Math.min(bottom, y(line.min[i]!) + 0.6);
    if (x === lastX && fromZero) d += `M${x} ${from}V${y(line.max[i]!)}`;
    else d += `M${x} ${from}V${Math.max(top, y(line.max[i]!) - 0.6)}`;
    lastX = x;
  }
  return d;
}

export function overviewOption(model: OverviewModel, tokens: ChartTokens): TrendOption {
  const { frame, height, bounds } = model;
  const scale = timeScale(frame, bounds);
  const c = tokens.colour;
  const plot = { x: scale.left, y: 0, width: scale.right - scale.left, height };
  const shapes: Shape[] = [
    rect(layer.ground, plot, { fill: c.plot }),
    rect(layer.edge, { x: plot.x + 0.5, y: 0.5, width: plot.width - 1, height: height - 1 }, { stroke: c.line, lineWidth: 1 }),
  ];
  const strokes = model.line ? overviewStrokes(model.line, model.score, scale, 12, height - 2) : '';
  if (strokes) shapes.push(path(layer.band, strokes, { stroke: c.axis, lineWidth: 1 }));
  for (const part of model.parts) {
    shapes.push(
      rect(
        layer.mark,
        { x: scale.x(part.start), y: 0, width: Math.max(1, scale.x(part.end) - scale.x(part.start)), height: 3 },
        { fill: c[`split-${part.part}`] },
      ),
    );
  }
  for (const name of ['ignore', 'normal', 'mode-change', 'instrument', 'anomaly'] as const) {
    const boxes = model.labels
      .filter((l) => l.class === name)
      .map((l) => ({ x: scale.x(l.start), y: 5, width: Math.max(2.5, scale.x(l.end) - scale.x(l.start)), height: 6 }));
    shapes.push(...rects(layer.mark, boxes, { fill: c[classColour(name)] }));
  }
  // What a rule hides is no detection here: it is hollow in its lane, and there is no room for that difference.
  const shown = model.detections.filter((d) => !d.hidden);
  const outlines = shown.slice(0, densityLimit).map((d) => ({
    x: scale.x(d.start),
    y: 13.5,
    width: Math.max(3, scale.x(d.end) - scale.x(d.start)),
    height: 5,
  }));
  shapes.push(...rects(layer.mark, outlines, { fill: c['detection-tint'], stroke: c.detection, lineWidth: 1.2 }));
  for (const tick of timeTicks(bounds, model.zone, plot.width, 92)) {
    const x = scale.x(tick.time);
    shapes.push(path(layer.grid, `M${crisp(x)} ${height}v3`, { stroke: c.axis, lineWidth: 1 }));
    const words = tick.date ? tick.date.slice(4) : tick.text;
    if (x + 3 + words.length * 6.1 < frame.width) shapes.push(text(tokens, x + 3, height + 9, words, { fill: c['text-3'] }));
  }
  return { animation: false, graphic: shapes } as TrendOption;
}
