import type { Anchor } from '../drift/anchor';
import type { DriftRule } from '../drift/rule';
import type { JsonObject } from '../errors';

/** Gap-free run of rows, half-open. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** Data as a detector sees it: scaled, finite, cut into gap-free segments. */
export interface PreparedSeries {
  /** [n] ms since 1970 UTC, strictly increasing. */
  readonly timestamps: Float64Array;
  /** [n, c] row-major, scaled by the train part's mean and standard deviation, finite. */
  readonly values: Float32Array;
  /** [c] */
  readonly channels: readonly string[];
  /** Half-open; windows never cross one. */
  readonly segments: readonly Segment[];
  /** Median distance of rows in ms. */
  readonly stepMs: number;
}

/**
 * Chronological parts. Rows before `trainUntil` train, rows from `trainUntil + guardMs` to `calibrateUntil` choose the threshold,
 * rows from `calibrateUntil + guardMs` on measure. `start` and `end` (ms, optional) restrict the period used at all.
 */
export interface Split {
  readonly trainUntil: number;
  readonly calibrateUntil: number;
  readonly guardMs: number;
}

export type Part = 'train' | 'calibration' | 'test' | 'guard';

/** Per channel; from the train part alone, in float64. A channel without spread has std 1 and `flat` true. */
export interface Scaler {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly flat: readonly boolean[];
}

/** How raw rows become a PreparedSeries. Stored with every model, so that new data goes the same way. */
export interface Preparation {
  readonly channels: readonly string[];
  /** Rows further apart than this many median steps start a new segment. */
  readonly gapToleranceSteps: number;
  /** Missing values are bridged linearly (steps: held) over at most this many rows; longer runs cut the segment. */
  readonly maxFillRows: number;
  /** 0 keeps the rows as they are; otherwise resample to this step. */
  readonly resampleMs: number;
  /** Absent: levels stay as they are. */
  readonly drift?: DriftRule | undefined;
  readonly scaler: Scaler;
  /** Where following begins and what it learned; there with `drift`. */
  readonly anchor?: Anchor;
}

export type PreparationChoices = Omit<Preparation, 'scaler' | 'anchor'>;

/** What preparation did to the data; shown, never silent. */
export interface PreparationReport {
  readonly rows: number;
  readonly usedRows: number;
  readonly filledCells: number;
  readonly droppedRows: number;
  readonly segments: number;
  readonly flatChannels: readonly string[];
}

export type { JsonObject };
