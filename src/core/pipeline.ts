import type { Detector, RunContext, TrainedDetector } from './detectors/detector';
import type { ParamValues } from './detectors/params';
import type { DetectedEvent } from './events/event';
import { eventsFrom } from './events/events';
import type { Label } from './labels/label';
import type { Evaluation } from './metrics/evaluation';
import { evaluate } from './metrics/evaluate';
import type { PreparationChoices, Split } from './prepare/prepared';
import { prepare, type PrepareResult } from './prepare/prepare';
import { partSpan, rowsOfPart, trainingView, trainMask, validateSplit } from './prepare/split';
import type { Series } from './series/series';
import { scoreUnmasked } from './scoring/masked';
import type { Scores } from './scoring/scores';
import { normalScoresOf, suggestThreshold } from './thresholds/suggest';
import type { Objective, ThresholdChoice } from './thresholds/threshold';

export interface PipelineInput<P extends ParamValues> {
  readonly series: Series;
  readonly labels: readonly Label[];
  readonly choices: PreparationChoices;
  readonly stepChannels?: readonly string[];
  readonly split: Split;
  readonly detector: Detector<P>;
  readonly params: P;
  readonly objective: Objective;
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
}

export interface PipelineResult {
  readonly preparation: PrepareResult;
  /** To be disposed by the caller. */
  readonly trained: TrainedDetector;
  readonly scores: Scores;
  readonly threshold: ThresholdChoice;
  readonly events: readonly DetectedEvent[];
  readonly calibration: Evaluation;
  readonly test: Evaluation;
}

/**
 * The whole path once, without any store or screen: Series → PreparedSeries → TrainedDetector → Scores → Threshold → DetectedEvent[]
 * → Evaluation. The services take the same steps one by one. Read this first.
 *
 * What the detector and the scaler learn comes from the train part alone, the threshold from the calibration part alone; the test part
 * is touched last.
 */
export async function runPipeline<P extends ParamValues>(input: PipelineInput<P>, run: RunContext): Promise<PipelineResult> {
  const { series, labels, split, detector } = input;
  validateSplit(split, series.timestamps);

  const preparation = prepare(series, input.choices, {
    fitMask: trainMask(series.timestamps, split, labels),
    ...(input.stepChannels && { stepChannels: input.stepChannels }),
  });
  const { prepared } = preparation;
  const trained = await detector.train(trainingView(prepared, split, labels), input.params, run);
  const scores = await scoreUnmasked(trained, prepared, labels, run);

  const threshold = calibrate(prepared.timestamps, scores.score, trained.normalScores, input);
  const events = eventsFrom(prepared.timestamps, scores.score, threshold, scores.byChannel, prepared.channels);
  const judge = (part: 'calibration' | 'test'): Evaluation =>
    evaluate({
      timestamps: prepared.timestamps,
      score: scores.score,
      labels,
      events,
      rule: threshold,
      range: partSpan(split, part),
      part: `${part} part`,
    });
  return { preparation, trained, scores, threshold, events, calibration: judge('calibration'), test: judge('test') };
}

/** The threshold from the rows of the calibration part, which are all it sees. */
function calibrate<P extends ParamValues>(
  allTimestamps: Float64Array,
  allScores: Float32Array,
  heldOut: Float32Array,
  input: PipelineInput<P>,
): ThresholdChoice {
  const rows = rowsOfPart(allTimestamps, input.split, 'calibration');
  const timestamps = allTimestamps.subarray(rows.start, rows.end);
  const score = allScores.subarray(rows.start, rows.end);
  const { labels, minDurationMs, mergeGapMs } = input;
  const normal = normalScoresOf(timestamps, score, labels, heldOut);
  return suggestThreshold(input.objective, { timestamps, score, labels, ...normal, minDurationMs, mergeGapMs });
}
