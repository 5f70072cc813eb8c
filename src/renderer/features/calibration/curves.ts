import type { PartScores } from '../../../contract/types';
import { modeLimits } from '../../../core/events/rows';
import type { Label } from '../../../core/labels/label';
import { rowKinds, rowKindsOf } from '../../../core/thresholds/rows';
import type { ThresholdRule } from '../../../core/thresholds/threshold';

/** A point of the precision-recall and of the ROC curve: what one threshold means per sample. */
export interface CurvePoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  /** Share of normal samples at or above the threshold. */
  readonly falseShare: number;
}

/**
 * Precision, recall and share of normal samples over all thresholds, from strict to loose, thinned to about `most` points; empty without
 * labelled or normal rows.
 */
export function sampleCurve(scores: PartScores, labels: readonly Label[], most = 240): readonly CurvePoint[] {
  const kinds = rowKindsOf(scores.timestamps, scores.score, labels);
  const of = (kind: number): Float32Array => scores.score.filter((_, i) => kinds[i] === kind).sort();
  const anomalies = of(rowKinds.anomaly);
  const normals = of(rowKinds.normal);
  if (anomalies.length === 0 || normals.length === 0) return [];
  const points: CurvePoint[] = [];
  let a = anomalies.length;
  let b = normals.length;
  const every = Math.max(1, Math.floor(anomalies.length / most));
  while (a > 0) {
    a = Math.max(0, a - every);
    const threshold = anomalies[a]!;
    while (a > 0 && anomalies[a - 1] === threshold) a--;
    while (b > 0 && normals[b - 1]! >= threshold) b--;
    const hits = anomalies.length - a;
    const wrong = normals.length - b;
    points.push({
      threshold,
      precision: hits / (hits + wrong),
      recall: hits / anomalies.length,
      falseShare: wrong / normals.length,
    });
  }
  return points;
}

/** Samples that count, and those at or above the threshold of their mode. */
export interface SampleCounts {
  readonly anomaliesAbove: number;
  readonly normalsAbove: number;
  readonly anomalies: number;
  readonly normals: number;
}

/** Counts for any rule on one part; hysteresis does not matter here, as in the metrics per sample. */
export function sampleCounter(scores: PartScores, labels: readonly Label[]): (rule: ThresholdRule) => SampleCounts {
  const kinds = rowKindsOf(scores.timestamps, scores.score, labels);
  const counted = (kind: number): number => kinds.reduce((sum, k) => sum + (k === kind ? 1 : 0), 0);
  const anomalies = counted(rowKinds.anomaly);
  const normals = counted(rowKinds.normal);
  const modes = scores.modes?.rows;
  return (rule) => {
    const limits = modeLimits(rule);
    let anomaliesAbove = 0;
    let normalsAbove = 0;
    for (let i = 0; i < kinds.length; i++) {
      if (!(scores.score[i]! >= limits[modes && rule.modes ? modes[i]! : 255]!)) continue;
      if (kinds[i] === rowKinds.anomaly) anomaliesAbove++;
      else if (kinds[i] === rowKinds.normal) normalsAbove++;
    }
    return { anomaliesAbove, normalsAbove, anomalies, normals };
  };
}
