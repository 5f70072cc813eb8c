/** A number, or the reason why it cannot be computed (never 0 in its place). */
export type Metric = { readonly value: number } | { readonly value: null; readonly reason: string };

/** Judgement of one threshold on one part. Protocol names are part of the result. */
export interface Evaluation {
  /** "test part 2014-01-10 to 2014-02-19, score >= 3.42, min duration 0 s, merge gap 30 min" */
  readonly protocol: string;
  readonly rows: number;
  readonly days: number;
  /** Labelled anomalies in the part. */
  readonly labels: number;
  readonly caught: number;
  /** Shown events. */
  readonly events: number;
  /** Events that dead time and suppression rules hid; they neither catch nor are false. */
  readonly hidden: number;
  /** Of the mode, where one was asked for; as are the rates and `days`. */
  readonly falseEvents: number;
  readonly falseEventsPerDay: Metric;
  /** Exact Poisson 95 % upper limit of it. */
  readonly falseEventsPerDayUpper: Metric;
  readonly medianDelayMs: Metric;
  readonly precision: Metric;
  readonly recall: Metric;
  readonly f1: Metric;
  readonly eventPrecision: Metric;
  readonly eventRecall: Metric;
  readonly eventF1: Metric;
  readonly aucRoc: Metric;
  readonly averagePrecision: Metric;
  readonly vusPr: Metric;
  readonly prevalence: Metric;
  /** F1 of "everything is anomalous": 2π/(1+π). */
  readonly allOnesF1: Metric;
  readonly timeInEvents: Metric;
}
