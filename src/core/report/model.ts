import type { RunInsight } from '../insight/insight';
import type { RefereeReport } from '../referee/report';
import type { Comparison } from '../compare/comparison';
import type { ParamSpecs, ParamValues } from '../detectors/params';
import type { EngineInfo } from '../detectors/detector';
import type { RunDrift } from '../drift/report';
import type { JsonObject } from '../errors';
import type { ContractState } from '../budget/contract';
import type { ChannelShare, HiddenEvent } from '../events/event';
import type { ImportReport } from '../ingest/recipe';
import type { Label } from '../labels/label';
import type { Evaluation } from '../metrics/evaluation';
import type { MetricSheet } from '../metrics/sheet';
import type { Part, PreparationChoices, PreparationReport, Split } from '../prepare/prepared';
import type { ChannelInfo, DecimatedLine, TimeRange } from '../series/series';
import type { ThresholdChoice } from '../thresholds/threshold';
import type { Drawing } from './drawing';

/* ---- What a report is made from ---------------------------------------------------------------------------------------- */

export interface ReportInput {
  /** Name of the project or machine. */
  readonly title: string;
  readonly createdAt: number;
  /** IANA zone in which times are written. */
  readonly timeZone: string;
  readonly appVersion: string;
  readonly dataset: ReportDataset;
  readonly model: ReportModel;
  readonly runTitle: string;
  readonly labels: readonly Label[];
  /** Revision of the label set the results were judged with. */
  readonly labelRevision: number;
  readonly threshold: ThresholdChoice;
  /** All events under the threshold, in order of time. */
  readonly events: readonly ReportEvent[];
  readonly calibration: Evaluation;
  readonly test: Evaluation;
  /** Events that dead time and suppression rules hid, in all parts. */
  readonly hidden: readonly HiddenEvent[];
  /** The contract that was kept with the threshold, in both parts; null without one. */
  readonly contract: { readonly calibration: ContractState; readonly test: ContractState } | null;
  /** Baselines, verdict and checks; absent or null: not asked. */
  readonly referee?: RefereeReport | null;
  /** What following the drift did; absent or null: it was not followed, or not asked. */
  readonly drift?: RunDrift | null;
  /** What the model learned; absent or null: its detector shows nothing. */
  readonly insight?: RunInsight | null;
  /** Every metric of the test part, for the appendix; absent or null: not asked. */
  readonly sheet?: MetricSheet | null;
  /** Thresholds that were kept for the run before this one. */
  readonly earlierThresholds: number;
  /** Kept comparisons that this run is a part of, newest first, each with how it stands now or why it cannot be computed. */
  readonly comparisons?: readonly ReportComparison[];
  /** Sentences about what has changed since ("labels changed since calibration"); printed under how far to trust the report. */
  readonly stale: readonly string[];
}

export interface ReportComparison {
  readonly name: string;
  readonly comparison: Comparison;
}

export interface ReportDataset {
  readonly name: string;
  readonly sourceName: string;
  readonly sha256: string;
  readonly rows: number;
  readonly start: number;
  readonly end: number;
  readonly stepMs: number;
  readonly channels: readonly ChannelInfo[];
  readonly quality: ImportReport;
}

export interface ReportModel {
  readonly name: string;
  readonly detector: {
    readonly id: string;
    readonly title: string;
    readonly summary: string;
    readonly whenItFails: string;
    readonly source: string;
    readonly params: ParamSpecs;
  };
  readonly params: ParamValues;
  readonly seed: number;
  readonly split: Split;
  readonly preparation: PreparationChoices;
  /** What preparation did to the data, when known. */
  readonly preparationReport?: PreparationReport;
  readonly dataSha256: string;
  readonly engine: EngineInfo;
  readonly versions: Readonly<Record<string, string>>;
  readonly trainSeconds: number;
  readonly parameterCount: number;
  readonly warmUpRows: number;
  readonly createdAt: number;
}

export interface ReportEvent {
  /** "E-07", in order of time. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly peak: number;
  readonly peakScore: number;
  readonly channels: readonly ChannelShare[];
  readonly part: Part;
  /** Ids of labels it overlaps. */
  readonly matches: readonly string[];
  /** State of its review: new, acknowledged, investigating, confirmed, false-alarm, known-cause. */
  readonly review: string;
  readonly comment: string;
}

/** What a figure needs; the caller fetches it and hands it to `buildReport`. */
export interface FigureRequest {
  /** 'overview', or the name of an event. */
  readonly id: string;
  readonly range: TimeRange;
  readonly channels: readonly string[];
  readonly buckets: number;
}

export interface FigureData {
  readonly id: string;
  readonly lines: readonly { readonly channel: string; readonly line: DecimatedLine }[];
  /** Expected band in the unit of the channel; absent channels have none. */
  readonly expected: readonly {
    readonly channel: string;
    readonly time: Float64Array;
    readonly low: Float32Array;
    readonly high: Float32Array;
  }[];
  readonly score: DecimatedLine;
}

/* ---- The report -------------------------------------------------------------------------------------------------------- */

/**
 * A report as a document: sections of blocks with every number already written, and the same facts as data. HTML and PDF lay out the
 * blocks, CSV and JSON write the data, so the formats cannot disagree.
 */
export interface Report {
  readonly title: string;
  readonly subtitle: string;
  /** Head and foot of each page: left and right. */
  readonly head: readonly [string, string];
  readonly foot: string;
  readonly createdAt: number;
  readonly sections: readonly Section[];
  readonly table: EventTable;
  readonly data: JsonObject;
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string; readonly small?: boolean }
  | { readonly kind: 'numbers'; readonly items: readonly KeyNumber[] }
  | { readonly kind: 'facts'; readonly rows: readonly Fact[] }
  | { readonly kind: 'terms'; readonly rows: readonly Term[] }
  | FigureBlock
  | TableBlock;

export interface KeyNumber {
  readonly value: string;
  readonly unit: string;
  readonly note: string;
}

export interface Fact {
  readonly name: string;
  readonly text: string;
}

export interface Term {
  readonly mark: 'kept' | 'broken' | 'unknown';
  readonly text: string;
}

export interface FigureBlock {
  readonly kind: 'figure';
  readonly title: string;
  /** null when it could not be drawn; the caption then says why. */
  readonly drawing: Drawing | null;
  readonly caption: string;
  /** Printed below and kept on the same page. */
  readonly facts: readonly Fact[];
}

export interface TableBlock {
  readonly kind: 'table';
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Indices of rows that are no result, such as a bound or a yardstick. */
  readonly grey?: readonly number[];
  /** Below the table; '' when there is nothing to say. */
  readonly note: string;
}

export interface TableColumn {
  readonly title: string;
  /** Share of the width, relative to the other columns. */
  readonly weight: number;
  readonly align?: 'right';
  readonly strong?: boolean;
  /** Names with numbers: lines break after commas only. */
  readonly keep?: boolean;
}

/** The event table with numbers as numbers, for CSV. */
export interface EventTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}
