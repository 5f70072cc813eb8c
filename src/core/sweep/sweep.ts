import type { ParamValue, ParamValues } from '../detectors/params';
import type { Metric } from '../metrics/evaluation';

export interface SweepPlan {
  readonly method: 'grid' | 'halving';
  /** Values to try by parameter. */
  readonly space: Readonly<Record<string, readonly ParamValue[]>>;
  /** Time granted for all trials; a trial that has begun is finished or given up at the next checkpoint. */
  readonly minutes: number;
  /** Seeds of each setting; the spread is over them. */
  readonly seeds: readonly number[];
}

/** One setting with one seed, judged on the calibration part alone. */
export interface SweepTrial {
  readonly setting: number;
  readonly params: ParamValues;
  readonly seed: number;
  /** Rung of successive halving, 0 first; share of the train part (its end) that was learned from. */
  readonly rung: number;
  readonly share: number;
  readonly vusPr: Metric;
  readonly seconds: number;
  /** Why it has no result; '' when it has. */
  readonly error: string;
}

export interface SweepRow {
  readonly setting: number;
  readonly params: ParamValues;
  readonly rung: number;
  readonly share: number;
  /** Mean and standard deviation over seeds; std null with fewer than two. */
  readonly mean: Metric;
  readonly std: number | null;
  readonly seeds: readonly number[];
  readonly seconds: number;
  /**
   * Its mean lies below the best by no more than the spread of the seeds: not distinguishable. Null where that spread is unknown: with one seed,
   * or with seeds that change nothing.
   */
  readonly withinNoise: boolean | null;
}

export interface SweepResult {
  readonly jobId: string;
  readonly detectorId: string;
  readonly datasetId: string;
  readonly plan: SweepPlan;
  readonly trials: readonly SweepTrial[];
  /** Best first. */
  readonly rows: readonly SweepRow[];
  /** "12 of 18 settings tried in 5 min on the calibration part (2 labels); the test part was not read." */
  readonly text: string;
}
