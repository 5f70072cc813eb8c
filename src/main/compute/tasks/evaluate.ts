import { readFile } from 'node:fs/promises';
import { FaultlineError } from '../../../core/errors';
import { parseLabels } from '../../../core/labels/parse';
import { evaluate } from '../../../core/metrics/evaluate';
import type { Evaluation } from '../../../core/metrics/evaluation';
import { fileError } from '../ingest/files';
import { importFile } from '../ingest/import-file';
import { previewFile } from '../ingest/preview-file';
import type { TaskContext } from '../protocol';

export interface EvaluateFilesInput {
  readonly scores: string;
  readonly labels: string;
  /** Name of the scored data file, for label files that hold several. */
  readonly scoresName: string;
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
  /** The file's own column `threshold` when absent. */
  readonly threshold: number | undefined;
}

/**
 * Judges a file of scores (a time column, `score`, and `threshold` unless one is given) against a label file.
 *
 * @throws FaultlineError 'import/…' for an unreadable file, 'threshold/no-scores' when it has no column "score" or no threshold.
 */
export async function evaluateFiles(input: EvaluateFilesInput, context: TaskContext): Promise<Evaluation> {
  const { recipe } = await previewFile(input.scores, { signal: context.signal });
  const names = recipe.tags.map((tag) => tag.name.toLowerCase());
  const column = (name: string): number => names.indexOf(name);
  if (column('score') < 0) {
    throw new FaultlineError(
      'threshold/no-scores',
      `The file of scores has no column "score"; it has ${names.join(', ') || 'none'}.`,
    );
  }
  const times: Float64Array[] = [];
  const scores: Float64Array[] = [];
  let stored = NaN;
  await importFile(
    input.scores,
    recipe,
    ({ timestamps, columns }) => {
      times.push(timestamps);
      scores.push(columns[column('score')]!);
      if (Number.isNaN(stored)) stored = columns[column('threshold')]?.find(Number.isFinite) ?? NaN;
    },
    { signal: context.signal },
  );
  const value = input.threshold ?? stored;
  if (!Number.isFinite(value)) {
    throw new FaultlineError('threshold/no-scores', 'The file of scores has no column "threshold"; give one with --threshold.');
  }
  const text = await readFile(input.labels, 'utf8').catch((error: unknown) => {
    throw fileError(error);
  });
  const { timeZone, timeFormat } = recipe;
  const labels = parseLabels(text, { fileName: 'labels', dataFileName: input.scoresName, timeZone, timeFormat });
  return evaluate({
    timestamps: Float64Array.from(times.flatMap((part) => [...part])),
    score: Float32Array.from(scores.flatMap((part) => [...part])),
    labels: labels.map((label, index) => ({ ...label, id: String(index) })),
    rule: { value, minDurationMs: input.minDurationMs, mergeGapMs: input.mergeGapMs },
    part: 'whole file',
  });
}
