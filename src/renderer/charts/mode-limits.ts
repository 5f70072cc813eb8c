import type { TimeScale } from './layout';
import { crisp, layer, path, type Shape } from './shapes';

/** A threshold that holds for some time only: that of an operating mode. Half-open. */
export interface LimitSpan {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/**
 * Spans of equal threshold from the mode of each row; a row stands for the time to the next one.
 *
 * @param timestamps - [n] ms, ascending.
 * @param modes - [n]
 * @param limit - threshold of a mode.
 * @param stepMs - that the last row stands for.
 */
export function limitSpans(
  timestamps: Float64Array,
  modes: Uint8Array,
  limit: (mode: number) => number,
  stepMs: number,
): readonly LimitSpan[] {
  const spans: { start: number; end: number; value: number }[] = [];
  for (let i = 0; i < modes.length; i++) {
    const value = limit(modes[i]!);
    const end = timestamps[i + 1] ?? timestamps[i]! + stepMs;
    const last = spans.at(-1);
    if (last && last.value === value) last.end = end;
    else spans.push({ start: timestamps[i]!, end, value });
  }
  return spans;
}

/** The spans in sight as one dashed line that steps from threshold to threshold. */
export function limitLine(
  spans: readonly LimitSpan[],
  scale: TimeScale,
  y: (value: number) => number,
  high: number,
  colour: string,
): readonly Shape[] {
  const d = spans
    .filter((span) => span.value >= 0 && span.value <= high)
    .map((span) => [Math.max(scale.left, scale.x(span.start)), Math.min(scale.right, scale.x(span.end)), span.value] as const)
    .filter(([from, to]) => to > from)
    .map(([from, to, value]) => `M${Math.round(from * 10) / 10} ${crisp(y(value))}H${Math.round(to * 10) / 10}`)
    .join('');
  return d ? [path(layer.mark, d, { stroke: colour, lineWidth: 1.5, lineDash: [6, 3] })] : [];
}
