import { readFile } from 'node:fs/promises';
import { FaultlineError } from '../../../core/errors';
import { readScores } from '../../../core/ingest/score-file';
import { readTruth } from '../../../core/labels/truth-file';
import type { RangeBias } from '../../../core/metrics/range';
import type { MetricSheet } from '../../../core/metrics/sheet';
import { metricSheet } from '../../../core/metrics/sheet-of';
import { formatBytes } from '../../../core/report/format';
import { fileError } from '../ingest/files';

export interface EvaluateFilesInput {
  readonly scores: string;
  /** The same path as `scores` where the labels are a column of it. */
  readonly labels: string;
  /** Name of the scored data file, for label files that hold several. */
  readonly scoresName: string;
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
  /** The file's own column `threshold` when absent; without that metrics that need one have the reason. */
  readonly threshold: number | undefined;
  readonly labelColumn: string | undefined;
  readonly buffer: number | undefined;
  readonly window: number | undefined;
  readonly range: { readonly alpha: number; readonly bias: RangeBias } | undefined;
  readonly seed: number | undefined;
}

/**
 * Judges a file of scores of any program against labels. Nothing is ever chosen here: no threshold, no metric of the best one except
 * where it is called an oracle.
 *
 * @throws FaultlineError of `readScores` and `readTruth`; 'file/unreadable'.
 */
export async function evaluateFiles(input: EvaluateFilesInput): Promise<MetricSheet> {
  const own = input.labels === input.scores;
  const scores = readScores(await textOf(input.scores));
  const labels = readTruth(own ? '' : await textOf(input.labels), scores, {
    scoresName: input.scoresName,
    labelColumn: input.labelColumn,
    own,
  });
  const value = input.threshold ?? scores.threshold;
  const { minDurationMs, mergeGapMs } = input;
  return metricSheet({
    timestamps: scores.timestamps,
    score: scores.score,
    rowNumbersFrom: scores.rowNumbersFrom,
    labels,
    rule: value === undefined ? null : { value, minDurationMs, mergeGapMs },
    part: 'whole file',
    vusBuffer: input.buffer,
    window: input.window,
    alpha: input.range?.alpha,
    bias: input.range?.bias,
    seed: input.seed,
  });
}

/** Text of one string. */
const MAX_BYTES = 400_000_000;

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError(error);
  });
  if (bytes.length > MAX_BYTES) {
    throw new FaultlineError(
      'import/too-large',
      `The file has ${formatBytes(bytes.length)}; at most ${formatBytes(MAX_BYTES)} can be judged.`,
    );
  }
  const bad = 'The file is not UTF-8 text. Save it as CSV in UTF-8.';
  // UTF-16 without a byte order mark is valid UTF-8, but every other character of it is 0.
  if (bytes.subarray(0, 4096).includes(0)) throw new FaultlineError('import/bad-encoding', bad);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FaultlineError('import/bad-encoding', bad, {}, { cause });
  }
}
