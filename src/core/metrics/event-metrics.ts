import { harmonic, type Segment } from './segments';

/**
 * Share of labelled segments with at least one predicted row, before any merging of predicted rows.
 *
 * @param before - [n + 1] predicted rows before each row.
 * @returns null without segments.
 */
export function touchedShare(segments: readonly Segment[], before: Int32Array): number | null {
  if (segments.length === 0) return null;
  return segments.filter(({ start, end }) => before[end + 1]! > before[start]!).length / segments.length;
}

/**
 * Composite F1: harmonic mean of the precision of single rows and the recall of labelled segments.
 *
 * @see Sehili and Zhang, "Multivariate time series anomaly detection: fancy algorithms and flawed evaluation methodology", 2023
 *   (F_c of Garg et al. 2021); "Event-based F1" of TSB-AD.
 */
export function compositeF1(pointPrecision: number, segmentRecall: number): number {
  return harmonic(pointPrecision, segmentRecall);
}
