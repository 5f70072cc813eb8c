import type { PreparedSeries, Segment } from '../../prepare/prepared';

/** Rows at which a window of `length` rows ends without crossing a segment, ascending; `from` and `to` restrict the rows it covers. */
export function windowEnds(segments: readonly Segment[], length: number, from = 0, to = Number.MAX_SAFE_INTEGER): Int32Array {
  const ranges = segments.map(({ start, end }) => [Math.max(start, from) + length - 1, Math.min(end, to)] as const);
  const ends = new Int32Array(ranges.reduce((sum, [first, last]) => sum + Math.max(0, last - first), 0));
  let at = 0;
  for (const [first, last] of ranges) for (let row = first; row < last; row++) ends[at++] = row;
  return ends;
}

/** The windows that end at the given rows, flattened row by row: [B, length·c]. @param windows - where they are written. */
export function gatherWindows(
  data: PreparedSeries,
  length: number,
  ends: Int32Array,
  windows = new Float32Array(ends.length * length * data.channels.length),
): Float32Array {
  const c = data.channels.length;
  const size = length * c;
  for (let i = 0, next = 0; i < ends.length; i = next) {
    next = i + 1;
    // Single rows that follow each other are one run of values.
    if (length === 1) while (next < ends.length && ends[next] === ends[next - 1]! + 1) next++;
    const to = (ends[next - 1]! + 1) * c;
    windows.set(data.values.subarray(to - (next - i) * size, to), i * size);
  }
  return windows;
}

/** Consecutive pieces of an array, for work in bounded memory. */
export function* chunksOf(items: Int32Array, size: number): Generator<Int32Array> {
  for (let from = 0; from < items.length; from += size) yield items.subarray(from, from + size);
}

/** One array after the other. */
export function concat(parts: readonly Int32Array[]): Int32Array {
  const result = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** At most `count` items, evenly spaced over the whole array. */
export function spread(items: Int32Array, count: number): Int32Array {
  if (items.length <= count) return items;
  return Int32Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}

/**
 * Quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).
 *
 * @param values - finite, not empty. @param q - 0..1
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}
