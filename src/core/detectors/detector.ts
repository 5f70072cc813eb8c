import type * as tfTypes from '@tensorflow/tfjs';
import type { JsonObject } from '../errors';
import type { Insight, InsightRequest } from '../insight/insight';
import type { PreparedSeries } from '../prepare/prepared';
import type { Random } from '../random';
import type { Scores } from '../scoring/scores';
import type { ParamSpecs, ParamValues } from './params';
import type { RowCrew } from './shared/row-crew';

/** The tensor library, whichever backend runs it. */
export type TensorFlow = typeof tfTypes;

export type Backend = 'tensorflow' | 'wasm' | 'cpu';

export interface EngineInfo {
  readonly backend: Backend;
  /** Version of the tensor library and, for the native one, of libtensorflow. */
  readonly version: string;
  readonly threads: number;
  /** How it was provided, and for a fallback why the better ones were not used. */
  readonly reason: string;
}

export interface Detector<P extends ParamValues = ParamValues> {
  readonly info: DetectorInfo;
  /**
   * Fits on data taken as normal. Deterministic in (data, params, run.random).
   *
   * @throws FaultlineError 'detector/too-little-data' with rows present and rows needed.
   */
  train(data: PreparedSeries, params: P, run: RunContext): Promise<TrainedDetector>;
  /** @throws FaultlineError 'model/incompatible' when the artifact is of another detector or format version. */
  restore(artifact: ModelArtifact, run: RunContext): Promise<TrainedDetector>;
  /** Number of windows and weights that training on `rows` rows of `channels` channels means; exact, without training. */
  size(rows: number, channels: number, params: P): DetectorSize;
  /**
   * Settings for these data, laid over the defaults. Absent: the default settings, with the window that the data suggest where there is
   * a parameter `window`.
   */
  propose?(facts: DataFacts): ParamValues;
}

/** What is known of the normal rows before anything is trained. */
export interface DataFacts {
  readonly channels: number;
  readonly trainRows: number;
  /** Window that the autocorrelation suggests, in samples. */
  readonly windowSamples: number;
}

/** Named settings for people who do not want to choose each of them. */
export interface Preset {
  readonly id: 'fast' | 'balanced' | 'paper';
  /** What it costs and gives, one line. */
  readonly help: string;
  /** Laid over the proposal for the data. */
  readonly params: ParamValues;
}

export interface DetectorSize {
  readonly windows: number;
  readonly weights: number;
  /** Upper estimate of memory held while training. */
  readonly bytes: number;
  /** Optimiser steps in all; 0 for a detector without any. */
  readonly steps: number;
}

export interface TrainedDetector {
  readonly history: readonly EpochRecord[];
  /**
   * Scores of normal data that did not train what scored it (held-out or cross-fitted), for thresholds without labels.
   * Empty when the detector has none.
   */
  readonly normalScores: Float32Array;
  /** Number of trained weights. */
  readonly parameterCount: number;
  score(data: PreparedSeries, run: RunContext): Promise<Scores>;
  /** What it learned, to be looked at; there where `info.shows` says so. */
  insight?(request: InsightRequest, run: RunContext): Promise<Insight>;
  save(): Promise<ModelArtifact>;
  /** Frees every tensor it owns; calling twice is fine. */
  dispose(): void;
}

/** A measured point of the training curve. */
export interface EpochRecord {
  readonly stage: string;
  readonly step: number;
  /** Named losses of this point, e.g. reconstruction, kl, hreg, sequence, validation. */
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number;
  readonly gradientNorm: number;
  /** Something that a person should know, e.g. that the generator collapsed; shown on the curve and kept with the model. */
  readonly note?: string;
  /** Windows that the network made at this point beside real ones. */
  readonly sample?: WindowSample;
}

/** A few windows as the training monitor draws them, in scaled units. */
export interface WindowSample {
  readonly channels: number;
  /** Each window [L·c], rows of all channels, one after the other. */
  readonly generated: readonly (readonly number[])[];
  readonly real: readonly (readonly number[])[];
}

export interface DetectorInfo {
  /** Stored in projects, never changes. */
  readonly id: string;
  /** Raised when older artifacts can no longer be restored. */
  readonly formatVersion: number;
  readonly title: string;
  /** What it does and when it is the right choice, in plain words. */
  readonly summary: string;
  readonly whenItFails: string;
  readonly channels: 'single' | 'multi' | 'any';
  readonly params: ParamSpecs;
  /** Cheapest first. */
  readonly presets?: readonly Preset[];
  /** Engines that can train it in useful time; absent: every one. Scoring with a stored model works on all. */
  readonly trainsOn?: readonly Backend[];
  /** What a trained one shows of itself (`insight`), in a few words; absent: nothing. */
  readonly shows?: string;
  /** Number of leading samples of a segment that get no score. */
  readonly warmUp: (params: ParamValues) => number;
  /** Paper or standard this file implements. */
  readonly source: string;
}

/** What a long computation tells while it runs. */
export interface Progress {
  readonly stage: string;
  /** Done and all, in `unit`. */
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly record?: EpochRecord;
  /** A line for the job's log. */
  readonly log?: string;
}

/** State of a training run that was saved; opaque to everyone but the detector that wrote it. */
export interface Checkpoint {
  readonly step: number;
  readonly manifest: JsonObject;
  readonly weights: Uint8Array;
}

export interface RunContext {
  /** random.fork('init'), random.fork('batches'): named, independent streams. */
  readonly random: Random;
  readonly tensorflow: () => Promise<TensorFlow>;
  /** True when the fused LSTM kernel may be used (native engine, self-test passed). */
  readonly fusedLstm: boolean;
  readonly report: (progress: Progress) => void;
  /** Call once per batch: yields, then throws 'job/cancelled' if asked to stop. */
  readonly checkpoint: () => Promise<void>;
  /** Threads that share rows; absent: there is one. */
  readonly crew?: RowCrew;
  /** Present when training may be continued later: hands over a state to be stored. Resolves when it is safe on disk. */
  readonly saveCheckpoint?: (state: Checkpoint) => Promise<void>;
  /** State to continue from. */
  readonly resumeFrom?: Checkpoint;
}

/** Data only, never code. */
export interface ModelArtifact {
  readonly detectorId: string;
  readonly formatVersion: number;
  readonly params: ParamValues;
  readonly channels: readonly string[];
  readonly manifest: JsonObject;
  readonly weights: Uint8Array;
}
