import type { EngineInfo, EpochRecord, Preset } from '../core/detectors/detector';
import type { ParamSpecs, ParamValues } from '../core/detectors/params';
import type { DriftRule } from '../core/drift/rule';
import type { ErrorCode, JsonObject } from '../core/errors';
import type { ChannelShare, HiddenEvent } from '../core/events/event';
import type { PreparationChoices, PreparationReport, Split } from '../core/prepare/prepared';
import type { ChannelInfo, DecimatedLine, TimeRange } from '../core/series/series';
import type { ContractState } from '../core/budget/contract';
import type { CompareMember, Comparison } from '../core/compare/comparison';
import type { ModeRule, ThresholdChoice } from '../core/thresholds/threshold';
import type { Evaluation } from '../core/metrics/evaluation';
import type { ImportReport, Recipe } from '../core/ingest/recipe';

/* ---- Host and engine --------------------------------------------------------------------------------------------- */

export interface HostInfo {
  readonly kind: 'electron' | 'loopback' | 'cli' | 'in-process';
  /** True when files are chosen and saved by the host's own dialogs. */
  readonly nativeDialogs: boolean;
  readonly version: string;
  readonly platform: string;
  readonly node: string;
}

export interface SelfTestResult {
  readonly name: string;
  readonly passed: boolean;
  /** Largest deviation found and the limit, or why it could not run. */
  readonly detail: string;
}

export interface EngineStatus extends EngineInfo {
  readonly selfTest: readonly SelfTestResult[];
  readonly fusedLstm: boolean;
}

export interface DoctorRow {
  readonly name: string;
  readonly ok: boolean;
  readonly value: string;
  /** What to do; '' when the row is good. */
  readonly advice: string;
}

export interface Settings {
  readonly theme: 'light' | 'dark' | 'system';
  readonly density: 'compact' | 'comfortable';
  /** IANA zone in which times are shown. */
  readonly timeZone: string;
}

/* ---- Project ------------------------------------------------------------------------------------------------------- */

export type StageName = 'import' | 'normal' | 'model' | 'train' | 'calibrate' | 'review' | 'report';
export type StageState = 'done' | 'open' | 'stale' | 'empty';
export interface Stage {
  readonly name: StageName;
  readonly state: StageState;
  /** One line of fact: "11 tags", "θ 3.42", "new labels". */
  readonly fact: string;
}

/** A line of the project list; read without opening the project for writing. */
export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly changedAt: number;
  readonly sample: boolean;
  readonly state: 'ok' | 'missing' | 'damaged' | 'newer' | 'open-elsewhere';
  /** Why it cannot be opened; '' when it can. */
  readonly problem: string;
  readonly channels: number;
  readonly rows: number;
  readonly lastResult: string;
  readonly stages: readonly Stage[];
  /** Score over the whole period for the thumbnail, [≤160] bucket maxima scaled to the threshold = 1; empty when none. */
  readonly scoreStrip: readonly number[];
}

export interface ProjectState {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly readOnly: boolean;
  readonly datasets: readonly DatasetInfo[];
  readonly models: readonly ModelSummary[];
  readonly runs: readonly RunSummary[];
  readonly stages: readonly Stage[];
  /** When the last change reached the disk (ms). */
  readonly savedAt: number;
  /** What was recovered after an unexpected end; '' when nothing. */
  readonly recovery: string;
}

/** What another project offers to a comparison. */
export interface ProjectRuns {
  readonly projectId: string;
  readonly name: string;
  readonly datasets: readonly { readonly id: string; readonly name: string }[];
  readonly models: readonly ModelSummary[];
  readonly runs: readonly RunSummary[];
}

/* ---- Data ------------------------------------------------------------------------------------------------------------ */

export interface DatasetInfo {
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

/** Start of an import: the file as guessed, before anything is stored. */
export interface ImportPreview {
  readonly sourceName: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly recipe: Recipe;
  /** For each choice of the recipe the evidence in words ("comma: 2,000 of 2,000 lines agree") and whether it is in doubt. */
  readonly evidence: readonly { readonly choice: string; readonly text: string; readonly doubt: boolean }[];
  /** First raw lines of the file with their numbers. */
  readonly rawLines: readonly { readonly line: number; readonly text: string }[];
  /** The first rows under the recipe. `time` is null where it could not be read. */
  readonly rows: readonly PreviewRow[];
  readonly columns: readonly string[];
  /** Datasets of this project with the same hash. */
  readonly importedBefore: readonly string[];
  readonly report: ImportReport;
  /** True when `report` covers the whole file, false when only its beginning was read. */
  readonly complete: boolean;
}

export interface PreviewRow {
  readonly line: number;
  readonly time: number | null;
  readonly timeText: string;
  readonly cells: readonly PreviewCell[];
  /** '' or why the row is not taken: 'repeated', 'bad-time'. */
  readonly problem: string;
}
export interface PreviewCell {
  readonly text: string;
  /** null when there is no value (missing, status text, unreadable). */
  readonly value: number | null;
  readonly quality: string;
}

export interface SeriesWindow {
  readonly range: TimeRange;
  readonly lines: readonly { readonly channel: string; readonly line: DecimatedLine }[];
  /** Chunks that are damaged and hence not shown. */
  readonly damaged: readonly { readonly channel: string; readonly start: number; readonly end: number }[];
}

/* ---- Models and jobs ----------------------------------------------------------------------------------------------- */

export interface DetectorDescription {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly whenItFails: string;
  readonly channels: 'single' | 'multi' | 'any';
  readonly params: ParamSpecs;
  readonly source: string;
  readonly presets: readonly Preset[];
  /** False where the engine of this computer cannot train it in useful time; scoring with a stored model works all the same. */
  readonly trainable: boolean;
  /** What a trained one shows of itself (`run.insight`), in a few words; '' when nothing. */
  readonly shows: string;
}

/** What Faultline proposes for a dataset before the user chose anything. */
export interface TrainingProposal {
  readonly split: Split;
  readonly preparation: PreparationChoices;
  /** What drift would be followed by; not part of the preparation until someone wants it. */
  readonly drift: DriftRule;
  /** Autocorrelation of the most informative tag, lags 0.. in samples, and the window it leads to. */
  readonly autocorrelation: { readonly channel: string; readonly values: readonly number[]; readonly windowSamples: number };
  readonly detectors: readonly {
    readonly id: string;
    readonly params: ParamValues;
    readonly reason: string;
    readonly recommended: boolean;
  }[];
}

export interface TrainingPlan {
  readonly preparation: PreparationReport;
  readonly trainRows: number;
  readonly calibrationRows: number;
  readonly testRows: number;
  readonly excludedLabels: number;
  readonly windows: number;
  readonly weights: number;
  readonly bytes: number;
  /** Statistics per channel over the rows that train, in the channel's unit, with a histogram of 24 bins. */
  readonly channels: readonly {
    readonly name: string;
    readonly mean: number;
    readonly std: number;
    readonly realShare: number;
    readonly flat: boolean;
    readonly histogram: readonly number[];
  }[];
  /** Sentences to read before starting (too few windows, constant tags…). */
  readonly warnings: readonly string[];
}

export interface CostEstimate {
  /** Training and scoring together. */
  readonly seconds: number;
  readonly trainSeconds: number;
  /** Of the whole dataset, once. */
  readonly scoreSeconds: number;
  /** True when even the shortest probe did not reach its end: it will take longer than this. */
  readonly atLeast: boolean;
  readonly megabytes: number;
  /** Length of the timed probe. */
  readonly probeSeconds: number;
}

export type JobKind = 'import' | 'train' | 'score' | 'sweep';
export type JobStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';

export interface JobSummary {
  readonly id: string;
  readonly kind: JobKind;
  readonly title: string;
  readonly status: JobStatus;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  /** Units per second; 0 while unknown. */
  readonly rate: number;
  readonly remainingMs: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly error: WireError | null;
  /** ids of what it made: datasetId, modelId, scoreSetId. */
  readonly result: JsonObject;
  readonly resumable: boolean;
  /** The queue of detectors it is one of; null: it stands alone. */
  readonly queue: { readonly id: string; readonly title: string } | null;
}

/** One training of a queue of detectors. */
export interface QueueEntry {
  readonly jobId: string;
  readonly detectorId: string;
  readonly title: string;
  readonly seed: number;
  readonly status: JobStatus;
  /** Where it is trained, but has no threshold, what stood in the way. */
  readonly problem: string | null;
  readonly error: WireError | null;
  readonly resumable: boolean;
  readonly runId: string | null;
}

/** "Compare these": what was trained, and how it compares on the test part. */
export interface QueueResult {
  readonly id: string;
  readonly title: string;
  readonly datasetId: string;
  /** The rule of all thresholds, in words. */
  readonly rule: string;
  /** In the order of their turn. */
  readonly entries: readonly QueueEntry[];
  /** Over the runs that have a threshold; null before there is one, and where none was asked for. */
  readonly comparison: Comparison | null;
  /** The comparison judges the part that all tests share. */
  readonly common: boolean;
}

export interface JobDetail extends JobSummary {
  readonly params: JsonObject;
  readonly history: readonly EpochRecord[];
  readonly log: readonly { readonly at: number; readonly text: string }[];
  readonly memoryMb: number | null;
  readonly checkpointStep: number | null;
}

export interface ModelSummary {
  readonly id: string;
  readonly name: string;
  readonly datasetId: string;
  readonly detectorId: string;
  readonly params: ParamValues;
  readonly seed: number;
  readonly split: Split;
  readonly preparation: PreparationChoices;
  readonly labelRevision: number;
  readonly dataSha256: string;
  readonly engine: EngineInfo;
  readonly versions: Readonly<Record<string, string>>;
  readonly trainSeconds: number;
  readonly parameterCount: number;
  readonly warmUpRows: number;
  /** What it shows of itself (`run.insight`), in a few words; '' when nothing. */
  readonly shows: string;
  readonly createdAt: number;
}

/* ---- Scores, thresholds, events ------------------------------------------------------------------------------------ */

/** One model's scores over one dataset, with the threshold and the events that were kept last. */
export interface RunSummary {
  readonly id: string;
  readonly modelId: string;
  readonly datasetId: string;
  readonly title: string;
  readonly createdAt: number;
  readonly engine: EngineInfo;
  readonly threshold: StoredThreshold | null;
  readonly eventCount: number;
}

export interface StoredThreshold extends ThresholdChoice {
  readonly id: string;
  readonly runId: string;
  readonly labelRevision: number;
  readonly createdAt: number;
}

/** Scores of one part, whole: what the calibration screen needs to recompute events and metrics on every frame. */
export interface PartScores {
  readonly range: TimeRange;
  readonly timestamps: Float64Array;
  readonly score: Float32Array;
  /** Scores of normal data for a threshold without labels: labelled-normal calibration rows, else the detector's held-out ones. */
  readonly normal: Float32Array;
  readonly normalFrom: string;
  /** [n] operating mode of each row (255: no value) under the mode rule that was asked for; null without one. */
  readonly modes: { readonly rule: ModeRule; readonly rows: Uint8Array } | null;
  /** [n] shares of the tags that were asked for (suppression rules need them); absent where the detector gives none. */
  readonly shares: readonly { readonly channel: string; readonly share: Float32Array }[];
}

/** What reviewed events of the calibration part would add to its labels, and what the threshold would become. */
export interface FeedbackPreview {
  /** Labels to add: confirmed events as anomalies, false alarms as normal time. Only of the calibration part. */
  readonly labels: readonly {
    readonly eventId: string;
    readonly eventName: string;
    readonly start: number;
    readonly end: number;
    readonly class: 'anomaly' | 'normal';
    readonly comment: string;
  }[];
  /** Reviewed events that give no label, with the reason ("lies in the test part: a label there would not be fair"). */
  readonly left: readonly { readonly eventId: string; readonly eventName: string; readonly reason: string }[];
  readonly before: { readonly threshold: ThresholdChoice; readonly evaluation: Evaluation };
  /** By the same objective with the added labels; null with the reason when it cannot be chosen. */
  readonly after:
    | { readonly threshold: ThresholdChoice; readonly evaluation: Evaluation }
    | { readonly threshold: null; readonly reason: string };
  /** Events of the calibration part that would appear and go (start and end). */
  readonly appear: readonly TimeRange[];
  readonly vanish: readonly TimeRange[];
}

export interface ScoreWindow {
  readonly range: TimeRange;
  readonly score: DecimatedLine;
  /** The score that looks at later rows as well, for looking back: it has no threshold and makes no event. Null where the detector has none. */
  readonly review: DecimatedLine | null;
  /** Expected band of each asked channel in its unit; `low`/`high` NaN where unknown. */
  readonly expected: readonly {
    readonly channel: string;
    readonly time: Float64Array;
    readonly low: Float32Array;
    readonly high: Float32Array;
  }[];
  /** Heat map: [channels, buckets] mean share of each channel weighted by score, 0..1, NaN where there is no score. */
  readonly contribution: { readonly channels: readonly string[]; readonly time: Float64Array; readonly share: Float32Array };
}

export type ReviewState = 'new' | 'acknowledged' | 'investigating' | 'confirmed' | 'false-alarm' | 'known-cause';

export interface EventInfo {
  readonly id: string;
  /** "E-07", in order of time. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly peak: number;
  readonly peakScore: number;
  readonly channels: readonly ChannelShare[];
  readonly part: 'train' | 'calibration' | 'test' | 'guard';
  /** Ids of labels it overlaps: anomalies first, then those that explain it (instrument, ignore, mode change). */
  readonly matches: readonly string[];
  readonly review: ReviewState;
  readonly comment: string;
}

export interface RunResult {
  readonly run: RunSummary;
  readonly model: ModelSummary;
  readonly threshold: StoredThreshold;
  readonly events: readonly EventInfo[];
  /** With the kept threshold; null with the reason when a part is empty. */
  readonly calibration: Evaluation;
  readonly test: Evaluation;
  /** Why there are no events, when there are none: highest score and nearest misses. */
  readonly nearMisses: readonly { readonly time: number; readonly score: number }[];
  /** Events that dead time and suppression rules hid, with the rule that did. */
  readonly hidden: readonly HiddenEvent[];
  /** The contract kept with the threshold, as it stands on the calibration and on the test part; null without one. */
  readonly contract: { readonly calibration: ContractState; readonly test: ContractState } | null;
  /** How many thresholds were kept for this run before this one, while its test figures could already be seen. */
  readonly earlierThresholds: number;
  /** Sentences about what is stale ("labels changed since calibration"). */
  readonly stale: readonly string[];
}

/** A comparison that was kept under a name; it is computed anew from its runs when it is opened. */
export interface StoredComparison {
  readonly id: string;
  readonly name: string;
  readonly members: readonly CompareMember[];
  /** Judged on the common part of the tests instead of refused. */
  readonly common: boolean;
  readonly createdAt: number;
}
export type { Comparison };

/* ---- Report --------------------------------------------------------------------------------------------------------- */

export type ReportFormat = 'html' | 'pdf' | 'csv' | 'json';
export interface ExportedFile {
  /** To be fetched or saved through the host. */
  readonly fileToken: string;
  readonly name: string;
  readonly format: string;
  readonly bytes: number;
}

/* ---- Transport ------------------------------------------------------------------------------------------------------ */

export interface WireError {
  readonly code: ErrorCode;
  readonly kind: 'input' | 'state' | 'resource' | 'cancelled' | 'bug';
  readonly message: string;
  readonly details: JsonObject;
  readonly incident?: string;
}
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

/** What a host gives the renderer. `call` resolves for application errors too: Electron keeps only an error's message. */
export interface Transport {
  call(method: string, params: unknown): Promise<Reply<unknown>>;
  subscribe(topic: string, listener: (event: unknown) => void): () => void;
  /** Hands over a file the user chose (input or drop); gives its token. Absent where the host has dialogs of its own only. */
  upload(file: unknown): Promise<Reply<{ readonly fileToken: string; readonly name: string }>>;
  /** The host's own open dialog; null when the user cancelled. Only where `host.info` says nativeDialogs. */
  chooseFile?(purpose: 'data' | 'labels' | 'project'): Promise<Reply<{ readonly fileToken: string; readonly name: string } | null>>;
  /** Delivers an exported file to the user: download or save dialog. */
  deliver(file: ExportedFile): Promise<Reply<{ readonly saved: boolean }>>;
}
