import type { CostEstimate } from '../../../contract/types';
import type { Detector, RunContext } from '../../../core/detectors/detector';
import type { ParamValues } from '../../../core/detectors/params';
import { isFaultline } from '../../../core/errors';
import { randomFrom } from '../../../core/random';
import type { TaskContext } from '../protocol';
import { loadEngine } from '../tensorflow';
import { withProject } from './data';
import { runContext } from './engine';
import { probeOf, type Probed, type ProbeSize } from './probe';
import { readyToTrain, type TrainingSetup } from './train';

/** A probe that took less than this is worth a thorough one. */
const QUICK_MS = 2000;
const QUICK_STEPS = 2;
/** Rows of the quick probe, in lengths of the longest window. */
const QUICK_SPANS = 20;
const FEWEST_ROWS = 600;

/**
 * Time and memory that training and scoring will take, from a probe on the same data: two steps of everything on a few rows, scaled; where
 * that was quick, forty steps on all rows. Early stopping may make it shorter.
 */
export function estimateTraining(setup: TrainingSetup, context: TaskContext): Promise<CostEstimate> {
  return withProject(setup.file, async (reader) => {
    const { detector, params, train, whole } = readyToTrain(reader, setup);
    const engine = await loadEngine();
    const run = runContext(engine, randomFrom(setup.seed), { ...context, report: () => undefined });
    const n = train.timestamps.length;
    const size = detector.size(n, train.channels.length, params);
    const begun = performance.now();
    const counts = stepCounts(detector, n, train.channels.length, params);
    const { probed, short } = await probe(detector, params, counts, { train, whole }, run);
    const { trainSeconds, scoreSeconds } = scaled(probed, counts, short, { train: n, score: whole.timestamps.length });
    return {
      seconds: trainSeconds + scoreSeconds,
      trainSeconds,
      scoreSeconds,
      atLeast: !probed.complete,
      megabytes: Math.round((process.memoryUsage.rss() + size.bytes) / 1e6),
      probeSeconds: (performance.now() - begun) / 1000,
    };
  });
}

/** Units of parameters that say how often something is computed. */
const countUnits = ['steps', 'updates'];

/** A parameter that counts steps. */
interface StepCount {
  readonly name: string;
  readonly steps: number;
  /** How often training takes that many steps; 0 for steps that are not training's, such as those that look for a window's latent code. */
  readonly times: number;
}

function stepCounts(detector: Detector, rows: number, channels: number, params: ParamValues): readonly StepCount[] {
  const stepsOf = (values: ParamValues): number => detector.size(rows, channels, values).steps;
  const now = stepsOf(params);
  return Object.entries(detector.info.params).flatMap(([name, spec]) => {
    if (spec.kind !== 'integer' || !countUnits.includes(spec.unit)) return [];
    const steps = Number(params[name]);
    return [{ name, steps, times: stepsOf({ ...params, [name]: steps + 1 }) - now }];
  });
}

type Series = Parameters<typeof probeOf>[3];

async function probe(
  detector: Detector,
  params: ParamValues,
  counts: readonly StepCount[],
  data: Series,
  run: RunContext,
): Promise<{ readonly probed: Probed; readonly short: boolean }> {
  const all = data.train.timestamps.length;
  const few = Math.max(FEWEST_ROWS, QUICK_SPANS * (detector.info.warmUp(params) + 1));
  const names = counts.map(({ name }) => name);
  const quick = async (): Promise<Probed> => {
    const size: ProbeSize = { steps: QUICK_STEPS, trainRows: few, scoreRows: few, limitMs: 20_000 };
    try {
      return await probeOf(detector, params, names, data, size, run);
    } catch (error) {
      if (few >= all || !isFaultline(error, 'detector/too-little-data')) throw error;
      return probeOf(detector, params, names, data, { ...size, trainRows: all }, run);
    }
  };
  const begun = performance.now();
  const cold = await quick();
  if (performance.now() - begun > QUICK_MS) return { probed: cold, short: true };
  const trained = counts.filter(({ times }) => times > 0).map(({ name }) => name);
  const thorough = await probeOf(
    detector,
    params,
    trained,
    data,
    { steps: 40, trainRows: all, scoreRows: 4000, limitMs: 6000 },
    run,
  );
  // Now that the engine is warm, the quick one says more than one that did not reach its end.
  return thorough.complete ? { probed: thorough, short: false } : { probed: await quick(), short: true };
}

/** @param short - the steps outside training were shortened as well. */
function scaled(
  { perStep, rest, score, trainRows, scoreRows }: Probed,
  counts: readonly StepCount[],
  short: boolean,
  rows: { readonly train: number; readonly score: number },
): { readonly trainSeconds: number; readonly scoreSeconds: number } {
  const steps = counts
    .filter(({ times }) => times > 0)
    .reduce((sum, { steps: count, times }, i) => sum + count * times * (perStep[i] ?? perStep.at(-1)!), 0);
  const longer = short
    ? counts.filter(({ times }) => times === 0).reduce((factor, count) => factor * Math.max(1, count.steps / QUICK_STEPS), 1)
    : 1;
  return {
    trainSeconds: (steps + rest * longer * (rows.train / trainRows)) / 1000,
    scoreSeconds: (score * longer * (rows.score / scoreRows)) / 1000,
  };
}
