import type { EngineInfo } from '../detectors/detector';
import type { Metric } from '../metrics/evaluation';
import type { Estimate, PairedDifference, RefereeRow, Standing } from '../referee/report';
import type { DecimatedLine, TimeRange } from '../series/series';

/** A run of this project (projectId null) or of another project of the list. */
export interface CompareMember {
  readonly projectId: string | null;
  readonly runId: string;
}

export interface CompareCondition {
  readonly id: 'test-part' | 'labels' | 'thresholds' | 'windows';
  readonly title: string;
  readonly ok: boolean;
  /** What was compared, and which run differs. */
  readonly text: string;
}

/** One method: a single run, or the runs of one setting with several seeds. */
export interface CompareRow {
  /** 'A', 'B', … */
  readonly letter: string;
  readonly title: string;
  readonly projectName: string;
  readonly runIds: readonly string[];
  readonly seeds: readonly number[];
  readonly vusPr: Estimate;
  /** Over the seeds; null with one seed. */
  readonly spread: { readonly vusPrStd: number; readonly f1Std: number | null; readonly vusPr: readonly number[] } | null;
  readonly caught: number;
  readonly labels: number;
  readonly falseEvents: number;
  readonly falseEventsPerDay: Metric;
  readonly falseEventsPerDayUpper: Metric;
  readonly medianDelayMs: Metric;
  readonly f1: Metric;
  readonly eventF1: Metric;
  readonly aucRoc: Metric;
  /** First and last rank that the intervals leave open; equal when the rank is sure. */
  readonly rank: { readonly from: number; readonly to: number };
  readonly belowOneLiner: boolean;
  /** Its VUS-PR minus that of the best one-liner, on the same draws; null without a one-liner. */
  readonly againstOneLiner: { readonly difference: PairedDifference; readonly standing: Standing } | null;
  /** Of each run, in the order of the seeds. */
  readonly thresholds: readonly number[];
  /** Means over the seeds; null where the time was not kept. */
  readonly trainSeconds: number;
  readonly scoreSeconds: number | null;
  readonly engine: EngineInfo;
}

export interface ComparePair {
  readonly a: string;
  readonly b: string;
  readonly difference: PairedDifference;
  readonly standing: Standing;
  /** "A against B: +0.044 (−0.03 to 0.11), no significant difference with 4 events." */
  readonly text: string;
}

/** A labelled anomaly or a false event, and what each method made of it. */
export interface CompareEvent {
  readonly start: number;
  readonly end: number;
  /** Label id, or null for a false event. */
  readonly labelId: string | null;
  readonly name: string;
  readonly text: string;
  /** By letter. */
  readonly found: readonly {
    readonly letter: string;
    readonly state: 'caught' | 'missed' | 'false' | 'none';
    readonly delayMs: number | null;
    readonly runId: string;
    readonly eventId: string | null;
  }[];
}

export interface CompareSetting {
  readonly name: string;
  /** By row, as text with unit; null where a method has no such setting. */
  readonly values: readonly (string | null)[];
  readonly differs: boolean;
}

export interface Comparison {
  readonly conditions: readonly CompareCondition[];
  /** Why there is no table; null when all conditions hold. */
  readonly refused: string | null;
  /** True when the refusal can be lifted by judging the common part of the tests. */
  readonly commonPossible: boolean;
  readonly period: TimeRange | null;
  readonly events: number;
  readonly rows: readonly CompareRow[];
  /** Best one-liner and random. */
  readonly referee: readonly RefereeRow[];
  readonly pairs: readonly ComparePair[];
  readonly verdict: string;
  readonly eventTable: readonly CompareEvent[];
  readonly settings: readonly CompareSetting[];
  /** Score divided by its threshold, by row. */
  readonly scores: readonly { readonly letter: string; readonly runId: string; readonly line: DecimatedLine }[];
  readonly labels: readonly { readonly id: string; readonly start: number; readonly end: number; readonly name: string }[];
}
