/** Where things are on a trend: lanes from top to bottom, time from left to right. All in CSS pixels. */
export interface Frame {
  /** Whole width of the chart, header included. */
  readonly width: number;
  /** Width of the lane headers at left. */
  readonly header: number;
  /** Free space at right. */
  readonly right: number;
}

export const headerWidth = 148;
export const rightSpace = 8;
export const axisHeight = 30;

export interface Placed<L> {
  readonly lane: L;
  readonly top: number;
  readonly bottom: number;
}

export function placeLanes<L extends { readonly height: number }>(lanes: readonly L[]): readonly Placed<L>[] {
  let top = 0;
  return lanes.map((lane) => {
    const placed = { lane, top, bottom: top + lane.height };
    top += lane.height;
    return placed;
  });
}

/** Linear map of time to pixels, and back. */
export interface TimeScale {
  readonly left: number;
  readonly right: number;
  readonly x: (time: number) => number;
  readonly time: (x: number) => number;
}

export function timeScale(frame: Frame, range: { readonly start: number; readonly end: number }): TimeScale {
  const left = frame.header;
  const right = Math.max(left + 1, frame.width - frame.right);
  const perMs = (right - left) / (range.end - range.start || 1);
  return { left, right, x: (time) => left + (time - range.start) * perMs, time: (x) => range.start + (x - left) / perMs };
}

/** Pixel box of an interval inside the plot, at least `least` wide; null when it is out of sight. */
export function spanBox(
  scale: TimeScale,
  interval: { readonly start: number; readonly end: number },
  least: number,
): { readonly x: number; readonly width: number } | null {
  const from = scale.x(interval.start);
  const to = Math.max(scale.x(interval.end), from + least);
  if (to < scale.left || from > scale.right) return null;
  const x = Math.max(from, scale.left);
  return { x, width: Math.min(to, scale.right) - x };
}
