import { rowKinds, scoresOfKind } from './rows';
import type { ScoreColumn } from '../scoring/scores';

export interface BestF {
  readonly value: number;
  readonly f: number;
  readonly precision: number;
  readonly recall: number;
}

/**
 * The threshold with the best F-beta per sample (score >= value counts as anomalous), exact over all distinct scores: O(n log n).
 * The value lies midway between the lowest score that is taken and the next lower one, so that rounding of scores cannot move a
 * sample across it. Of equal thresholds the highest.
 *
 * @param score - [n]
 * @param kinds - [n] see `rowKindsOf`.
 * @returns null when no row is anomalous or none is normal.
 */
export function bestFBeta(score: ScoreColumn, kinds: Uint8Array, beta: number): BestF | null {
  const anomalies = scoresOfKind(score, kinds, rowKinds.anomaly).sort();
  const normals = scoresOfKind(score, kinds, rowKinds.normal).sort();
  if (anomalies.length === 0 || normals.length === 0) return null;
  const weight = beta * beta;
  let a = anomalies.length;
  let b = normals.length;
  let best: BestF | null = null;
  while (a > 0) {
    // The next lower distinct score; rows of both kinds with it come in together.
    const level = Math.max(anomalies[a - 1]!, b > 0 ? normals[b - 1]! : -Infinity);
    while (a > 0 && anomalies[a - 1] === level) a--;
    while (b > 0 && normals[b - 1] === level) b--;
    const hits = anomalies.length - a;
    const falseHits = normals.length - b;
    // F = (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP)
    const f = ((1 + weight) * hits) / ((1 + weight) * hits + weight * a + falseHits);
    if (f <= (best?.f ?? 0)) continue;
    const below = Math.max(a > 0 ? anomalies[a - 1]! : -Infinity, b > 0 ? normals[b - 1]! : -Infinity);
    const value = below === -Infinity ? level : between(below, level);
    best = { value, f, precision: hits / (hits + falseHits), recall: hits / anomalies.length };
  }
  return best;
}

/** A number above `low` and at most `high`, in the middle where there is one. */
export function between(low: number, high: number): number {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return high;
  const middle = low + (high - low) / 2;
  return middle > low ? middle : high;
}
