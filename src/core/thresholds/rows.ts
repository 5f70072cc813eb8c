import { maskedClasses, ofClass, rowMask } from '../labels/interval';
import type { Label } from '../labels/label';
import type { ScoreColumn } from '../scoring/scores';

/** What a row counts as. */
export const rowKinds = { normal: 0, anomaly: 1, left: 2 } as const;

/**
 * [n] for each row whether it counts as normal, as anomaly, or not at all: rows without a score, and rows inside labels of instrument
 * faults and ignored time, are neither. Where a mask and an anomaly overlap the mask wins.
 */
export function rowKindsOf(timestamps: Float64Array, score: ScoreColumn, labels: readonly Label[]): Uint8Array {
  const kinds = rowMask(timestamps, ofClass(labels, 'anomaly'));
  const masked = rowMask(timestamps, ofClass(labels, ...maskedClasses));
  for (let i = 0; i < kinds.length; i++) if (masked[i] === 1 || Number.isNaN(score[i]!)) kinds[i] = rowKinds.left;
  return kinds;
}

/** Scores of the rows of one kind, in order of time. */
export function scoresOfKind<T extends ScoreColumn>(score: T, kinds: Uint8Array, kind: number): T {
  return score.filter((_, i) => kinds[i] === kind) as T;
}
