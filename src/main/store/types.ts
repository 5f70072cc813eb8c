import type { Checkpoint, EngineInfo, EpochRecord } from '../../core/detectors/detector';
import type { ParamValues } from '../../core/detectors/params';
import type { ErrorCode, ErrorKind, JsonObject } from '../../core/errors';
import type { DetectedEvent } from '../../core/events/event';
import type { ImportReport, Recipe } from '../../core/ingest/recipe';
import type { Label, LabelSet } from '../../core/labels/label';
import type { Preparation, Split } from '../../core/prepare/prepared';
import type { Scores } from '../../core/scoring/scores';
import type { ChannelInfo, DecimatedLine, Series, TimeRange } from '../../core/series/series';
import type { ThresholdChoice } from '../../core/thresholds/threshold';
import type { CompareMember } from '../../core/compare/comparison';
import type { SweepTrial } from '../../core/sweep/sweep';

/**
 * What a project file holds, as values. Shapes that also cross the contract are structurally equal to `src/contract/types.ts`;
 * the store does not import the contract, so that a change of the wire never changes a file.
 */

/* ---- Project ------------------------------------------------------------------------------------------------------- */

export interface StageFact {
  readonly name: 'import' | 'normal' | 'model' | 'train' | 'calibrate' | 'review' | 'report';
  readonly state: 'done' | 'open' | 'stale' | 'empty';
  readonly fact: string;
}

/** How the contract of a kept threshold stands, in the words of the rail: "contract broken since 12 May". */
export interface ContractFact {
  readonly kept: boolean;
  readonly fact: string;
}

/** A line of the project list. Never throws its reason: `problem` says why the file cannot be opened. */
export interface ProjectFileSummary {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly changedAt: number;
  readonly sample: boolean;
  readonly state: 'ok' | 'missing' | 'damaged' | 'newer' | 'open-elsewhere';
  readonly problem: string;
  readonly channels: number;
  readonly rows: number;
  readonly lastResult: string;
  readonly stages: readonly StageFact[];
  /** Bucket maxima of the newest calibrated run's score over its whole period, [≤160], scaled to the threshold = 1. */
  readonly scoreStrip: readonly number[];
}

/* ---- Data ------------------------------------------------------------------------------------------------------------ */

export interface StoredDataset {
  readonly id: string;
  readonly name: string;
  readonly sourceName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  readonly start: number;
  readonly end: number;
  /** Median distance of rows. */
  readonly stepMs: number;
  readonly channels: readonly ChannelInfo[];
  readonly quality: ImportReport;
  readonly createdAt: number;
  readonly labelRevision: number;
  readonly labelCount: number;
}

/** What is known before the first row. */
export interface NewDataset {
  readonly name: string;
  readonly sourceName: string;
  /** Of the source file. */
  readonly sha256: string;
  readonly bytes: number;
  readonly recipe: Recipe;
  readonly channels: readonly {
    readonly name: string;
    readonly unit: string;
    readonly description?: string;
    readonly step: boolean;
  }[];
}

/** Rows in order of time, strictly later than all rows appended before. */
export interface RowBatch {
  /** [n] ms UTC, strictly increasing. */
  readonly timestamps: Float64Array;
  /** One array of [n] for each channel; NaN where there is no value. */
  readonly columns: readonly Float64Array[];
  /** One array of [n] codes (`qualityCode`) for each channel. */
  readonly quality: readonly Uint8Array[];
}

/** Half-open range of rows. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** A chunk that failed its check: its values are never given out. `start` and `end` are times, both included. */
export interface DamagedRange {
  readonly channel: string;
  readonly start: number;
  readonly end: number;
}

export interface StoredWindow {
  readonly range: TimeRange;
  readonly lines: readonly { readonly channel: string; readonly line: DecimatedLine }[];
  readonly damaged: readonly DamagedRange[];
}

export interface DatasetRepository {
  /** Finished datasets, oldest first. */
  list(): readonly StoredDataset[];
  /** @throws FaultlineError 'dataset/not-found' */
  get(datasetId: string): StoredDataset;
  recipe(datasetId: string): Recipe;
  /** Finished datasets made from a file with this hash, oldest first. */
  findByHash(sha256: string): readonly StoredDataset[];
  /** @throws FaultlineError 'dataset/not-found', 'prepare/no-channel' */
  updateChannel(
    datasetId: string,
    channel: string,
    change: { readonly unit?: string | undefined; readonly description?: string | undefined; readonly step?: boolean | undefined },
  ): StoredDataset;
  /** With its samples and labels. @throws FaultlineError 'dataset/in-use' when a model or a run came from it. */
  remove(datasetId: string): void;

  /** Starts an import; the dataset stays invisible until finished, and is removed at the next open if it never is. */
  beginDataset(info: NewDataset): string;
  /**
   * Buffers rows and commits each full chunk.
   * @throws FaultlineError 'import/bad-timestamp' when time does not increase.
   */
  appendRows(datasetId: string, rows: RowBatch): void;
  /** Writes the rest and makes the dataset visible, in one transaction. @throws FaultlineError 'import/empty' */
  finishDataset(datasetId: string, report: ImportReport): StoredDataset;
  /** Drops an unfinished dataset. An unknown id is fine. */
  cancelDataset(datasetId: string): void;
}

export interface SeriesRepository {
  /** [to - from] values; NaN where there is none. @throws FaultlineError 'store/damaged-chunk' with channel, start, end. */
  readColumn(datasetId: string, channel: string, rowStart?: number, rowEnd?: number): Float64Array;
  /** [to - from] quality codes. @throws FaultlineError 'store/damaged-chunk' */
  readQuality(datasetId: string, channel: string, rowStart?: number, rowEnd?: number): Uint8Array;
  /** [to - from] @throws FaultlineError 'store/damaged-chunk' */
  readTimestamps(datasetId: string, rowStart?: number, rowEnd?: number): Float64Array;
  /** Whole columns (all channels when none are named) or a range of rows. @throws FaultlineError 'store/damaged-chunk' */
  readSeries(datasetId: string, channels?: readonly string[], rows?: RowRange): Series;
  /** Rows whose time is in the half-open range. */
  rowsBetween(datasetId: string, range: TimeRange): RowRange;
  /** For a chart: at most `buckets` buckets for each channel. Damaged chunks are NaN and listed; nothing is thrown for them. */
  window(datasetId: string, channels: readonly string[], range: TimeRange, buckets: number): StoredWindow;
  /** Reads and checks every chunk. */
  verify(datasetId: string): readonly DamagedRange[];
}

/* ---- Labels ---------------------------------------------------------------------------------------------------------- */

export type NewLabel = Omit<Label, 'id' | 'origin'> & { readonly origin?: string | undefined };
export type LabelUpdate = Omit<Label, 'origin'>;

/** One undoable act. */
export interface LabelChange {
  readonly add?: readonly NewLabel[] | undefined;
  readonly update?: readonly LabelUpdate[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** What one act did; with it every earlier revision can be given again. */
export interface LabelOperation {
  /** The revision this act made. */
  readonly revision: number;
  readonly at: number;
  readonly added: readonly Label[];
  readonly updated: readonly { readonly before: Label; readonly after: Label }[];
  readonly removed: readonly Label[];
}

export interface LabelRepository {
  /** In order of start. Revision 0 when nothing was ever labelled. @throws FaultlineError 'dataset/not-found' */
  list(datasetId: string): LabelSet;
  /** All of the act or nothing; on disk when this returns. @throws FaultlineError 'labels/bad-interval', 'label/not-found' */
  apply(datasetId: string, change: LabelChange): LabelSet;
  history(datasetId: string): readonly LabelOperation[];
  /** The labels as they were. @throws FaultlineError 'label/not-found' for a revision that never was. */
  at(datasetId: string, revision: number): LabelSet;
}

/* ---- Jobs ------------------------------------------------------------------------------------------------------------ */

export type JobKind = 'import' | 'train' | 'score' | 'sweep';
export type JobStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';

export interface JobProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly rate: number;
  readonly remainingMs: number | null;
}

export interface JobError {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly details: JsonObject;
  readonly incident?: string;
}

export interface StoredJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly title: string;
  readonly status: JobStatus;
  readonly params: JsonObject;
  readonly seed: number;
  readonly progress: JobProgress;
  readonly error: JobError | null;
  readonly result: JsonObject;
  readonly memoryMb: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Step of the stored checkpoint; null when there is none. */
  readonly checkpointStep: number | null;
}

export interface NewJob {
  readonly kind: JobKind;
  readonly title: string;
  readonly params: JsonObject;
  readonly seed: number;
}
export type JobPatch = Partial<
  Pick<StoredJob, 'status' | 'title' | 'progress' | 'error' | 'result' | 'memoryMb' | 'startedAt' | 'endedAt'>
>;
export interface LogLine {
  readonly at: number;
  readonly text: string;
}

export interface JobRepository {
  create(job: NewJob): StoredJob;
  /** @throws FaultlineError 'job/not-found' */
  get(jobId: string): StoredJob;
  /** Newest first. */
  list(): readonly StoredJob[];
  update(jobId: string, patch: JobPatch): StoredJob;
  appendHistory(jobId: string, records: readonly EpochRecord[]): void;
  history(jobId: string): readonly EpochRecord[];
  /** Drops records after a step: a resumed run measures them again. */
  truncateHistory(jobId: string, afterStep: number): void;
  appendLog(jobId: string, lines: readonly LogLine[]): void;
  log(jobId: string): readonly LogLine[];
  /** Replaces the job's checkpoint, whole or not at all; on disk when this returns. `dataSha256` guards the resumption. */
  saveCheckpoint(jobId: string, checkpoint: Checkpoint, dataSha256: string): void;
  /** null when there is none. @throws FaultlineError 'store/damaged' when it fails its check. */
  checkpoint(jobId: string): { readonly checkpoint: Checkpoint; readonly dataSha256: string; readonly savedAt: number } | null;
  dropCheckpoint(jobId: string): void;
}

/* ---- Models ---------------------------------------------------------------------------------------------------------- */

export interface StoredModel {
  readonly id: string;
  readonly name: string;
  readonly datasetId: string;
  /** Job that trained it; null when none did (bundled sample). */
  readonly jobId: string | null;
  readonly detectorId: string;
  readonly formatVersion: number;
  readonly params: ParamValues;
  readonly seed: number;
  readonly split: Split;
  /** Scaler included, so that new data goes the same way. */
  readonly preparation: Preparation;
  readonly labelRevision: number;
  readonly dataSha256: string;
  readonly channels: readonly string[];
  readonly engine: EngineInfo;
  readonly versions: Readonly<Record<string, string>>;
  readonly trainSeconds: number;
  readonly parameterCount: number;
  readonly warmUpRows: number;
  readonly createdAt: number;
}

/** The large parts, read only when asked for. */
export interface ModelContent {
  readonly manifest: JsonObject;
  readonly weights: Uint8Array;
  readonly normalScores: Float32Array;
  readonly history: readonly EpochRecord[];
}
export type NewModel = Omit<StoredModel, 'id' | 'createdAt'> & ModelContent;

export interface ModelRepository {
  create(model: NewModel): StoredModel;
  /** @throws FaultlineError 'model/not-found' */
  get(modelId: string): StoredModel;
  /** Oldest first. */
  list(): readonly StoredModel[];
  /** @throws FaultlineError 'model/damaged' when weights or normal scores fail their check. */
  content(modelId: string): ModelContent;
  rename(modelId: string, name: string): StoredModel;
}

/* ---- Runs (scores), thresholds, events ------------------------------------------------------------------------------- */

/** One model's scores over one dataset. */
export interface StoredRun {
  readonly id: string;
  readonly modelId: string;
  readonly datasetId: string;
  readonly title: string;
  readonly createdAt: number;
  readonly engine: EngineInfo;
  readonly channels: readonly string[];
  readonly rows: number;
  readonly start: number;
  readonly end: number;
  readonly parts: { readonly byChannel: boolean; readonly expected: boolean; readonly review: boolean };
  /** [c] scaled units; null when the detector expects nothing. */
  readonly expectedHalfWidth: readonly number[] | null;
  /** The newest one. */
  readonly threshold: StoredThreshold | null;
  readonly eventCount: number;
}
export interface NewRun {
  readonly modelId: string;
  readonly datasetId: string;
  readonly title: string;
  readonly engine: EngineInfo;
  readonly channels: readonly string[];
  /** [n] times of the prepared rows that were scored. */
  readonly timestamps: Float64Array;
  readonly scores: Scores;
}

export interface RunRepository {
  create(run: NewRun): StoredRun;
  /** @throws FaultlineError 'score/not-found' */
  get(runId: string): StoredRun;
  /** Oldest first. */
  list(): readonly StoredRun[];
  rowsBetween(runId: string, range: TimeRange): RowRange;
  /** All of these: @throws FaultlineError 'store/damaged-chunk' with start and end. Ranges are rows of the run. */
  timestamps(runId: string, rows?: RowRange): Float64Array;
  score(runId: string, rows?: RowRange): Float32Array;
  /** [rows] the score that looks at later rows as well; undefined when the detector gives none. */
  review(runId: string, rows?: RowRange): Float32Array | undefined;
  /** [rows] share of one channel; undefined when the detector gives none. */
  share(runId: string, channel: string, rows?: RowRange): Float32Array | undefined;
  /** [rows] expected value of one channel in scaled units; undefined when the detector gives none. */
  expected(runId: string, channel: string, rows?: RowRange): Float32Array | undefined;
  /** Everything, in the shape the detector gave it. */
  scores(runId: string): { readonly timestamps: Float64Array; readonly scores: Scores };
}

export interface StoredThreshold extends ThresholdChoice {
  readonly id: string;
  readonly runId: string;
  readonly labelRevision: number;
  readonly createdAt: number;
}

export type ReviewState = 'new' | 'acknowledged' | 'investigating' | 'confirmed' | 'false-alarm' | 'known-cause';

export interface StoredEvent extends DetectedEvent {
  readonly id: string;
  readonly thresholdId: string;
  readonly runId: string;
  readonly review: ReviewState;
  readonly comment: string;
}
export type NewEvent = DetectedEvent & { readonly review?: ReviewState; readonly comment?: string };

export interface ThresholdRepository {
  /** Adds a threshold (older ones stay) with the labels and events it was kept with, and renews the project's summary. */
  save(
    runId: string,
    choice: ThresholdChoice,
    labels: LabelSet,
    events: readonly NewEvent[],
  ): { readonly threshold: StoredThreshold; readonly events: readonly StoredEvent[] };
  /** The newest; null when the run was never calibrated. */
  current(runId: string): StoredThreshold | null;
  /** Newest first. */
  history(runId: string): readonly StoredThreshold[];
  /** The labels as they were when it was kept. */
  labels(thresholdId: string): LabelSet;
}

export interface EventReview {
  readonly at: number;
  readonly state: ReviewState;
  readonly comment: string;
}
export interface EventRepository {
  /** Of one threshold, in order of time. */
  list(thresholdId: string): readonly StoredEvent[];
  /** @throws FaultlineError 'event/not-found' */
  get(eventId: string): StoredEvent;
  review(eventId: string, state: ReviewState, comment: string): StoredEvent;
  /** Oldest first. */
  reviews(eventId: string): readonly EventReview[];
}

export interface StoredComparison {
  readonly id: string;
  readonly name: string;
  readonly members: readonly CompareMember[];
  readonly common: boolean;
  readonly createdAt: number;
}
export interface ComparisonRepository {
  save(name: string, members: readonly CompareMember[], common: boolean): StoredComparison;
  /** Oldest first. */
  list(): readonly StoredComparison[];
  /** @throws FaultlineError 'comparison/not-found' */
  remove(comparisonId: string): void;
}

export interface SweepRepository {
  append(jobId: string, trial: SweepTrial): void;
  /** In the order they were tried. */
  trials(jobId: string): readonly SweepTrial[];
}

/* ---- The whole ------------------------------------------------------------------------------------------------------- */

/** What the compute process may see; every method only reads. */
export interface ProjectReader {
  readonly file: string;
  readonly datasets: Pick<DatasetRepository, 'list' | 'get' | 'recipe' | 'findByHash'>;
  readonly series: SeriesRepository;
  readonly labels: Pick<LabelRepository, 'list' | 'history' | 'at'>;
  readonly jobs: Pick<JobRepository, 'get' | 'list' | 'history' | 'log' | 'checkpoint'>;
  readonly models: Pick<ModelRepository, 'get' | 'list' | 'content'>;
  readonly runs: Omit<RunRepository, 'create'>;
  readonly thresholds: Omit<ThresholdRepository, 'save'>;
  readonly events: Pick<EventRepository, 'list' | 'get' | 'reviews'>;
  readonly comparisons: Pick<ComparisonRepository, 'list'>;
  readonly sweeps: Pick<SweepRepository, 'trials'>;
  close(): void;
}

export interface ProjectStore {
  /** Identity of the project; a copy with a new name gets its own. */
  readonly id: string;
  readonly file: string;
  readonly readOnly: boolean;
  /** What was found and put right after an unexpected end; '' when nothing. */
  readonly recovery: string;
  readonly name: string;
  readonly sample: boolean;
  /** When the last change reached the disk (ms). */
  readonly savedAt: number;
  readonly datasets: DatasetRepository;
  readonly series: SeriesRepository;
  readonly labels: LabelRepository;
  readonly jobs: JobRepository;
  readonly models: ModelRepository;
  readonly runs: RunRepository;
  readonly thresholds: ThresholdRepository;
  readonly events: EventRepository;
  readonly comparisons: ComparisonRepository;
  readonly sweeps: SweepRepository;
  rename(name: string): void;
  /** Facts for the project list that only the services know. */
  setStages(stages: readonly StageFact[]): void;
  /** Replaces the line of the last result, e.g. "3 events, F1 0.82". A saved threshold writes a plain one by itself. */
  setLastResult(text: string): void;
  /** What the judgement of a kept threshold, which never changes, said of its contract; null: it has none, or it cannot be told. */
  contractFact(thresholdId: string): ContractFact | null;
  /** Inside the transaction that keeps the threshold. */
  setContractFact(thresholdId: string, fact: ContractFact | null): void;
  /** Threshold of the result that was last handed over as a report; '' when none was. */
  readonly reportedThresholdId: string;
  setReported(thresholdId: string): void;
  /**
   * Everything in `work` is kept, or nothing is. Nested calls join the outer one. No await inside.
   * @throws FaultlineError 'store/full', 'store/io', 'store/read-only', 'store/damaged'; after any of them nothing was changed.
   */
  transaction<T>(work: () => T): T;
  /**
   * Writes a checked copy: complete at `path`, or not there at all. This project stays open and untouched.
   * With a name the copy is a project of its own (new id); without, it is the same project.
   * @throws FaultlineError 'project/exists' unless `replace`; 'store/full', 'store/io'.
   */
  copyTo(path: string, options?: { readonly name?: string; readonly replace?: boolean }): Promise<void>;
  close(): void;
}

export interface OpenOptions {
  /** Makes a new file. @throws FaultlineError 'project/exists' when there is one. */
  readonly create?: boolean;
  readonly readOnly?: boolean;
  /** Name of a new project; default: the file's name. */
  readonly name?: string;
  /** Marks a new project as the bundled sample. */
  readonly sample?: boolean;
  /** Clock; default Date.now. */
  readonly now?: () => number;
}
