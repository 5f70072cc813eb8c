import type { LabelClass } from '../../core/labels/label';

/**
 * The second code of every mark, as SVG path data in pixels: classes stay apart in grey and for the colour-blind.
 * Anomaly solid · normal thin bar on top · mode change upright stripes · instrument dots · ignore cross-hatch · masked diagonal.
 */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const at = (n: number): number => Math.round(n * 10) / 10;

export function rectPath({ x, y, width, height }: Box): string {
  return `M${at(x)} ${at(y)}h${at(width)}v${at(height)}h${at(-width)}z`;
}

/** Diagonal strokes, clipped to the box by arithmetic; `rise` +1 is "/", −1 is "\". */
export function hatchPath(box: Box, spacing: number, rise: 1 | -1): string {
  const { x, y, width, height } = box;
  let path = '';
  for (let c = spacing / 2; c < width + height; c += spacing) {
    // u runs along the box, v down from its top: the stroke is u + v = c, mirrored for the other direction.
    const u0 = Math.max(0, c - height);
    const u1 = Math.min(width, c);
    const px = (u: number): number => at(rise === 1 ? x + u : x + width - u);
    path += `M${px(u0)} ${at(y + c - u0)}L${px(u1)} ${at(y + c - u1)}`;
  }
  return path;
}

function stripePath({ x, y, width, height }: Box, spacing: number): string {
  let path = '';
  for (let u = spacing / 2; u < width; u += spacing) path += `M${at(x + u)} ${at(y)}v${at(height)}`;
  return path;
}

/** Dots so small that squares do. */
function dotPath({ x, y, width, height }: Box, spacing: number, size: number): string {
  let path = '';
  for (let v = spacing / 2; v < height - size / 2; v += spacing) {
    for (let u = spacing / 2; u < width - size / 2; u += spacing) {
      path += rectPath({ x: x + u - size / 2, y: y + v - size / 2, width: size, height: size });
    }
  }
  return path;
}

/** What is drawn on: a canvas context or anything like it. */
interface Pen {
  moveTo(x: number, y: number): unknown;
  lineTo(x: number, y: number): unknown;
  closePath(): unknown;
}

/** Draws path data of the commands used here: M, L, H, V, h, v and z, one set of numbers each. */
export function drawPath(pen: Pen, pathData: string): void {
  let x = 0;
  let y = 0;
  let startX = 0;
  let startY = 0;
  for (const [, command, numbers] of pathData.matchAll(/([MLHVhvz])([^MLHVhvz]*)/g)) {
    const [a = 0, b = 0] = numbers!
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    switch (command) {
      case 'M':
        [x, y, startX, startY] = [a, b, a, b];
        pen.moveTo(x, y);
        continue;
      case 'z':
        [x, y] = [startX, startY];
        pen.closePath();
        continue;
      case 'L':
        [x, y] = [a, b];
        break;
      case 'H':
        x = a;
        break;
      case 'V':
        y = a;
        break;
      case 'h':
        x += a;
        break;
      case 'v':
        y += a;
    }
    pen.lineTo(x, y);
  }
}

export interface PatternPath {
  readonly path: string;
  readonly drawn: 'fill' | 'stroke';
  readonly lineWidth: number;
}

/** Marks of a label class over its tinted box; '' for the solid one. */
export function classPattern(name: LabelClass, box: Box): PatternPath {
  switch (name) {
    case 'anomaly':
      return { path: '', drawn: 'fill', lineWidth: 0 };
    case 'normal':
      return { path: rectPath({ ...box, height: Math.min(3, box.height) }), drawn: 'fill', lineWidth: 0 };
    case 'mode-change':
      return { path: stripePath(box, 5), drawn: 'stroke', lineWidth: 1.5 };
    case 'instrument':
      return { path: dotPath(box, 5, 2.2), drawn: 'fill', lineWidth: 0 };
    case 'ignore':
      return { path: hatchPath(box, 6, 1) + hatchPath(box, 6, -1), drawn: 'stroke', lineWidth: 0.8 };
  }
}
