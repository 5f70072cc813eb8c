import type { CostEstimate } from '../../../contract/types';
import type { Detector, Progress, RunContext } from '../../../core/detectors/detector';
import type { ParamValues } from '../../../core/detectors/params';
import { isFaultline, FaultlineError } from '../../../core/errors';
import type { PreparedSeries } from '../../../core/prepare/prepared';
import { selectSpans } from '../../../core/prepare/split';
import { randomFrom } from '../../../core/random';
import type { TaskContext } from '../protocol';
import { loadEngine } from '../tensorflow';
import { withProject } from './data';
import { runContext } from './engine';
import { readyToTrain, type TrainingSetup } from './train';

/** Steps of each stage in the probe; the first ones, in which buffers are made, are not timed. */
const PROBE_STEPS = 40;
const UNTIMED_STEPS = 10;
/** The probe stops after this time with what it has measured. */
const PROBE_LIMIT_MS = 6000;
const PROBE_SCORE_ROWS = 4000;

/**
 * Time and memory that training and scoring will take: a short training of the same detector on the same data with few steps, each
 * stage's time a step scaled to its full number of steps. Early stopping may make it shorter.
 */
export function estimateTraining(setup: TrainingSetup, context: TaskContext): Promise<CostEstimate> {
  return withProject(setup.file, async (reader) => {
    const { detector, params, train, whole } = readyToTrain(reader, setup);
    const engine = await loadEngine();
    const run = runContext(engine, randomFrom(setup.seed), { ...context, report: () => undefined });
    const size = detector.size(train.timestamps.length, train.channels.length, params);
    const begun = performance.now();
    const seconds = await probe(detector, params, train, whole, run, begun + PROBE_LIMIT_MS);
    return {
      seconds,
      megabytes: Math.round((process.memoryUsage.rss() + size.bytes) / 1e6),
      probeSeconds: (performance.now() - begun) / 1000,
    };
  });
}

async function probe(
  detector: Detector,
  params: ParamValues,
  train: PreparedSeries,
  whole: PreparedSeries,
  run: RunContext,
  until: number,
): Promise<number> {
  const stepParams = Object.entries(detector.info.params).flatMap(([name, spec]) =>
    spec.kind === 'integer' && spec.unit === 'steps' ? [name] : [],
  );
  const few = Object.fromEntries(stepParams.map((name) => [name, Math.min(PROBE_STEPS, Number(params[name]))]));
  const timer = createStageTimer();
  const timed: RunContext = {
    ...run,
    report: timer.report,
    checkpoint: async () => {
      await run.checkpoint();
      if (performance.now() > until) throw new FaultlineError('job/cancelled', 'The probe has run long enough.');
    },
  };
  const begun = performance.now();
  let rest = 0;
  try {
    const trained = await detector.train(train, { ...params, ...few }, timed);
    try {
      rest = performance.now() - begun - timer.inStages();
      const rows = Math.min(whole.timestamps.length, PROBE_SCORE_ROWS);
      const part = selectSpans(
        whole,
        whole.segments.filter(({ start }) => start < rows).map(({ start, end }) => ({ start, end: Math.min(end, rows) })),
      );
      const scoring = performance.now();
      await trained.score(part, timed);
      rest += (performance.now() - scoring) * (whole.timestamps.length / rows);
    } finally {
      trained.dispose();
    }
  } catch (error) {
    // Out of time: the stages measured so far stand for the others.
    if (!isFaultline(error, 'job/cancelled')) throw error;
    await run.checkpoint();
  }
  return (timer.scaled(stepParams.map((name) => Number(params[name]))) + Math.max(0, rest)) / 1000;
}

/** Times the steps of each stage from a detector's own reports. */
function createStageTimer(): {
  readonly report: (progress: Progress) => void;
  readonly inStages: () => number;
  /** Milliseconds for the full numbers of steps; a stage that was not reached costs what the last one measured does. */
  readonly scaled: (steps: readonly number[]) => number;
} {
  interface Stage {
    readonly name: string;
    readonly from: number;
    readonly at: number;
    timedFrom?: { readonly done: number; readonly at: number };
    done: number;
    until: number;
  }
  const stages: Stage[] = [];
  let last = performance.now();
  return {
    report({ stage, done, unit }) {
      const now = performance.now();
      if (unit === 'steps') {
        let current = stages.find((known) => known.name === stage);
        if (!current) {
          current = { name: stage, from: stages.at(-1)?.done ?? 0, at: last, done, until: now };
          stages.push(current);
        }
        current.done = done;
        current.until = now;
        if (done - current.from >= UNTIMED_STEPS) current.timedFrom ??= { done, at: now };
      }
      last = now;
    },
    inStages: () => stages.reduce((sum, stage) => sum + stage.until - stage.at, 0),
    scaled(steps) {
      let perStep = 0;
      return steps.reduce((sum, count, index) => {
        const stage = stages[index];
        if (stage) {
          const start = stage.timedFrom && stage.done > stage.timedFrom.done ? stage.timedFrom : { done: stage.from, at: stage.at };
          perStep = (stage.until - start.at) / Math.max(1, stage.done - start.done);
        }
        return sum + count * perStep;
      }, 0);
    },
  };
}
