import { isFaultline } from '../errors';
import type { Label } from '../labels/label';
import { formatPercent } from '../report/format';
import { rowKinds, rowKindsOf } from '../thresholds/rows';
import { normalScoresOf, suggestThreshold, type SuggestInput } from '../thresholds/suggest';
import type { ThresholdChoice, ThresholdRule } from '../thresholds/threshold';

/** Rows of the calibration part, with the scores of one method. */
export interface CalibrationRows {
  /** [n] */
  readonly timestamps: Float64Array;
  /** [n] NaN where there is no score. */
  readonly score: Float32Array;
  /** Those that a threshold may see, see `labelsKnownBy`. */
  readonly labels: readonly Label[];
}

export interface PeerThreshold {
  readonly rule: ThresholdRule;
  /** Which rule gave it. */
  readonly from: string;
}

/** Share of counted calibration samples that reach the threshold of their method; NaN without any. */
export function shareAbove({ timestamps, score, labels }: CalibrationRows, value: number): number {
  const kinds = rowKindsOf(timestamps, score, labels);
  let counted = 0;
  let above = 0;
  for (let i = 0; i < kinds.length; i++) {
    if (kinds[i] === rowKinds.left) continue;
    counted++;
    if (score[i]! >= value) above++;
  }
  return above / counted;
}

/**
 * Threshold of a one-line detector, chosen on the calibration part as the detector's own was: by the same objective with the same minimum
 * duration, merge gap and dead time. Where the objective cannot be applied to it (set by hand, carried over, contract, nothing to choose
 * from), as many calibration samples reach it as reach the detector's. Hysteresis is in units of one score and thresholds of modes and
 * suppression rules belong to one detector, so they stay with it.
 *
 * @param own - scores of the one-line detector on its train rows: normal scores for objectives without labels.
 * @param share - of calibration samples that reach the detector's threshold, see `shareAbove`.
 */
export function peerThreshold(rows: CalibrationRows, own: Float32Array, choice: ThresholdChoice, share: number): PeerThreshold {
  const { minDurationMs, mergeGapMs, deadTimeMs, objective } = choice;
  const knobs = { minDurationMs, mergeGapMs, ...(deadTimeMs !== undefined && { deadTimeMs }) };
  if (allEqual(rows.score)) return { rule: { value: Infinity, ...knobs }, from: 'all scores are equal, so no threshold cuts them' };
  const sameRule = !['manual', 'carried', 'contract'].includes(objective.kind);
  if (sameRule) {
    const input: SuggestInput = { ...rows, ...normalScoresOf(rows.timestamps, rows.score, rows.labels, own), ...knobs };
    try {
      return { rule: { value: suggestThreshold(objective, input).value, ...knobs }, from: 'by the objective of the detector' };
    } catch (error) {
      // A score that cannot be cut this way is matched by share instead.
      if (!isFaultline(error)) throw error;
    }
  }
  return {
    rule: { value: valueAtShare(rows, share), ...knobs },
    from: `reached by as many calibration samples as the detector's${Number.isNaN(share) ? '' : ` (${formatPercent(share)})`}`,
  };
}

/**
 * The value that a share of counted samples reaches, rounded to whole samples; for none the lowest above all of them, in favour of the
 * one-liner. Infinite where there is no sample.
 */
function valueAtShare({ timestamps, score, labels }: CalibrationRows, share: number): number {
  const kinds = rowKindsOf(timestamps, score, labels);
  const sorted = score.filter((_, i) => kinds[i] !== rowKinds.left).sort();
  const n = sorted.length;
  const wanted = Math.round(share * n);
  if (n === 0 || !(wanted >= 0)) return Infinity;
  return wanted > 0 ? sorted[n - wanted]! : justAbove(sorted[n - 1]!);
}

/** Above a score, and below the next one that 32 bits can hold. */
function justAbove(score: number): number {
  return score === 0 ? Number.MIN_VALUE : score + Math.abs(score) * 1e-9;
}

function allEqual(score: Float32Array): boolean {
  const first = score.find((value) => !Number.isNaN(value));
  return score.every((value) => Number.isNaN(value) || value === first);
}
