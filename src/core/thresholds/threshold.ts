/** How a threshold is chosen. The first three need labels in the calibration part. */
export type Objective =
  | { readonly kind: 'f1' }
  | { readonly kind: 'fbeta'; readonly beta: number }
  | { readonly kind: 'events-per-day'; readonly limit: number }
  | { readonly kind: 'quantile'; readonly q: number }
  | { readonly kind: 'pot'; readonly q: number }
  | { readonly kind: 'manual' };

/** From score to events: samples with score >= value are anomalous; short runs are dropped, near ones merged (merge first). */
export interface ThresholdRule {
  readonly value: number;
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
}

export interface ThresholdChoice extends ThresholdRule {
  readonly objective: Objective;
  /** One sentence: where the number comes from ("best F1 0.82 on the calibration part, 2 labels"). */
  readonly from: string;
  /** Value of the objective on the calibration part; null when it has none. */
  readonly achieved: number | null;
}
