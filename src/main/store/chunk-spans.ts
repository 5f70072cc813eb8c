import type { TimeRange } from '../../core/series/series';
import type { RowRange } from './types';

/** Where a chunk lies. */
export interface ChunkSpan {
  readonly row: number;
  readonly rows: number;
  /** Times of its first and last row. */
  readonly start: number;
  readonly end: number;
}

/** Rows that exist. */
export function clamp(rows: RowRange, all: number): RowRange {
  const from = Math.min(Math.max(0, rows.from), all);
  return { from, to: Math.min(Math.max(from, rows.to), all) };
}

/** Number of blocks of a level in a chunk. */
export function blocksOf(span: ChunkSpan, factor: number): number {
  return Math.ceil(span.rows / factor);
}

/** Whole numbers from `first` to `last`, both included. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Rows of these chunks in a range, as if they were evenly spaced: enough to choose a level. */
export function expectedRows(spans: readonly ChunkSpan[], range: TimeRange): number {
  return spans.reduce((sum, span) => {
    const inside = Math.min(range.end, span.end) - Math.max(range.start, span.start);
    return sum + (span.end > span.start ? span.rows * Math.max(0, inside / (span.end - span.start)) : span.rows);
  }, 0);
}

/** Arrays one after the other; a single one is not copied. */
export function join(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** ISO 8601, UTC. */
export function iso(time: number): string {
  return new Date(time).toISOString();
}
