import type { Handlers, Params } from '../../contract/methods';
import type { CostEstimate } from '../../contract/types';
import type { Detector } from '../../core/detectors/detector';
import { resolveParams, type ParamValues } from '../../core/detectors/params';
import { detectors, findDetector } from '../../core/detectors/registry';
import { driftRule } from '../../core/drift/rule';
import { FaultlineError, type JsonObject } from '../../core/errors';
import type { CheckpointDelivery, ComputeClient, TrainingSetup } from '../compute/client';
import type { JobRunner } from '../jobs/manager';
import { orderOf } from '../jobs/queue';
import { dataChanged, requireTrainable, trainsOn } from '../refusals';
import type { SettingsFile } from '../settings';
import type { StoredJob } from '../store';
import type { ServiceContext } from './context';
import type { EngineProbe } from './engine-probe';
import { keepThreshold } from './keep-threshold';
import { latestOnly } from './latest';

type TrainingHandlers = Pick<
  Handlers,
  'detector.list' | 'training.propose' | 'training.plan' | 'training.estimate' | 'training.start' | 'model.history'
>;

export function trainingService(context: ServiceContext, probe: EngineProbe): TrainingHandlers {
  const { session, queries } = context;
  /** Estimates by plan, so that the job's log can compare with what came true. */
  const estimates = new Map<string, Pick<CostEstimate, 'trainSeconds' | 'scoreSeconds'>>();
  const newestPlan = latestOnly();
  const newestEstimate = latestOnly();

  return {
    'detector.list': async () => {
      // A list without an engine is worth more than none: it then names the detectors that any engine trains.
      const engine = await probe.status().catch(() => null);
      return detectors.map(({ info }) => ({
        id: info.id,
        title: info.title,
        summary: info.summary,
        whenItFails: info.whenItFails,
        channels: info.channels,
        params: info.params,
        source: info.source,
        presets: info.presets ?? [],
        shows: info.shows ?? '',
        trainable: engine ? trainsOn(info, engine.engine) : info.trainsOn === undefined,
      }));
    },
    'training.propose': ({ datasetId }) => {
      const store = session.current();
      store.datasets.get(datasetId);
      return queries.run('training.propose', { file: store.file, datasetId });
    },
    'training.plan': async (plan) => {
      const { file } = session.current();
      await requireTrainableHere(plan.detectorId, probe);
      // A new plan makes an estimate that is still running one of something else.
      newestEstimate();
      return queries.run('training.plan', setupOf(file, plan), { signal: newestPlan() });
    },
    'training.estimate': async (plan) => {
      const { file } = session.current();
      await requireTrainableHere(plan.detectorId, probe);
      const estimate = await queries.run('training.estimate', setupOf(file, plan), { signal: newestEstimate() });
      estimates.set(planKey(plan), estimate);
      return estimate;
    },
    'training.start': async ({ seed, name, ...plan }) => {
      const detector = await requireTrainableHere(plan.detectorId, probe);
      const store = session.current();
      const params = resolveParams(detector.info.params, plan.params);
      const dataset = store.datasets.get(plan.datasetId);
      const estimate = estimates.get(planKey(plan));
      const { drift, ...preparation } = plan.preparation;
      const title = name ?? `${detector.info.title} on ${dataset.name}`;
      const job = context.jobs.start(store, {
        kind: 'train',
        title,
        seed,
        params: {
          datasetId: plan.datasetId,
          detectorId: plan.detectorId,
          params,
          split: plan.split,
          preparation: { ...preparation, ...(drift && { drift: driftRule(drift.halfLifeMs, drift) as unknown as JsonObject }) },
          estimatedSeconds: estimate?.trainSeconds ?? null,
          estimatedScoreSeconds: estimate?.scoreSeconds ?? null,
        },
      });
      session.changed();
      return { jobId: job.id };
    },
    'model.history': async ({ id }) => session.current().models.content(id).history,
  };
}

/** @throws FaultlineError 'detector/unknown'; 'detector/untrainable' for a combined one, or where the engine is too slow for it. */
export async function requireTrainableHere(detectorId: string, probe: EngineProbe): Promise<Detector> {
  const detector = requireTrained(detectorId);
  if (detector.info.trainsOn) requireTrainable(detector.info, (await probe.status()).engine);
  return detector;
}

/** @throws FaultlineError 'detector/unknown'; 'detector/untrainable' for one that is combined from runs. */
export function requireTrained(detectorId: string): Detector {
  const detector = findDetector(detectorId);
  const { info } = detector;
  if (!detectors.includes(detector)) {
    throw new FaultlineError('detector/untrainable', `"${info.title}" is not trained: it is combined from stored runs.`, {
      id: detectorId,
    });
  }
  return detector;
}

function setupOf(file: string, plan: Params<'training.plan'>): TrainingSetup {
  const { datasetId, detectorId, params, split, preparation } = plan;
  return { file, datasetId, detectorId, params, split, preparation, seed: 0 };
}

function planKey({ datasetId, detectorId, params, split, preparation }: Params<'training.plan'>): string {
  return JSON.stringify([datasetId, detectorId, Object.entries(params).sort(), split, preparation]);
}

/** A training job's row as the setup it was started with. */
export function setupOfJob(job: StoredJob, file: string): TrainingSetup {
  // Written by 'training.start' above, from checked values.
  const params = job.params as unknown as Omit<TrainingSetup, 'file' | 'seed'>;
  const { datasetId, detectorId, split, preparation, labelRevision } = params;
  return { file, datasetId, detectorId, params: params.params as ParamValues, split, preparation, seed: job.seed, labelRevision };
}

/** Refuses a resumption that would not continue the same training. @throws FaultlineError 'training/data-changed'. */
export async function checkResumable(context: ServiceContext, jobId: string): Promise<void> {
  const store = context.session.current();
  const job = store.jobs.get(jobId);
  const stored = job.kind === 'train' && job.checkpointStep !== null ? store.jobs.checkpoint(jobId) : null;
  if (!stored) return;
  const fingerprint = await context.queries.run('training.fingerprint', setupOfJob(job, store.file));
  if (fingerprint !== stored.dataSha256) throw dataChanged();
}

/**
 * Trains, scores the whole dataset, and keeps model and run together; result: modelId, runId, scoreSeconds. One of a queue gets its
 * threshold in the same transaction; where the scores allow none, `problem` says why.
 */
export function trainingRunner(compute: ComputeClient, version: string, settings: Pick<SettingsFile, 'get'>): JobRunner {
  return async (run) => {
    const { store, job } = run;
    const setup = setupOfJob(job, store.file);
    const checkpoint = store.jobs.checkpoint(job.id);
    if (!checkpoint) run.restart();
    const result = await compute.run(
      'training.run',
      { ...setup, jobId: job.id, threshold: orderOf(job) },
      {
        signal: run.signal,
        onProgress: (progress) => run.progress(progress),
        onMemory: (bytes) => run.memory(bytes),
        onDelivery: (value) => {
          const { checkpoint: state, fingerprint } = value as CheckpointDelivery;
          // One transaction: the curve on disk always ends where the checkpoint is.
          store.transaction(() => {
            run.keepHistory();
            store.jobs.saveCheckpoint(job.id, state, fingerprint);
          });
        },
      },
    );
    const { estimatedSeconds, estimatedScoreSeconds } = job.params;
    run.log(againstEstimate('Training took', result.trainSeconds, estimatedSeconds));
    run.log(againstEstimate(`Scoring ${result.timestamps.length} rows took`, result.scoreSeconds, estimatedScoreSeconds));
    const dataset = store.datasets.get(setup.datasetId);
    const channels = result.preparation.channels;

    return (): JsonObject => {
      const model = store.models.create({
        name: job.title,
        datasetId: setup.datasetId,
        jobId: job.id,
        detectorId: result.artifact.detectorId,
        formatVersion: result.artifact.formatVersion,
        params: result.artifact.params,
        seed: setup.seed,
        split: setup.split,
        preparation: result.preparation,
        labelRevision: result.labelRevision,
        dataSha256: dataset.sha256,
        channels,
        engine: result.engine,
        versions: { ...result.versions, faultline: version },
        trainSeconds: result.trainSeconds,
        parameterCount: result.parameterCount,
        warmUpRows: result.warmUpRows,
        manifest: result.artifact.manifest,
        weights: result.artifact.weights,
        normalScores: result.normalScores,
        history: result.history,
      });
      const scored = store.runs.create({
        modelId: model.id,
        datasetId: setup.datasetId,
        title: job.title,
        engine: result.engine,
        channels,
        timestamps: result.timestamps,
        scores: result.scores,
      });
      store.jobs.dropCheckpoint(job.id);
      const made = { modelId: model.id, runId: scored.id, scoreSeconds: result.scoreSeconds };
      if (!result.threshold) return made;
      if (result.threshold.problem !== undefined) return { ...made, problem: result.threshold.problem };
      const { choice, evaluation } = result.threshold;
      const labels = store.labels.at(setup.datasetId, result.labelRevision);
      keepThreshold(store, scored.id, choice, labels, evaluation, settings.get().timeZone);
      return made;
    };
  };
}

function againstEstimate(what: string, seconds: number, estimated: unknown): string {
  const took = `${what} ${seconds.toFixed(1)} s`;
  if (typeof estimated !== 'number') return `${took}.`;
  return `${took}; ${estimated.toFixed(1)} s were estimated (${((seconds / Math.max(estimated, 0.1)) * 100).toFixed(0)} %).`;
}
