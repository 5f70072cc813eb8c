import { isFaultline } from '../../../core/errors';
import type { Label } from '../../../core/labels/label';
import { labelsKnownBy } from '../../../core/prepare/seen';
import type { Split } from '../../../core/prepare/prepared';
import { rowsOfPart } from '../../../core/prepare/split';
import { labelNames } from '../../../core/report/words';
import type { ScoredRows } from '../../../core/events/events';
import { normalScoresOf, suggestThreshold, type SuggestInput } from '../../../core/thresholds/suggest';
import type { Objective, ThresholdChoice } from '../../../core/thresholds/threshold';
import { judgeRun, type RunEvaluation } from '../judge-run';

/** A rule that every run of a queue gets its threshold by, as soon as it is trained. */
export interface ThresholdOrder {
  /** The first that the scores allow is taken. */
  readonly objectives: readonly Objective[];
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
}

/** The threshold with all that is kept of it, or why there is none. */
export type FreshThreshold =
  | { readonly choice: ThresholdChoice; readonly evaluation: RunEvaluation; readonly problem?: undefined }
  | { readonly problem: string };

export interface FreshRun {
  /** All rows of the run. */
  readonly rows: ScoredRows;
  readonly labels: readonly Label[];
  readonly split: Split;
  /** What the training held out. */
  readonly normalScores: Float32Array;
  readonly warmUpRows: number;
}

/** Chooses a threshold on the calibration part of scores that are not stored yet, and judges it; as the calibration page would. */
export function calibrateFresh(run: FreshRun, { objectives, ...knobs }: ThresholdOrder): FreshThreshold {
  const { rows, labels, split } = run;
  const part = rowsOfPart(rows.timestamps, split, 'calibration');
  if (part.end <= part.start) return { problem: 'The calibration part of this run has no scored row.' };
  const timestamps = rows.timestamps.subarray(part.start, part.end);
  const score = rows.score.subarray(part.start, part.end);
  const calibratedOn = { start: timestamps[0]!, end: timestamps.at(-1)! };
  const known = labelsKnownBy(labels, calibratedOn);
  const input: SuggestInput = {
    timestamps,
    score,
    labels: known,
    ...normalScoresOf(timestamps, score, known, run.normalScores),
    ...knobs,
    names: labelNames(labels),
  };
  const found = firstOf(objectives, input);
  if (typeof found === 'string') return { problem: found };
  const choice: ThresholdChoice = { ...found, calibratedOn };
  const parts = { split, seen: [{ start: calibratedOn.start, end: calibratedOn.end + 1, by: 'calibration' as const }] };
  return { choice, evaluation: judgeRun({ rows, labels, threshold: choice, parts, warmUpRows: run.warmUpRows }) };
}

/** The first objective that the scores allow, or why none of them is possible. */
function firstOf(objectives: readonly Objective[], input: SuggestInput): ThresholdChoice | string {
  let problem = 'No threshold was asked for.';
  for (const objective of objectives) {
    try {
      return suggestThreshold(objective, input);
    } catch (error) {
      if (!isFaultline(error)) throw error;
      problem = error.message;
    }
  }
  return problem;
}
