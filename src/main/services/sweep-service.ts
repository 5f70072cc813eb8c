import type { Handlers, Params } from '../../contract/methods';
import { resolveParams, type ParamValues } from '../../core/detectors/params';
import { FaultlineError, type JsonObject } from '../../core/errors';
import { ofClass, overlaps } from '../../core/labels/interval';
import { partSpan } from '../../core/prepare/split';
import { settingsOf, trialCount } from '../../core/sweep/plan';
import { rankSettings, sweepText } from '../../core/sweep/rank';
import type { SweepPlan, SweepTrial } from '../../core/sweep/sweep';
import type { ComputeClient } from '../compute/client';
import type { JobRunner } from '../jobs/manager';
import type { ProjectStore, StoredJob } from '../store';
import type { ServiceContext } from './context';
import type { EngineProbe } from './engine-probe';
import { requireTrainableHere } from './training-service';

type SweepSetup = Omit<Params<'sweep.start'>, 'method' | 'space' | 'minutes' | 'seeds' | 'name'> & {
  readonly plan: SweepPlan;
  /** Of the labels it ranks by. */
  readonly labelRevision: number;
};

export function sweepService(context: ServiceContext, probe: EngineProbe): Pick<Handlers, 'sweep.start' | 'sweep.result'> {
  const { session } = context;
  return {
    'sweep.start': async ({ method, space, minutes, seeds, name, ...setup }) => {
      const { info } = await requireTrainableHere(setup.detectorId, probe);
      const store = session.current();
      const dataset = store.datasets.get(setup.datasetId);
      const plan: SweepPlan = { method, space, minutes, seeds: [...new Set(seeds)] };
      // A setting outside the ranges is refused here, not after an hour.
      const settings = settingsOf(space, setup.params);
      for (const setting of settings) resolveParams(info.params, setting);
      const { labels, revision } = store.labels.list(setup.datasetId);
      const calibration = partSpan(setup.split, 'calibration');
      if (!ofClass(labels, 'anomaly').some((label) => overlaps(label, calibration))) throw noLabels();
      const params: SweepSetup = { ...setup, plan, labelRevision: revision };
      const job = context.jobs.start(store, {
        kind: 'sweep',
        title: name ?? `Sweep of ${info.title} on ${dataset.name}: ${settings.length} settings`,
        seed: plan.seeds[0] ?? 0,
        params: params as unknown as JsonObject,
      });
      session.changed();
      return { jobId: job.id };
    },
    'sweep.result': async ({ id }) => {
      const store = session.current();
      const job = store.jobs.get(id);
      if (job.kind !== 'sweep') throw new FaultlineError('job/not-found', 'This job is not a sweep.', { jobId: id });
      const setup = setupOf(job);
      const trials = store.sweeps.trials(id);
      return {
        jobId: id,
        detectorId: setup.detectorId,
        datasetId: setup.datasetId,
        plan: setup.plan,
        trials,
        rows: rankSettings(trials),
        text: textOf(store, setup, trials),
      };
    },
  };
}

/** Written by 'sweep.start' above, from checked values. */
function setupOf(job: StoredJob): SweepSetup {
  return job.params as unknown as SweepSetup;
}

function textOf(
  store: ProjectStore,
  { plan, params, datasetId, labelRevision, split }: SweepSetup,
  trials: readonly SweepTrial[],
): string {
  const { labels } = store.labels.at(datasetId, labelRevision);
  const calibration = partSpan(split, 'calibration');
  const judged = ofClass(labels, 'anomaly').filter((label) => overlaps(label, calibration)).length;
  return sweepText(plan, settingsOf(plan.space, params as ParamValues).length, trials, judged);
}

function noLabels(): FaultlineError {
  return new FaultlineError(
    'threshold/no-labels',
    'A sweep ranks settings by the labelled anomalies of the calibration part, and there is none. Label one there, or move the split.',
  );
}

/** Tries the settings; each trial is on disk before the next begins. Result: how many were made, and why it ended. */
export function sweepRunner(compute: ComputeClient): JobRunner {
  return async (run) => {
    const { store, job } = run;
    const { plan, labelRevision, ...setup } = setupOf(job);
    const total = trialCount(plan, settingsOf(plan.space, setup.params).length);
    if (store.labels.list(setup.datasetId).revision !== labelRevision) {
      throw new FaultlineError(
        'training/data-changed',
        'The labels changed since this sweep began, so its trials could not be compared. Start it again.',
      );
    }
    const minutes = grantedMinutes(job, plan);
    const outcome = await compute.run(
      'sweep.run',
      { ...setup, plan: { ...plan, minutes }, file: store.file, jobId: job.id },
      {
        signal: run.signal,
        onProgress: (progress) => run.progress(progress),
        onMemory: (bytes) => run.memory(bytes),
        onDelivery: (value) => {
          const trial = value as SweepTrial;
          store.sweeps.append(job.id, trial);
          run.log(wordsOf(trial));
        },
      },
    );
    run.log(outcome.timeUp ? `The granted ${minutes} min are over: ${outcome.made} of ${total} trials made.` : 'All trials made.');
    return (): JsonObject => ({ sweepId: job.id, made: outcome.made, total: outcome.total, timeUp: outcome.timeUp, minutes });
  };
}

/** The minutes of the plan; once more of them when the sweep goes on after it ended by its time. */
function grantedMinutes({ result }: Pick<StoredJob, 'result'>, plan: SweepPlan): number {
  const { timeUp, minutes } = result;
  return timeUp === true ? (typeof minutes === 'number' ? minutes : plan.minutes) + plan.minutes : plan.minutes;
}

function wordsOf({ params, seed, share, vusPr, seconds }: SweepTrial): string {
  const result = vusPr.value === null ? vusPr.reason : `VUS-PR ${vusPr.value.toFixed(3)}`;
  const part = share < 1 ? `, ${Math.round(share * 100)} % of the train part` : '';
  return `${JSON.stringify(params)}, seed ${seed}${part}: ${result} (${seconds.toFixed(1)} s)`;
}
