import type { Colour } from './colours';

/**
 * A figure as a list of marks, painted in order. Both the SVG of the HTML report and the vectors of the PDF are made from it, so the two
 * show the same. Units are CSS pixels; y grows downwards.
 */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
  /** What the figure shows, for those who cannot see it. */
  readonly alternative: string;
}

export type Mark = Line | Area | Rect | Hatch | Text;

interface Stroke {
  readonly stroke: Colour;
  readonly width: number;
  /** Lengths of dash and gap. */
  readonly dash?: readonly [number, number];
}
/** Connected points; x and y in turn. */
export interface Line extends Stroke {
  readonly kind: 'line';
  readonly points: readonly number[];
}
/** Closed polygon. */
export interface Area {
  readonly kind: 'area';
  readonly points: readonly number[];
  readonly fill: Colour;
}
export interface Rect {
  readonly kind: 'rect';
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly fill?: Colour;
  readonly stroke?: Colour;
  readonly strokeWidth?: number;
}
/** Rectangle filled with diagonal lines. */
export interface Hatch {
  readonly kind: 'hatch';
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly stroke: Colour;
}
export interface Text {
  readonly kind: 'text';
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly fill: Colour;
  readonly strong?: boolean;
  readonly anchor?: 'start' | 'end';
}

/** Distance of hatch lines. */
const hatchSpacing = 5;

/** Diagonal lines that fill a rectangle, cut at its edges: x1 y1 x2 y2 of each. */
export function hatchLines({ x, y, w, h }: Hatch): number[][] {
  const lines: number[][] = [];
  // Lines x + y = c; their place depends on the page and not on the rectangle, so neighbouring hatches join.
  for (let c = Math.ceil((x + y) / hatchSpacing) * hatchSpacing; c < x + w + y + h; c += hatchSpacing) {
    const x1 = Math.max(x, c - (y + h));
    const x2 = Math.min(x + w, c - y);
    if (x2 > x1) lines.push([x1, c - x1, x2, c - x2]);
  }
  return lines;
}

/** Width of a text in Inter, near enough to decide whether it fits. */
export function textWidth(text: string, size: number): number {
  return text.length * size * 0.54;
}
