import { Reader, scoredWindows } from '../../src/core/detectors/gan/dire';
import { crossEntropy, messageImportance } from '../../src/core/detectors/gan/losses';
import { lossOfRows } from '../../src/core/detectors/gan/model';
import { normalScoresOf, readNormal } from '../../src/core/detectors/gan/normal';
import { spanOf, specs, strideOf, type GanParams } from '../../src/core/detectors/gan/params';
import { trainGan } from '../../src/core/detectors/gan/training';
import { resolveParams, type ParamValues } from '../../src/core/detectors/params';
import { causalScore } from '../../src/core/detectors/shared/aggregate';
import { splitTraining } from '../../src/core/detectors/shared/split';
import { quantile } from '../../src/core/detectors/shared/windows';
import { aucRoc } from '../../src/core/metrics/rank';
import type { PreparedSeries } from '../../src/core/prepare/prepared';
import { bestFBeta } from '../../src/core/thresholds/fbeta';
import { rowKinds } from '../../src/core/thresholds/rows';
import type { LoadedEngine } from '../../src/main/compute/tensorflow';
import { benchRun } from '../run-context';
import { cpuSeconds } from './contest';

/** The two losses, and the control: the same networks without a step of training. */
export const ganRuns = ['mim-gan', 'mad-gan', 'untrained'] as const;
export type GanRun = (typeof ganRuns)[number];

/** The parts of the score, each judged by itself. */
export const ganScores = ['discrimination', 'residual', 'fused'] as const;
export type GanScore = (typeof ganScores)[number];

/** Scores of the test rows and of normal rows that no network was trained on. */
export interface Scored {
  readonly score: Float32Array;
  readonly normal: Float32Array;
}

export interface GanResult {
  readonly scored: Readonly<Record<GanScore, Scored>>;
  /** Step whose state was kept, and its energy distance to real windows (0 to 1); null for the control. */
  readonly best: { readonly step: number; readonly energy: number } | null;
  /** Points of the curve at which the monitor saw a collapse. */
  readonly troubles: number;
  /** CPU seconds of this process. */
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
}

/** Trains once and reads the test series once, for all three scores. */
export async function runGan(
  name: GanRun,
  train: PreparedSeries,
  test: PreparedSeries,
  given: ParamValues,
  seed: number,
  engine: LoadedEngine,
): Promise<GanResult> {
  const params: GanParams = resolveParams(specs, { ...given, ...(name === 'untrained' && { steps: 0 }) });
  const run = benchRun(engine, seed);
  const shape = { window: params.window, span: spanOf(params), what: `windows of ${params.window} rows` };
  const split = splitTraining(train.segments, train.timestamps.length, shape);
  const started = cpuSeconds();
  const loss = name === 'mad-gan' ? crossEntropy : messageImportance;
  const { weights, history } = await trainGan(engine.tf, train, split, params, loss, run);
  const fitted = cpuSeconds();
  const reader = new Reader(engine.tf, engine.fusedLstm, weights, train.channels.length, params);
  try {
    const normal = await readNormal(reader, train, split.tailFrom, params, run);
    const reading = cpuSeconds();
    const losses = await reader.read(test, scoredWindows(test.segments, params.window, strideOf(params)), run);
    const scored = (score: GanScore): Scored => ({
      score: causalScore(lossOfRows(losses, normal.scales, { ...params, score }), test, params.window, spanOf(params)),
      normal: normalScoresOf(normal, { ...params, score }),
    });
    const energyAt = history.map((record) => ({ step: record.step, energy: record.losses['validation']! }));
    return {
      scored: { discrimination: scored('discrimination'), residual: scored('residual'), fused: scored('fused') },
      best: energyAt.length > 0 ? energyAt.reduce((a, b) => (b.energy < a.energy ? b : a)) : null,
      troubles: history.filter(({ note }) => note !== undefined).length,
      ...{ fitSeconds: fitted - started, scoreSeconds: cpuSeconds() - reading },
    };
  } finally {
    reader.dispose();
  }
}

/** Rows judged one by one. */
export interface RowJudgement {
  readonly auc: number;
  /** Best threshold on the test rows themselves: an upper bound that nobody has. */
  readonly f1Oracle: number;
  /** Threshold: 99 % quantile of the held-out normal scores. */
  readonly f1Q99: number;
  /** Share of the normal test rows above that threshold. */
  readonly falseAlarmsQ99: number;
}

/** @param truth - 1 for an anomalous row. Rows without a score do not count. */
export function judgeRows({ score, normal }: Scored, truth: Uint8Array): RowJudgement {
  const counted = Uint8Array.from(truth, (kind, row) => (Number.isNaN(score[row]!) ? rowKinds.left : kind));
  const rows = score.filter((value) => !Number.isNaN(value));
  const auc = aucRoc({ score: rows, truth: truth.filter((_, row) => !Number.isNaN(score[row]!)) });
  const oracle = bestFBeta(score, counted, 1);
  if (auc === null || oracle === null) throw new Error('The test rows hold no anomaly, or nothing else.');
  const { f1, falseAlarms } = atThreshold(score, counted, quantile(normal, 0.99));
  return { auc, f1Oracle: oracle.f, f1Q99: f1, falseAlarmsQ99: falseAlarms };
}

/** F1 and false alarm rate of the rows at or above a threshold. @param kinds - see `rowKinds`. */
export function atThreshold(score: Float32Array, kinds: Uint8Array, threshold: number): { f1: number; falseAlarms: number } {
  const counts = { hit: 0, missed: 0, false: 0, normal: 0 };
  kinds.forEach((kind, row) => {
    if (kind === rowKinds.left) return;
    const found = score[row]! >= threshold;
    if (kind === rowKinds.anomaly) counts[found ? 'hit' : 'missed']++;
    else {
      counts.normal++;
      if (found) counts.false++;
    }
  });
  return {
    f1: (2 * counts.hit) / (2 * counts.hit + counts.missed + counts.false),
    falseAlarms: counts.false / counts.normal,
  };
}
