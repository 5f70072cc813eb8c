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

function dotPath({ x, y, width, height }: Box, spacing: number, radius: number): string {
  let path = '';
  for (let v = spacing / 2 + 0.5; v < height - radius / 2; v += spacing) {
    for (let u = spacing / 2; u < width - radius / 2; u += spacing) {
      path += `M${at(x + u - radius)} ${at(y + v)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
    }
  }
  return path;
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
      return { path: dotPath(box, 5, 1.2), drawn: 'fill', lineWidth: 0 };
    case 'ignore':
      return { path: hatchPath(box, 6, 1) + hatchPath(box, 6, -1), drawn: 'stroke', lineWidth: 0.8 };
  }
}
