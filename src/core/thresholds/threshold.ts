import type { Interval } from '../labels/interval';
import type { EventContract } from '../budget/contract';

/** How a threshold is chosen. Those of the first group need labelled anomalies in the calibration part. */
export type Objective =
  | { readonly kind: 'f1' }
  | { readonly kind: 'fbeta'; readonly beta: number }
  /** Least cost: a missed labelled anomaly costs `miss`, a false event `falseEvent` (any one unit of money). */
  | { readonly kind: 'cost'; readonly miss: number; readonly falseEvent: number }
  /** Most labelled anomalies caught with at most `limit` false events a day. */
  | { readonly kind: 'recall'; readonly limit: number }
  /** Shortest median delay among the settings that catch most, with at most `limit` false events a day. */
  | { readonly kind: 'delay'; readonly limit: number }
  /** The event-budget contract that is kept with the choice. */
  | { readonly kind: 'contract' }
  // Without labels.
  | { readonly kind: 'events-per-day'; readonly limit: number }
  | { readonly kind: 'quantile'; readonly q: number }
  | { readonly kind: 'pot'; readonly q: number }
  /** Score whose conformal p-value on thinned normal blocks is at most `alpha`. */
  | { readonly kind: 'conformal'; readonly alpha: number }
  // Not chosen by a rule.
  | { readonly kind: 'manual' }
  /** Taken over from the run that the model was calibrated with, for later data. */
  | { readonly kind: 'carried' };

/**
 * Operating modes by the value of one tag: mode k is `edges[k-1] <= value < edges[k]`, so n edges make n + 1 modes. A row without a
 * value has no mode and is judged by the pooled threshold.
 */
export interface ModeRule {
  readonly channel: string;
  /** Ascending, 1 to 8, in the unit of the tag. */
  readonly edges: readonly number[];
}

/** Thresholds of single modes; null where a mode has too few rows of its own and the pooled `value` holds. */
export interface ModeThresholds extends ModeRule {
  readonly values: readonly (number | null)[];
}

/** Hides events of which one tag has at least this share (0..1, mean over the event weighted by score). They are counted, never forgotten. */
export interface Suppression {
  readonly channel: string;
  readonly minShare: number;
  /** Why, for the report: "calibration of FT-102 every Monday". */
  readonly reason: string;
}

/**
 * From score to events, in this order: samples with score >= value begin an event, which goes on while score >= value − hysteresis;
 * near ones are merged; short ones are dropped; those within the dead time after the one before, and those that a suppression rule
 * names, are hidden and counted.
 */
export interface ThresholdRule {
  /** The pooled threshold. */
  readonly value: number;
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
  /** Score units, >= 0; absent: 0. */
  readonly hysteresis?: number | undefined;
  /** Absent: 0. */
  readonly deadTimeMs?: number | undefined;
  /** Absent: one threshold for all time. */
  readonly modes?: ModeThresholds | undefined;
  readonly suppress?: readonly Suppression[] | undefined;
}

export interface ThresholdChoice extends ThresholdRule {
  readonly objective: Objective;
  /** One sentence: where the number comes from ("best F1 0.82 on the calibration part, 2 labels"). */
  readonly from: string;
  /** Value of the objective on the calibration part; null when it has none. */
  readonly achieved: number | null;
  /** What the threshold must keep; printed in reports and checked on every later scoring. */
  readonly contract?: EventContract | undefined;
  /** Time whose labels and scores chose it; a test metric of time inside it is refused. Set when it is kept. */
  readonly calibratedOn?: Interval | undefined;
}
