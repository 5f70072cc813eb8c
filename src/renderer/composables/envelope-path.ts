import type { DecimatedLine } from '../../core/series/series';

/** Box a line is drawn into, in pixels, and the period over its width (ms). `low` and `high` fix the values at its edges. */
export interface EnvelopeBox {
  readonly start: number;
  readonly end: number;
  readonly width: number;
  readonly height: number;
  readonly low?: number;
  readonly high?: number;
}

/** Smallest and largest value of a line; null when it has none. */
export function rangeOf(line: DecimatedLine): { readonly low: number; readonly high: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < line.min.length; i++) {
    const lo = line.min[i]!;
    const hi = line.max[i]!;
    if (lo < low) low = lo;
    if (hi > high) high = hi;
  }
  return low <= high ? { low, high } : null;
}

/**
 * SVG path of a decimated line: one upright stroke from the smallest to the largest value of each bucket, joined to the next one.
 * A bucket without a value breaks the line: a gap stays a gap.
 */
export function envelopePath(line: DecimatedLine, box: EnvelopeBox): string {
  const range = rangeOf(line);
  if (!range) return '';
  const low = box.low ?? range.low;
  const high = box.high ?? range.high;
  const span = high - low || 1;
  // A flat line runs through the middle.
  const lift = high === low ? box.height / 2 : 1;
  const y = (value: number): string => (box.height - lift - ((value - low) / span) * (box.height - 2)).toFixed(1);
  const perMs = box.width / Math.max(1, box.end - box.start);
  let path = '';
  let pen = false;
  for (let i = 0; i < line.min.length; i++) {
    const lo = line.min[i]!;
    const hi = line.max[i]!;
    if (Number.isNaN(lo) || Number.isNaN(hi)) {
      pen = false;
      continue;
    }
    const x = ((line.time[i]! - box.start) * perMs).toFixed(1);
    path += `${pen ? 'L' : 'M'}${x} ${y(lo)}`;
    if (hi !== lo) path += `L${x} ${y(hi)}`;
    else if (!pen) path += 'h0.1';
    pen = true;
  }
  return path;
}
