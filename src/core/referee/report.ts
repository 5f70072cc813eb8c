import type { Metric } from '../metrics/evaluation';

export const oneLinerIds = ['max-abs-z', 'moving-range', 'robust-z', 'moving-std', 'first-difference', 'constant'] as const;
export type OneLinerId = (typeof oneLinerIds)[number];

/** A number with its 95 % interval (bootstrap over events), or the reason why there is no interval. */
export interface Estimate {
  readonly value: Metric;
  readonly interval: { readonly low: number; readonly high: number } | { readonly low: null; readonly reason: string };
}

/** What one method does on the test part, threshold from the calibration part by the same rule. */
export interface RefereeRow {
  /** 'detector', a one-liner's id, 'random', 'all-ones'. */
  readonly id: string;
  readonly title: string;
  readonly vusPr: Estimate;
  readonly caught: number;
  readonly labels: number;
  /** Absent where all time is one event. */
  readonly falseEvents?: number | undefined;
  readonly falseEventsPerDay: Metric;
  readonly medianDelayMs: Metric;
  readonly f1: Metric;
  readonly aucRoc: Metric;
  /** How it got its threshold, in words. */
  readonly thresholdFrom?: string | undefined;
  /** In the unit of its own score. */
  readonly threshold?: number | undefined;
}

export interface RefereeCheck {
  readonly id: 'shared-windows' | 'duplicated-blocks' | 'labels-at-end' | 'scaler' | 'threshold-saw-test' | 'test-was-seen';
  readonly title: string;
  readonly state: 'passed' | 'warning' | 'failed' | 'unknown';
  /** What was looked at and what was found, with numbers. */
  readonly text: string;
}

/** Paired difference of two methods on the same test part: a minus b. */
export interface PairedDifference {
  readonly metric: 'VUS-PR';
  readonly value: Metric;
  readonly interval: Estimate['interval'];
  /** Labelled anomalies that were resampled. */
  readonly events: number;
  readonly resamples: number;
}

export type Standing = 'ahead' | 'behind' | 'no-difference' | 'cannot-tell';

/** What has to stand beside every result: how much of it a one-line detector, a random score or "everything" would have had. */
export interface RefereeReport {
  readonly part: string;
  readonly events: number;
  readonly detector: RefereeRow;
  /** The best one-liner by VUS-PR on the test part: chosen in its favour. */
  readonly best: RefereeRow;
  /** All six, random at equal rate of samples, all-ones. */
  readonly rows: readonly RefereeRow[];
  readonly difference: PairedDifference;
  readonly standing: Standing;
  /** "MIM-GAN beats the best one-liner (moving range) by +0.11 VUS-PR (95 % interval 0.02 to 0.19, 7 events)." */
  readonly verdict: string;
  readonly checks: readonly RefereeCheck[];
  /** Best F1 over all thresholds on the test part itself; a grey reference. */
  readonly oracle: { readonly f1: Metric; readonly threshold: number | null };
  readonly engine: string;
}
