import type { ChartTokens } from './tokens';
import { rectPath, type Box } from './patterns';

/** Drawn element of a chart in CSS pixels; a subset of ECharts' graphic elements, as plain data. */
export type Shape = RectShape | PathShape | LineShape | TextShape;

interface Common {
  readonly z: number;
  readonly silent: true;
}
interface Stroke {
  readonly fill?: string;
  readonly stroke?: string;
  readonly lineWidth?: number;
  readonly lineDash?: number[];
}
export interface RectShape extends Common {
  readonly type: 'rect';
  readonly shape: { readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly r?: number };
  readonly style: Stroke;
}
export interface PathShape extends Common {
  readonly type: 'strokes';
  readonly shape: { readonly pathData: string };
  readonly style: Stroke;
}
export interface LineShape extends Common {
  readonly type: 'line';
  readonly shape: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
  readonly style: Stroke;
}
export interface TextShape extends Common {
  readonly type: 'text';
  readonly x: number;
  readonly y: number;
  readonly style: {
    readonly text: string;
    readonly fill: string;
    readonly font: string;
    readonly align: 'left' | 'center' | 'right';
    readonly verticalAlign: 'middle';
  };
}

/** Order of drawing; series of ECharts are at 2. */
export const layer = { ground: -4, bandFill: -3, tint: -2, grid: -1, band: 1, edge: 3, mark: 4, text: 5 } as const;

/** Strokes of one pixel are sharp only on half pixels. */
export const crisp = (x: number): number => Math.round(x) + 0.5;

// Without a fill, a shape would be black.
export function rect(z: number, box: Box, style: Stroke, r = 0): RectShape {
  return { type: 'rect', z, silent: true, shape: { ...box, r }, style: { fill: 'none', ...style } };
}
export function path(z: number, pathData: string, style: Stroke): PathShape {
  return { type: 'strokes', z, silent: true, shape: { pathData }, style: { fill: 'none', ...style } };
}
export function rects(z: number, boxes: readonly Box[], style: Stroke): readonly Shape[] {
  return boxes.length ? [path(z, boxes.map(rectPath).join(''), style)] : [];
}
/** All upright lines of one kind as one element. */
export function uprights(z: number, xs: readonly number[], top: number, bottom: number, style: Stroke): readonly Shape[] {
  return xs.length ? [path(z, xs.map((x) => `M${crisp(x)} ${top}V${bottom}`).join(''), style)] : [];
}
export function text(
  tokens: ChartTokens,
  x: number,
  y: number,
  content: string,
  style: { readonly fill: string; readonly align?: 'left' | 'center' | 'right'; readonly strong?: boolean; readonly z?: number },
): TextShape {
  return {
    type: 'text',
    z: style.z ?? layer.text,
    silent: true,
    x,
    y,
    style: {
      text: content,
      fill: style.fill,
      font: `${style.strong ? '600 ' : ''}11px ${tokens.font}`,
      align: style.align ?? 'left',
      verticalAlign: 'middle',
    },
  };
}

/** Width of a text at 11 px in Inter, from the mean width of its glyphs: good to some percent, without a canvas. */
export const textWidth = (content: string): number => content.length * 6.1;
