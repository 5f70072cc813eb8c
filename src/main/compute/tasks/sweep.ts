import { isFaultline } from '../../../core/errors';
import type { ParamValues } from '../../../core/detectors/params';
import { findDetector } from '../../../core/detectors/registry';
import { scoreReady } from '../../../core/drift/ready';
import { resolveParams } from '../../../core/detectors/params';
import { rankMetrics } from '../../../core/metrics/evaluate';
import type { Metric } from '../../../core/metrics/evaluation';
import type { Split } from '../../../core/prepare/prepared';
import { partSpan, rowsOfPart, trainingView } from '../../../core/prepare/split';
import { randomFrom } from '../../../core/random';
import { lowerBound } from '../../../core/series/search';
import { nextTrial, settingsOf, trialCount, type NextTrial } from '../../../core/sweep/plan';
import type { SweepPlan, SweepTrial } from '../../../core/sweep/sweep';
import { requireTrainable } from '../../refusals';
import type { TaskContext } from '../protocol';
import { loadEngine, type LoadedEngine } from '../tensorflow';
import { loadData, prepareForTraining, withProject, type LoadedData } from './data';
import { runContext } from './engine';
import type { TrainingSetup } from './train';

export interface SweepInput extends Omit<TrainingSetup, 'seed'> {
  /** Its trials on disk are not made again. */
  readonly jobId: string;
  readonly plan: SweepPlan;
}

export interface SweepOutcome {
  readonly made: number;
  readonly total: number;
  /** Ended by the time that was granted, not by the last trial. */
  readonly timeUp: boolean;
}

/** The granted time is over in the middle of a trial, which then counts as not made. */
class TimeUp extends Error {}

/**
 * Trains setting after setting and judges each on the calibration part. Rows after that part are cut off before anything else, so that
 * no trial can learn from the test part or from its labels. Each trial is delivered, and on disk, before the next begins.
 */
export function sweep(input: SweepInput, context: TaskContext): Promise<SweepOutcome> {
  return withProject(input.file, async (reader) => {
    const { plan, split } = input;
    const settings = settingsOf(plan.space, input.params);
    const data = withoutTest(loadData(reader, input.datasetId, input.preparation.channels), split);
    const trials = [...reader.sweeps.trials(input.jobId)];
    const total = trialCount(plan, settings.length);
    const spent = trials.reduce((sum, { seconds }) => sum + seconds, 0);
    const deadline = performance.now() + (plan.minutes * 60 - spent) * 1000;
    const engine = await loadEngine();
    requireTrainable(findDetector(input.detectorId).info, engine.info);
    let timeUp = false;
    for (let next = nextTrial(plan, settings.length, trials); next && !timeUp; next = nextTrial(plan, settings.length, trials)) {
      context.report({ stage: `Setting ${next.setting + 1} of ${settings.length}`, done: trials.length, total, unit: 'trials' });
      await context.checkpoint();
      if (performance.now() >= deadline) {
        timeUp = true;
        break;
      }
      try {
        const trial = await tryOut(input, data, settings[next.setting]!, next, engine, withDeadline(context, deadline));
        await context.deliver(trial);
        trials.push(trial);
      } catch (error) {
        if (!(error instanceof TimeUp)) throw error;
        timeUp = true;
      }
    }
    return { made: trials.length, total, timeUp };
  });
}

/** The data without any row or label that begins after the calibration part. */
function withoutTest(data: LoadedData, split: Split): LoadedData {
  const end = lowerBound(data.series.timestamps, split.calibrateUntil);
  return { ...data, series: cut(data.series, 0, end), labels: data.labels.filter(({ start }) => start < split.calibrateUntil) };
}

function cut(series: LoadedData['series'], from: number, to: number): LoadedData['series'] {
  return {
    channels: series.channels,
    timestamps: series.timestamps.subarray(from, to),
    columns: series.columns.map((column) => column.subarray(from, to)),
  };
}

/** Quiet, and stopped by the granted time as well as by a cancel. */
function withDeadline(context: TaskContext, deadline: number): TaskContext {
  return {
    ...context,
    report: () => undefined,
    checkpoint: async () => {
      await context.checkpoint();
      if (performance.now() >= deadline) throw new TimeUp();
    },
  };
}

async function tryOut(
  input: SweepInput,
  data: LoadedData,
  setting: ParamValues,
  next: NextTrial,
  engine: LoadedEngine,
  context: TaskContext,
): Promise<SweepTrial> {
  const begun = performance.now();
  const detector = findDetector(input.detectorId);
  const of = (vusPr: Metric, error = ''): SweepTrial => ({
    setting: next.setting,
    params: setting,
    seed: next.seed,
    rung: next.rung,
    share: next.share,
    vusPr,
    seconds: (performance.now() - begun) / 1000,
    error,
  });
  try {
    const params = resolveParams(detector.info.params, setting);
    const { split } = input;
    const trainRows = rowsOfPart(data.series.timestamps, split, 'train').end;
    // The newest rows of the train part: a rung learns from less of it, never from older data only.
    const from = trainRows - Math.ceil(trainRows * next.share);
    const part = { ...data, series: cut(data.series, from, data.series.timestamps.length) };
    const ready = prepareForTraining(part, input.preparation, split);
    const { prepared } = ready;
    const run = runContext(engine, randomFrom(next.seed), context);
    const trained = await detector.train(trainingView(prepared, split, data.labels), params, run);
    try {
      const { score } = await scoreReady(trained, ready, data.labels, {
        ...run,
        random: randomFrom(next.seed).fork('score'),
      });
      const { vusPr } = rankMetrics({
        timestamps: prepared.timestamps,
        score,
        labels: data.labels,
        range: partSpan(split, 'calibration'),
        part: 'calibration part',
        vusBuffer: sweepBuffer,
      });
      return of(vusPr);
    } finally {
      trained.dispose();
    }
  } catch (error) {
    if (!isFaultline(error) || error.kind === 'cancelled') throw error;
    return of({ value: null, reason: error.message }, error.message);
  }
}

/** Rows; the same for all settings, whatever their window, so that their figures can be compared. */
const sweepBuffer = 100;
