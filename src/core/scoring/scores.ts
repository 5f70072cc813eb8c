/** One score a row: 32 bit in a project, 64 bit from files, where rounding would make ties and move samples across a threshold. */
export type ScoreColumn = Float32Array | Float64Array;

/** Scores of one series by one detector. Unitless, higher is more anomalous, not a probability. */
export interface Scores {
  /** [n] NaN where no score exists (warm-up, gap). */
  readonly score: Float32Array;
  /** [n] the same judged with later rows as well (`reviewScore`), for looking back; never for an alarm. NaN where they do not exist. */
  readonly review?: Float32Array;
  /** [n, c] share of each channel, rows sum to 1 where a score exists; for "which tag caused it". */
  readonly byChannel?: Float32Array;
  /** [n, c] what the detector expected, in scaled units; NaN where unknown. */
  readonly expected?: Float32Array;
  /** [c] half width of the expected band in scaled units: the 99 % quantile of |residual| on normal rows it was not trained on. */
  readonly expectedHalfWidth?: Float32Array;
}

/** Largest score that float32 holds, rounded down. */
export const LARGEST_SCORE = 3.4e38;
