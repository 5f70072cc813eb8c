import type { Detector } from '../../src/core/detectors/detector';
import type { ParamValues } from '../../src/core/detectors/params';
import { resolveParams } from '../../src/core/detectors/params';
import { detectors } from '../../src/core/detectors/registry';
import { causalScore } from '../../src/core/detectors/shared/aggregate';
import { FaultlineError } from '../../src/core/errors';
import type { PreparedSeries } from '../../src/core/prepare/prepared';
import type { LoadedEngine } from '../../src/main/compute/tensorflow';
import { benchRun } from '../run-context';

/** A detector with settings, as it takes part in a comparison. */
export interface Contestant {
  /** Detector and what sets it apart from others of the same, e.g. `hreg-vae-lstm paper`. */
  readonly id: string;
  readonly detector: Detector;
  readonly params: ParamValues;
  /** Rows that one of its scores covers. */
  readonly span: number;
  /** Its own scores cover one row and are joined over the span here, as window detectors join theirs. */
  readonly join: boolean;
}

export interface Contest {
  /** [n] of the test series. */
  readonly score: Float32Array;
  readonly normalScores: Float32Array;
  /** CPU seconds of this process, so that other work on the machine does not count. */
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
}

/**
 * Every detector of the registry that can take part, with windows of `window` rows and scores over `span` rows: a comparison of methods counts
 * only at equal window, aggregation and threshold rule.
 *
 * @param leftOut - ids that others build on their own terms, or that would train for hours.
 */
export function peers(channels: number, window: number, span: number, leftOut: readonly string[]): Contestant[] {
  return detectors
    .filter(({ info }) => !leftOut.includes(info.id) && (info.channels !== 'multi' || channels > 1))
    .map((detector) => withSpan(detector, detector.info.id, window, span));
}

/** A detector by its id with this window and span; [] when this version has none, or when its windows are of another kind. */
export function contestant(id: string, label: string, window: number, span: number, params: ParamValues = {}): Contestant[] {
  const detector = detectors.find(({ info }) => info.id === id);
  return detector ? [withSpan(detector, label, window, span, params)] : [];
}

/** The rules of the one-line baseline besides its default, which is one of the peers. */
export function oneLiners(window: number, span: number): Contestant[] {
  return ['moving-std', 'first-difference', 'max-abs-z'].flatMap((rule) =>
    contestant('one-liner', `one-liner ${rule}`, window, span, { rule }),
  );
}

function withSpan(detector: Detector, id: string, window: number, span: number, given: ParamValues = {}): Contestant {
  const { params: specs } = detector.info;
  const has = (name: string): boolean => Object.hasOwn(specs, name);
  const shape = (lengths: ParamValues): ParamValues =>
    resolveParams(specs, {
      ...Object.fromEntries(Object.entries(lengths).filter(([name]) => has(name))),
      ...given,
    });
  const common = shape({ window, span, windows: span / window });
  // A window beyond the span is no window that is judged but what a forecast starts from: as the detector has it.
  const params = detector.info.warmUp(common) + 1 > span ? shape({ span }) : common;
  return { id, detector, params, span, join: detector.info.warmUp(params) + 1 < span };
}

/** Those that `--only` names, by their own name or their detector's; all without it. */
export function wantedOf(only: readonly string[]): (one: Contestant) => boolean {
  return ({ id, detector }) => only.length === 0 || only.includes(id) || only.includes(detector.info.id);
}

/** Trains on one series and scores another. @returns null where the detector says that these are too few rows to train on. */
export async function compete(
  { detector, params, span, join }: Contestant,
  train: PreparedSeries,
  test: PreparedSeries,
  seed: number,
  engine: LoadedEngine,
): Promise<Contest | null> {
  const run = benchRun(engine, seed);
  const started = cpuSeconds();
  const model = await detector.train(train, params, run).catch((error: unknown) => {
    if (error instanceof FaultlineError && error.code === 'detector/too-little-data') return null;
    throw error;
  });
  if (!model) return null;
  try {
    const fitted = cpuSeconds();
    const { score } = await model.score(test, run);
    const scored = cpuSeconds();
    const window = detector.info.warmUp(params) + 1;
    const joined = (points: Float32Array, segments: PreparedSeries['segments']): Float32Array =>
      join ? causalScore(Float64Array.from(points), { segments }, window, span) : points;
    return {
      score: joined(score, test.segments),
      // Held-out rows of a training series without gaps are rows in a row.
      normalScores: joined(model.normalScores, [{ start: 1 - window, end: model.normalScores.length }]).filter(Number.isFinite),
      fitSeconds: fitted - started,
      scoreSeconds: scored - fitted,
    };
  } finally {
    model.dispose();
  }
}

export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
