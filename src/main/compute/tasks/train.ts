import { createHash } from 'node:crypto';
import type { Checkpoint, Detector, EngineInfo, EpochRecord, ModelArtifact } from '../../../core/detectors/detector';
import { resolveParams, type ParamValues } from '../../../core/detectors/params';
import { findDetector } from '../../../core/detectors/registry';
import { scoreReady, type Ready } from '../../../core/drift/ready';
import type { Label } from '../../../core/labels/label';
import type { Preparation, PreparationChoices, PreparedSeries, Split } from '../../../core/prepare/prepared';
import { trainingView, validateSplit } from '../../../core/prepare/split';
import { randomFrom } from '../../../core/random';
import type { Scores } from '../../../core/scoring/scores';
import type { ProjectReader } from '../../store';
import { dataChanged, requireTrainable } from '../../refusals';
import type { TaskContext } from '../protocol';
import { loadEngine } from '../tensorflow';
import { calibrateFresh, type FreshThreshold, type ThresholdOrder } from './calibrate-fresh';
import { loadData, prepareForTraining, withProject } from './data';
import { runContext, versionsOf } from './engine';
import { countOf } from '../../../core/report/format';

/** What decides a training run, all of it. */
export interface TrainingSetup {
  readonly file: string;
  readonly datasetId: string;
  readonly detectorId: string;
  readonly params: ParamValues;
  readonly split: Split;
  readonly preparation: PreparationChoices;
  readonly seed: number;
  /** Learns by the labels as they were at this revision; absent: those of today. */
  readonly labelRevision?: number | undefined;
}

export interface TrainInput extends TrainingSetup {
  /** Chooses a threshold with the fresh scores. */
  readonly threshold?: ThresholdOrder | undefined;
  /** Goes on from this job's checkpoint when it has one. */
  readonly jobId: string;
}

/** Handed to main during training; stored before training goes on. */
export interface CheckpointDelivery {
  readonly checkpoint: Checkpoint;
  readonly fingerprint: string;
}

export interface TrainResult {
  readonly artifact: ModelArtifact;
  readonly history: readonly EpochRecord[];
  readonly normalScores: Float32Array;
  readonly parameterCount: number;
  readonly warmUpRows: number;
  readonly preparation: Preparation;
  readonly labelRevision: number;
  readonly trainSeconds: number;
  readonly scoreSeconds: number;
  readonly engine: EngineInfo;
  readonly versions: Readonly<Record<string, string>>;
  readonly timestamps: Float64Array;
  readonly scores: Scores;
  /** null where none was asked for. */
  readonly threshold: FreshThreshold | null;
}

interface ReadyToTrain {
  readonly detector: Detector;
  readonly params: ParamValues;
  readonly whole: PreparedSeries;
  readonly ready: Ready;
  readonly train: PreparedSeries;
  readonly labels: readonly Label[];
  readonly preparation: Preparation;
  readonly labelRevision: number;
  readonly fingerprint: string;
}

/** Reads, prepares and cuts; everything before the first step. */
export function readyToTrain(reader: ProjectReader, setup: TrainingSetup): ReadyToTrain {
  const detector = findDetector(setup.detectorId);
  const params = resolveParams(detector.info.params, setup.params);
  const data = loadData(reader, setup.datasetId, setup.preparation.channels, setup.labelRevision);
  validateSplit(setup.split, data.series.timestamps);
  const ready = prepareForTraining(data, setup.preparation, setup.split);
  const { prepared, scaler, drift } = ready;
  const train = trainingView(prepared, setup.split, data.labels);
  return {
    detector,
    params,
    whole: prepared,
    ready,
    train,
    labels: data.labels,
    preparation: { ...setup.preparation, scaler, ...(drift && { anchor: drift.anchor }) },
    labelRevision: data.labelRevision,
    fingerprint: fingerprintOf(setup, detector, params, train),
  };
}

/** SHA-256 of everything a training run depends on: the rows that train (values after labels and scaling), parameters, seed. */
function fingerprintOf(setup: TrainingSetup, detector: Detector, params: ParamValues, train: PreparedSeries): string {
  const hash = createHash('sha256');
  const facts = [
    detector.info.id,
    detector.info.formatVersion,
    Object.entries(params).sort(),
    setup.seed,
    train.channels,
    train.segments,
  ];
  hash.update(JSON.stringify(facts));
  hash.update(new Uint8Array(train.timestamps.buffer, train.timestamps.byteOffset, train.timestamps.byteLength));
  hash.update(new Uint8Array(train.values.buffer, train.values.byteOffset, train.values.byteLength));
  return hash.digest('hex');
}

/** The fingerprint alone, to compare with a checkpoint's before a job is resumed. */
export function fingerprintTraining(setup: TrainingSetup): Promise<string> {
  return withProject(setup.file, (reader) => readyToTrain(reader, setup).fingerprint);
}

/** Trains, then scores the whole dataset with the same preparation. */
export function trainAndScore(input: TrainInput, context: TaskContext): Promise<TrainResult> {
  return withProject(input.file, async (reader) => {
    context.report({ stage: 'Reading the data', done: 0, total: 1, unit: 'parts' });
    const { detector, params, ready, whole, train, labels, preparation, labelRevision, fingerprint } = readyToTrain(reader, input);
    const stored = reader.jobs.checkpoint(input.jobId);
    if (stored && stored.dataSha256 !== fingerprint) throw dataChanged();
    await context.checkpoint();

    context.report({ stage: 'Starting the engine', done: 0, total: 1, unit: 'parts' });
    const engine = await loadEngine();
    const { info } = engine;
    // Asked before it was queued; a job that is resumed may have moved to another computer.
    requireTrainable(detector.info, info);
    const log = (text: string): void => context.report({ stage: 'Training', done: 0, total: 1, unit: 'parts', log: text });
    log(`Engine: ${info.backend}, ${info.version}, ${countOf(info.threads, 'thread')} (${info.reason}).`);
    log(
      `${train.timestamps.length} rows train, in ${countOf(train.segments.length, 'segment')}; ${whole.timestamps.length} rows in all.`,
    );
    if (stored) log(`Goes on from the checkpoint at step ${stored.checkpoint.step}.`);

    const run = runContext(engine, randomFrom(input.seed), context);
    const begun = performance.now();
    const trained = await detector.train(train, params, {
      ...run,
      saveCheckpoint: (checkpoint) => context.deliver({ checkpoint, fingerprint } satisfies CheckpointDelivery),
      ...(stored ? { resumeFrom: stored.checkpoint } : {}),
    });
    try {
      const trainedAt = performance.now();
      const scores = await scoreReady(trained, ready, labels, {
        ...run,
        random: randomFrom(input.seed).fork('score'),
      });
      const scoredAt = performance.now();
      const shared = context.crew.tell();
      if (shared) log(shared);
      const { timestamps, channels } = whole;
      const warmUpRows = detector.info.warmUp(params);
      const { normalScores } = trained;
      const rows = { timestamps, score: scores.score, byChannel: scores.byChannel, channels };
      return {
        artifact: await trained.save(),
        history: trained.history,
        normalScores,
        parameterCount: trained.parameterCount,
        warmUpRows,
        preparation,
        labelRevision,
        trainSeconds: (trainedAt - begun) / 1000,
        scoreSeconds: (scoredAt - trainedAt) / 1000,
        engine: info,
        versions: versionsOf(engine),
        timestamps,
        scores,
        threshold: input.threshold
          ? calibrateFresh({ rows, labels, split: input.split, normalScores, warmUpRows }, input.threshold)
          : null,
      };
    } finally {
      trained.dispose();
    }
  });
}
