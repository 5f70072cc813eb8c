import type { Detector, Progress, RunContext } from '../../../core/detectors/detector';
import type { ParamValues } from '../../../core/detectors/params';
import { isFaultline, FaultlineError } from '../../../core/errors';
import type { PreparedSeries } from '../../../core/prepare/prepared';
import { selectSpans } from '../../../core/prepare/split';

/** How large a probe is. */
export interface ProbeSize {
  /** Steps of each stage of training. */
  readonly steps: number;
  readonly trainRows: number;
  readonly scoreRows: number;
  /** It stops after this time with what it has measured. */
  readonly limitMs: number;
}

/** What a short training and scoring measured, in ms. */
export interface Probed {
  /** One step of each kind of stage, in the order in which they came; stages that repeat one ("vae 2") are of its kind. */
  readonly perStep: readonly number[];
  /** Training outside the steps, of the rows that were given. */
  readonly rest: number;
  /** Scoring of the rows that were given. */
  readonly score: number;
  readonly trainRows: number;
  readonly scoreRows: number;
  /** False when the time was over first: what is missing counts as nothing. */
  readonly complete: boolean;
}

/**
 * Trains a detector a little and scores a little.
 *
 * @param params - those of the full training; every count in `few` is laid over them.
 * @throws FaultlineError as training itself would.
 */
export async function probeOf(
  detector: Detector,
  params: ParamValues,
  few: readonly string[],
  data: { readonly train: PreparedSeries; readonly whole: PreparedSeries },
  size: ProbeSize,
  run: RunContext,
): Promise<Probed> {
  const until = performance.now() + size.limitMs;
  const timer = createStepTimer();
  const timed: RunContext = {
    ...run,
    report: timer.report,
    checkpoint: async () => {
      await run.checkpoint();
      if (performance.now() > until) throw new FaultlineError('job/cancelled', 'The probe has run long enough.');
    },
  };
  const short = { ...params, ...Object.fromEntries(few.map((name) => [name, Math.min(size.steps, Number(params[name]))])) };
  const train = firstRows(data.train, size.trainRows);
  const part = firstRows(data.whole, size.scoreRows);
  const rows = { trainRows: train.timestamps.length, scoreRows: part.timestamps.length };
  const begun = performance.now();
  let trainedAt: number | undefined;
  try {
    const trained = await detector.train(train, short, timed);
    trainedAt = performance.now();
    try {
      await trained.score(part, timed);
    } finally {
      trained.dispose();
    }
    return { ...timer.measured(trainedAt - begun, size.steps), ...rows, score: performance.now() - trainedAt, complete: true };
  } catch (error) {
    if (!isFaultline(error, 'job/cancelled')) throw error;
    // Cancelled by whoever asked, not by the clock.
    await run.checkpoint();
    const now = performance.now();
    return {
      ...timer.measured((trainedAt ?? now) - begun, size.steps),
      ...rows,
      score: trainedAt === undefined ? 0 : now - trainedAt,
      complete: false,
    };
  }
}

function firstRows(data: PreparedSeries, rows: number): PreparedSeries {
  if (rows >= data.timestamps.length) return data;
  const spans = data.segments.filter(({ start }) => start < rows);
  return selectSpans(
    data,
    spans.map(({ start, end }) => ({ start, end: Math.min(end, rows) })),
  );
}

interface Kind {
  /** Up to the first report of all: buffers are made and kernels loaded in it. */
  readonly cold: { readonly steps: number; readonly ms: number };
  warm: { steps: number; ms: number };
}

/** Times steps from a detector's own reports. */
function createStepTimer(): {
  readonly report: (progress: Progress) => void;
  /** @param ms - of the whole training. @param steps - of a stage, for one that was cut off before its first report. */
  measured(ms: number, steps: number): { readonly perStep: readonly number[]; readonly rest: number };
} {
  const kinds = new Map<string, Kind>();
  let last = performance.now();
  let done = 0;
  return {
    report(progress) {
      const now = performance.now();
      if (progress.unit === 'steps' && progress.done > done) {
        const name = progress.stage.replace(/\s*\d+$/, '');
        const [steps, ms] = [progress.done - done, now - last];
        const kind = kinds.get(name);
        if (kind) kind.warm = { steps: kind.warm.steps + steps, ms: kind.warm.ms + ms };
        else kinds.set(name, { cold: { steps, ms }, warm: { steps: 0, ms: 0 } });
        done = progress.done;
      }
      last = now;
    },
    measured(ms, steps) {
      if (kinds.size === 0) return { perStep: [ms / steps], rest: ms };
      const all = [...kinds.values()];
      const perStep = all.map(({ cold, warm }) => (warm.steps > 0 ? warm.ms / warm.steps : cold.ms / cold.steps));
      const inSteps = all.reduce((sum, { cold, warm }, i) => sum + (cold.steps + warm.steps) * perStep[i]!, 0);
      return { perStep, rest: Math.max(0, ms - inSteps) };
    },
  };
}
