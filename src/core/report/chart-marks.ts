import type { Label, LabelClass } from '../labels/label';
import { maskedClasses } from '../labels/interval';
import type { Colour } from './colours';
import { textWidth, type Mark } from './drawing';

/** The frame all lanes of a figure share, in pixels. */
export const frame = { width: 690, header: 148, left: 148, right: 682 };
/** A mark is never thinner, however short what it marks. */
export const thinnest = 2;
const textSize = 10;

export interface Detection {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface NamedLabel {
  readonly name: string;
  readonly label: Label;
}

const classColours: Record<LabelClass, { solid: Colour; tint: Colour }> = {
  anomaly: { solid: 'anomaly', tint: 'anomaly-tint' },
  normal: { solid: 'normal', tint: 'normal-tint' },
  'mode-change': { solid: 'mode-change', tint: 'mode-change-tint' },
  instrument: { solid: 'instrument', tint: 'instrument-tint' },
  ignore: { solid: 'ignore', tint: 'ignore-tint' },
};

/** True for labels whose time is not judged. */
export function isMasked(label: Label): boolean {
  return (maskedClasses as readonly LabelClass[]).includes(label.class);
}

interface Box {
  readonly name: string;
  readonly left: number;
  readonly w: number;
}

/** Where each name goes: inside its box, right of it, or nowhere when neither has room. */
function place(boxes: readonly Box[], i: number, inside: boolean): { x: number; inside: boolean } | null {
  const box = boxes[i]!;
  const wide = textWidth(box.name, textSize) + 4;
  if (inside && wide <= box.w) return { x: box.left + 3, inside: true };
  const free = (boxes[i + 1]?.left ?? frame.right) - (box.left + box.w);
  return wide <= free ? { x: box.left + box.w + 3, inside: false } : null;
}

/** Labels in their lane: anomalies solid, masks hatched, the rest pale. */
export function labelMarks(marks: Mark[], labels: readonly NamedLabel[], x: (t: number) => number, top: number): void {
  const boxes = labels.map(({ name, label }) => ({
    name,
    left: x(label.start),
    w: Math.max(thinnest, x(label.end) - x(label.start)),
  }));
  labels.forEach(({ label }, i) => {
    const box = boxes[i]!;
    const colour = classColours[label.class];
    const area = { x: box.left, y: top + 3, w: box.w, h: 13 };
    const solid = label.class === 'anomaly';
    marks.push({ kind: 'rect', ...area, fill: solid ? colour.solid : colour.tint, stroke: colour.solid, strokeWidth: 0.75 });
    if (isMasked(label)) marks.push({ kind: 'hatch', ...area, stroke: colour.solid });
    const spot = place(boxes, i, solid);
    if (spot) {
      marks.push({
        kind: 'text',
        x: spot.x,
        y: top + 13,
        text: box.name,
        size: textSize,
        fill: spot.inside ? 'on-anomaly' : 'text',
      });
    }
  });
}

/** Detections in their lane: outlined boxes. */
export function detectionMarks(marks: Mark[], detections: readonly Detection[], x: (t: number) => number, top: number): void {
  const boxes = detections.map(({ name, start, end }) => ({
    name,
    left: x(start),
    w: Math.max(thinnest, x(end) - x(start)),
  }));
  boxes.forEach((box, i) => {
    marks.push({
      kind: 'rect',
      x: box.left,
      y: top + 3.5,
      w: box.w,
      h: 12,
      fill: 'detection-tint',
      stroke: 'detection',
      strokeWidth: 1.5,
    });
    const spot = place(boxes, i, true);
    if (spot) marks.push({ kind: 'text', x: spot.x, y: top + 13, text: box.name, size: textSize, fill: 'text' });
  });
}
