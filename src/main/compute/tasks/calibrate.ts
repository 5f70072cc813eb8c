import { eventsFrom } from '../../../core/events/events';
import type { DetectedEvent } from '../../../core/events/event';
import type { Label } from '../../../core/labels/label';
import { evaluate } from '../../../core/metrics/evaluate';
import type { Evaluation } from '../../../core/metrics/evaluation';
import { partSpan } from '../../../core/prepare/split';
import { normalScoresOf, suggestThreshold as suggest } from '../../../core/thresholds/suggest';
import type { Objective, ThresholdChoice, ThresholdRule } from '../../../core/thresholds/threshold';
import { rowsOfRunPart, splitOfRun } from '../../run-parts';
import { withProject } from './data';

export interface SuggestInput {
  readonly file: string;
  readonly runId: string;
  readonly objective: Objective;
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
}

/** The threshold an objective asks for, from the calibration part and nothing else. */
export function suggestThreshold(input: SuggestInput): Promise<ThresholdChoice> {
  const { file, runId, objective, minDurationMs, mergeGapMs } = input;
  return withProject(file, (reader) => {
    const run = reader.runs.get(runId);
    const rows = rowsOfRunPart(reader, run, 'calibration');
    const timestamps = reader.runs.timestamps(runId, rows);
    const score = reader.runs.score(runId, rows);
    const { labels } = reader.labels.list(run.datasetId);
    const heldOut = reader.models.content(run.modelId).normalScores;
    const normal = normalScoresOf(timestamps, score, labels, heldOut);
    return suggest(objective, { timestamps, score, labels, ...normal, minDurationMs, mergeGapMs });
  });
}

export interface EvaluateInput {
  readonly file: string;
  readonly runId: string;
  readonly rule: ThresholdRule;
  /** The labels the threshold was kept with. */
  readonly labels: readonly Label[];
}

export interface RunEvaluation {
  readonly events: readonly DetectedEvent[];
  readonly calibration: Evaluation;
  readonly test: Evaluation;
  /** Highest separate scores when nothing was found, highest first. */
  readonly nearMisses: readonly { readonly time: number; readonly score: number }[];
}

const NEAR_MISSES = 3;

/** Events over the whole run and the judgement of the calibration and the test part, each with its own rows only. */
export function evaluateRun(input: EvaluateInput): Promise<RunEvaluation> {
  return withProject(input.file, (reader) => {
    const { rule, labels } = input;
    const run = reader.runs.get(input.runId);
    const model = reader.models.get(run.modelId);
    const { timestamps, scores } = reader.runs.scores(input.runId);
    const events = eventsFrom(timestamps, scores.score, rule, scores.byChannel, run.channels);
    const split = splitOfRun(run, model);
    const judge = (part: 'calibration' | 'test'): Evaluation => {
      const range = partSpan(split, part);
      const vusBuffer = model.warmUpRows > 0 ? { vusBuffer: model.warmUpRows } : {};
      return evaluate({ timestamps, score: scores.score, labels, rule, events, range, part: `${part} part`, ...vusBuffer });
    };
    return {
      events,
      calibration: judge('calibration'),
      test: judge('test'),
      nearMisses: events.length > 0 ? [] : nearMisses(timestamps, scores.score, Math.max(1, model.warmUpRows)),
    };
  });
}

/** The highest scores that are at least `apartRows` rows from each other. */
function nearMisses(timestamps: Float64Array, score: Float32Array, apartRows: number): { time: number; score: number }[] {
  const found: number[] = [];
  while (found.length < NEAR_MISSES) {
    let best = -1;
    for (let i = 0; i < score.length; i++) {
      if (Number.isNaN(score[i]!) || (best >= 0 && score[i]! <= score[best]!)) continue;
      if (found.every((other) => Math.abs(other - i) >= apartRows)) best = i;
    }
    if (best < 0) break;
    found.push(best);
  }
  return found.map((row) => ({ time: timestamps[row]!, score: score[row]! }));
}
