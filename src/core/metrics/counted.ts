import { modeLimits } from '../events/rows';
import type { ScoredRows } from '../events/events';
import { ofClass, rowsWithin, unionIntervals, type Interval, type Span } from '../labels/interval';
import type { Label } from '../labels/label';
import type { ScoreColumn } from '../scoring/scores';
import { lowerBound } from '../series/search';
import { rowKinds, rowKindsOf } from '../thresholds/rows';
import type { ThresholdRule } from '../thresholds/threshold';
import { labelSegments, type Segment } from './segments';

interface PartInput extends ScoredRows<ScoreColumn> {
  readonly labels: readonly Label[];
  readonly range?: Interval | undefined;
}

/** The counted rows of the part, numbered without those left out. */
export interface Counted {
  readonly timestamps: Float64Array;
  readonly score: ScoreColumn;
  readonly truth: Uint8Array;
  /** [n] of the part, with the rows left out: 1 where a row counts. */
  readonly mask: Uint8Array;
  /** Labelled segments among the counted rows. */
  readonly segments: readonly Segment[];
  /** Labelled rows of the part, half-open. */
  readonly labelled: readonly Span[];
}

/** Rows of the judged time. */
export interface Part {
  readonly timestamps: Float64Array;
  readonly score: ScoreColumn;
  readonly kinds: Uint8Array;
  readonly modes: Uint8Array | undefined;
}

export function partOf(input: PartInput): Part {
  const from = input.range ? lowerBound(input.timestamps, input.range.start) : 0;
  const to = Math.max(from, input.range ? lowerBound(input.timestamps, input.range.end) : input.timestamps.length);
  const timestamps = input.timestamps.subarray(from, to);
  const score = input.score.subarray(from, to);
  return {
    timestamps,
    score,
    kinds: rowKindsOf(timestamps, score, input.labels),
    modes: input.modes?.subarray(from, to),
  };
}

export function countedRows({ timestamps, score, kinds }: Part, labels: readonly Label[]): Counted {
  const mask = kinds.map((kind) => (kind === rowKinds.left ? 0 : 1));
  const anomalies = ofClass(labels, 'anomaly');
  return {
    timestamps: timestamps.filter((_, i) => mask[i] === 1),
    score: score.filter((_, i) => mask[i] === 1),
    truth: kinds.filter((kind) => kind !== rowKinds.left),
    mask,
    segments: labelSegments(timestamps, anomalies, mask),
    labelled: unionIntervals(anomalies)
      .map((label) => rowsWithin(timestamps, label))
      .filter(({ start, end }) => end > start),
  };
}

/** [counted] 1 where the score reaches the threshold of its mode. */
export function predictedRows({ score, modes }: Part, rule: ThresholdRule, mask: Uint8Array): Uint8Array {
  const limits = rule.modes && modes ? modeLimits(rule) : null;
  const reached = Uint8Array.from(score, (s, i) => (s >= (limits ? limits[modes![i]!]! : rule.value) ? 1 : 0));
  return reached.filter((_, i) => mask[i] === 1);
}
