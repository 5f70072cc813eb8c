import { rowsWithin, unionIntervals, type Interval } from '../labels/interval';

/** Rows in a row: first and last, both included. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** Runs of 1. @param mask - [n] 0 or 1. */
export function segmentsOf(mask: Uint8Array): Segment[] {
  const runs: { start: number; end: number }[] = [];
  let last: { start: number; end: number } | undefined;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 1) continue;
    if (last && last.end === i - 1) last.end = i;
    else {
      last = { start: i, end: i };
      runs.push(last);
    }
  }
  return runs;
}

/** [n + 1] number of ones before each row. */
export function onesBefore(mask: Uint8Array): Int32Array {
  const counts = new Int32Array(mask.length + 1);
  for (let i = 0; i < mask.length; i++) counts[i + 1] = counts[i]! + (mask[i] === 1 ? 1 : 0);
  return counts;
}

/**
 * Labelled anomalies as rows among the counted rows, numbered without those left out. Labels that overlap in time are one segment;
 * labels that only adjoin stay two. One without a counted row is left out.
 *
 * @param counted - [n] 1 for rows that count.
 */
export function labelSegments(timestamps: Float64Array, labels: readonly Interval[], counted: Uint8Array): Segment[] {
  const before = onesBefore(counted);
  return unionIntervals(labels).flatMap((label) => {
    const rows = rowsWithin(timestamps, label);
    const [start, end] = [before[rows.start]!, before[rows.end]! - 1];
    return end >= start ? [{ start, end }] : [];
  });
}

/** Segments (ascending, disjoint) joined where one begins in the row after another. */
export function mergeAdjoining(segments: readonly Segment[]): Segment[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of segments) {
    const last = merged.at(-1);
    if (last && start <= last.end + 1) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** Harmonic mean, 0 where both are 0. */
export function harmonic(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}

/** Rows outside anomalies at most `half` rows from one, with their distances to the anomalies around them. */
export function bufferDistances(truth: Uint8Array, anomalies: readonly Segment[], half: number): Map<number, number[]> {
  const distances = new Map<number, number[]>();
  const note = (row: number, distance: number): void => {
    if (row < 0 || row >= truth.length || truth[row] === 1) return;
    const known = distances.get(row);
    if (known) known.push(distance);
    else distances.set(row, [distance]);
  };
  for (const { start, end } of anomalies) {
    for (let d = 1; d <= half; d++) {
      note(start - d, d);
      note(end + d, d);
    }
  }
  return distances;
}
