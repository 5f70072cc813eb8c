import type { LabelClass } from '../../core/labels/label';
import { spanBox, type TimeScale } from './layout';
import { classPattern } from './patterns';
import { layer, path, rect, rects, text, textWidth, uprights, type Shape } from './shapes';
import type { ChartTokens, ColourName } from './tokens';

/** A label as the trend draws it. */
export interface LabelMark {
  readonly id: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly class: LabelClass;
  readonly comment: string;
  /** Tags whose lanes are tinted; empty: all. */
  readonly channels: readonly string[];
  readonly selected: boolean;
}

/** An event as the trend draws it: an outline, never a filled bar. */
export interface DetectionMark {
  readonly id: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly selected: boolean;
  /** Hidden by dead time or a suppression rule: hollow, dashed and grey, and without edges in the other lanes. */
  readonly hidden?: boolean;
}

/** Above this number in sight, single marks cannot be told apart: their density is drawn instead. */
export const densityLimit = 2000;

/** Mean distance of event edges in a lane, px, below which they are left out. */
const leastEdgeGap = 6;

export const classColour = (name: LabelClass): ColourName => `label-${name}`;
export const classTint = (name: LabelClass): ColourName => `label-${name}-tint`;

interface Strip {
  readonly top: number;
  readonly bottom: number;
}

function inSight<M extends { readonly start: number; readonly end: number }>(marks: readonly M[], scale: TimeScale): readonly M[] {
  const start = scale.time(scale.left);
  const end = scale.time(scale.right);
  return marks.filter((m) => m.end >= start && m.start <= end);
}

/** Share of marks in each column of 3 px as upright bars. */
function density(marks: readonly { readonly start: number }[], scale: TimeScale, strip: Strip, colour: string): readonly Shape[] {
  const width = 3;
  const columns = new Map<number, number>();
  for (const mark of marks) {
    const column = Math.floor((scale.x(mark.start) - scale.left) / width);
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  const most = Math.max(...columns.values());
  const height = strip.bottom - strip.top - 6;
  const boxes = [...columns].map(([column, n]) => {
    const h = Math.max(1, (n / most) * height);
    return { x: scale.left + column * width, y: strip.bottom - 3 - h, width: width - 1, height: h };
  });
  return rects(layer.mark, boxes, { fill: colour });
}

/** Name beside or inside a mark: inside when it fits, else right of it when nothing follows at once. */
function caption(
  tokens: ChartTokens,
  box: { readonly x: number; readonly width: number },
  middle: number,
  names: readonly [long: string, short: string],
  nextX: number,
  scale: TimeScale,
  colours: { readonly inside: string; readonly ground: string | null },
): readonly Shape[] {
  const [long, short] = names;
  const fitting = [long, short].find((name) => name && box.width > textWidth(name) + 8);
  if (fitting) {
    const ground = colours.ground
      ? [rect(layer.mark, { x: box.x + 2, y: middle - 6, width: textWidth(fitting) + 5, height: 12 }, { fill: colours.ground })]
      : [];
    return [...ground, text(tokens, box.x + 4, middle + 0.5, fitting, { fill: colours.inside })];
  }
  const end = box.x + box.width;
  if (end + textWidth(short) + 6 > Math.min(nextX, scale.right)) return [];
  return [text(tokens, end + 3, middle + 0.5, short, { fill: tokens.colour.text })];
}

/** The label lane: solid bars in the colour and pattern of their class. */
export function labelBars(labels: readonly LabelMark[], scale: TimeScale, strip: Strip, tokens: ChartTokens): readonly Shape[] {
  const seen = inSight(labels, scale);
  if (seen.length > densityLimit) return density(seen, scale, strip, tokens.colour['label-anomaly']);
  const sorted = [...seen].sort((a, b) => a.start - b.start);
  return sorted.flatMap((label, i) => {
    const span = spanBox(scale, label, 3);
    if (!span) return [];
    const box = { ...span, y: strip.top + 3, height: strip.bottom - strip.top - 6 };
    const colour = tokens.colour[classColour(label.class)];
    const tint = tokens.colour[classTint(label.class)];
    const solid = label.class === 'anomaly';
    const pattern = classPattern(label.class, box);
    const next = sorted[i + 1];
    const long = label.comment ? `${label.name} ${label.comment}` : label.name;
    return [
      rect(layer.mark, box, { fill: solid ? colour : tint }),
      ...(pattern.path
        ? [
            path(
              layer.mark,
              pattern.path,
              pattern.drawn === 'fill' ? { fill: colour } : { stroke: colour, lineWidth: pattern.lineWidth },
            ),
          ]
        : []),
      rect(
        layer.mark,
        { x: box.x + 0.5, y: box.y + 0.5, width: Math.max(1, box.width - 1), height: box.height - 1 },
        { stroke: colour, lineWidth: 1 },
        1,
      ),
      ...caption(tokens, box, (strip.top + strip.bottom) / 2, [long, label.name], next ? scale.x(next.start) : Infinity, scale, {
        inside: solid ? tokens.colour['on-label-anomaly'] : tokens.colour.text,
        ground: solid ? null : tint,
      }),
    ];
  });
}

/** The detection lane: outlines, the selected one with a triangle. */
export function detectionBoxes(
  detections: readonly DetectionMark[],
  scale: TimeScale,
  strip: Strip,
  tokens: ChartTokens,
): readonly Shape[] {
  const seen = inSight(detections, scale);
  if (seen.length > densityLimit) return density(seen, scale, strip, tokens.colour.detection);
  const sorted = [...seen].sort((a, b) => a.start - b.start);
  return sorted.flatMap((event, i) => {
    const span = spanBox(scale, event, 4);
    if (!span) return [];
    const next = sorted[i + 1];
    const box = {
      x: span.x + 0.75,
      y: strip.top + 3.75,
      width: Math.max(2.5, span.width - 1.5),
      height: strip.bottom - strip.top - 7.5,
    };
    const tip = span.x;
    return [
      event.hidden
        ? rect(layer.mark, box, { stroke: tokens.colour['text-3'], lineWidth: 1, lineDash: [3, 2] })
        : rect(layer.mark, box, { fill: tokens.colour['detection-tint'], stroke: tokens.colour.detection, lineWidth: 1.5 }),
      ...(event.selected
        ? [path(layer.text, `M${tip - 5} ${strip.top}h10L${tip} ${strip.top + 6}z`, { fill: tokens.colour.accent })]
        : []),
      ...caption(
        tokens,
        { x: span.x + (event.selected ? 4 : 0), width: span.width - (event.selected ? 4 : 0) },
        (strip.top + strip.bottom) / 2,
        [event.text, event.name],
        next ? scale.x(next.start) : Infinity,
        scale,
        { inside: tokens.colour.text, ground: null },
      ),
    ];
  });
}

/** Tints and edges that labels and detections leave in the lane of some tags; a label of other tags leaves none. */
export function laneMarks(
  labels: readonly LabelMark[],
  detections: readonly DetectionMark[],
  channels: readonly string[] | null,
  scale: TimeScale,
  strip: Strip,
  tokens: ChartTokens,
): readonly Shape[] {
  const concerning = inSight(labels, scale).filter(
    (l) => l.channels.length === 0 || channels === null || l.channels.some((c) => channels.includes(c)),
  );
  const seen = inSight(detections, scale).filter((d) => !d.hidden);
  const shapes: Shape[] = [];
  const tinted = concerning.filter((l) => l.class !== 'normal' || l.selected);
  for (const name of ['ignore', 'normal', 'mode-change', 'instrument', 'anomaly'] as const) {
    const boxes = tinted
      .filter((l) => l.class === name)
      .flatMap((l) => {
        const span = spanBox(scale, l, 1);
        return span ? [{ ...span, y: strip.top, height: strip.bottom - strip.top }] : [];
      });
    shapes.push(...rects(layer.tint, boxes, { fill: tokens.colour[classTint(name)] }));
    const edges = concerning
      .filter((l) => l.class === name && (name === 'anomaly' || l.selected))
      .flatMap((l) => [scale.x(l.start), scale.x(l.end)])
      .filter((x) => x >= scale.left && x <= scale.right);
    if (edges.length <= densityLimit) {
      shapes.push(
        ...uprights(layer.edge, edges, strip.top, strip.bottom, { stroke: tokens.colour[classColour(name)], lineWidth: 1 }),
      );
    }
  }
  // Edges as near as this would paint over the very line they are about; the lane of the detections still shows them.
  const edges = seen.flatMap((d) => [scale.x(d.start), scale.x(d.end)]).filter((x) => x >= scale.left && x <= scale.right);
  if (edges.length * leastEdgeGap <= scale.right - scale.left || edges.length <= 40) {
    shapes.push(...uprights(layer.edge, edges, strip.top, strip.bottom, { stroke: tokens.colour.detection, lineWidth: 1.25 }));
  }
  return shapes;
}

/** Train, calibration and test as outlined bars with their names. */
export interface PartMark {
  readonly part: 'train' | 'calibration' | 'test';
  readonly start: number;
  readonly end: number;
}

const partNames = { train: 'Train', calibration: 'Calibration', test: 'Test' } as const;

export function partBars(parts: readonly PartMark[], scale: TimeScale, strip: Strip, tokens: ChartTokens): readonly Shape[] {
  const middle = (strip.top + strip.bottom) / 2;
  return parts.flatMap((part) => {
    const span = spanBox(scale, part, 2);
    if (!span) return [];
    const colour = tokens.colour[`split-${part.part}`];
    const box = {
      x: span.x + 0.75,
      y: strip.top + 3.75,
      width: Math.max(1, span.width - 1.5),
      height: strip.bottom - strip.top - 7.5,
    };
    const name = partNames[part.part];
    return [
      rect(layer.mark, box, { stroke: colour, lineWidth: 1.5 }),
      rect(layer.mark, { ...box, width: Math.min(5, box.width) }, { fill: colour }),
      ...(span.width > textWidth(name) + 16
        ? [text(tokens, span.x + 11, middle + 0.5, name, { fill: tokens.colour['text-2'], strong: true })]
        : []),
    ];
  });
}
