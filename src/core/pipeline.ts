import type { EventContract } from './budget/contract';
import type { Detector, RunContext, TrainedDetector } from './detectors/detector';
import { readyForTraining, scoreReady, type Ready } from './drift/ready';
import type { ParamValues } from './detectors/params';
import type { DetectedEvent, HiddenEvent } from './events/event';
import { detect, type ScoredRows } from './events/events';
import type { Label } from './labels/label';
import type { Evaluation } from './metrics/evaluation';
import { evaluate } from './metrics/evaluate';
import type { PreparationChoices, Split } from './prepare/prepared';
import { labelsKnownBy } from './prepare/seen';
import { partSpan, rowsOfPart, trainingView, validateSplit } from './prepare/split';
import type { Series } from './series/series';
import type { Scores } from './scoring/scores';
import { modesOf } from './thresholds/modes';
import { normalScoresOf, suggestThreshold, type SearchKnob } from './thresholds/suggest';
import type { ModeRule, Objective, Suppression, ThresholdChoice } from './thresholds/threshold';

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
  readonly hysteresis?: number;
  readonly deadTimeMs?: number;
  readonly suppress?: readonly Suppression[];
  /** A threshold for each operating mode; its tag may be one that the detector does not use. */
  readonly modes?: ModeRule;
  readonly search?: readonly SearchKnob[];
  /** For the objective 'contract'. */
  readonly contract?: EventContract;
}

export interface PipelineResult {
  readonly preparation: Ready;
  /** To be disposed by the caller. */
  readonly trained: TrainedDetector;
  readonly scores: Scores;
  readonly threshold: ThresholdChoice;
  readonly events: readonly DetectedEvent[];
  readonly hidden: readonly HiddenEvent[];
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

  const preparation = readyForTraining(series, input.choices, split, {
    labels,
    ...(input.stepChannels && { stepChannels: input.stepChannels }),
  });
  const { prepared } = preparation;
  const trained = await detector.train(trainingView(prepared, split, labels), input.params, run);
  const scores = await scoreReady(trained, preparation, labels, run);

  const rows: ScoredRows = {
    timestamps: prepared.timestamps,
    score: scores.score,
    byChannel: scores.byChannel,
    channels: prepared.channels,
    modes: input.modes && modesOfSeries(prepared.timestamps, series, input.modes),
  };
  const threshold = calibrate(rows, trained.normalScores, input);
  const { events, hidden } = detect(rows, threshold);
  const judge = (part: 'calibration' | 'test'): Evaluation =>
    evaluate({ ...rows, labels, events, hidden, rule: threshold, range: partSpan(split, part), part: `${part} part` });
  return {
    preparation,
    trained,
    scores,
    threshold,
    events,
    hidden,
    calibration: judge('calibration'),
    test: judge('test'),
  };
}

function modesOfSeries(timestamps: Float64Array, series: Series, rule: ModeRule): Uint8Array {
  const column = series.columns[series.channels.indexOf(rule.channel)];
  return modesOf(timestamps, series.timestamps, column ?? [], rule);
}

/** The threshold from the rows of the calibration part and the labels known by its end, which are all it sees. */
function calibrate<P extends ParamValues>(all: ScoredRows, heldOut: Float32Array, input: PipelineInput<P>): ThresholdChoice {
  const { start, end } = rowsOfPart(all.timestamps, input.split, 'calibration');
  const timestamps = all.timestamps.subarray(start, end);
  const score = all.score.subarray(start, end);
  const { modes } = input;
  const labels = end > start ? labelsKnownBy(input.labels, { start: timestamps[0]!, end: timestamps.at(-1)! }) : [];
  return suggestThreshold(input.objective, {
    timestamps,
    score,
    labels,
    ...normalScoresOf(timestamps, score, labels, heldOut),
    minDurationMs: input.minDurationMs,
    mergeGapMs: input.mergeGapMs,
    hysteresis: input.hysteresis,
    deadTimeMs: input.deadTimeMs,
    suppress: input.suppress,
    shares: input.suppress?.map(({ channel }) => ({ channel, share: shareOf(all, channel, start, end) })),
    modes: modes && { rule: modes, rows: all.modes!.subarray(start, end) },
    search: input.search,
    contract: input.contract,
  });
}

/** [end − start] share of one tag; NaN where the detector gives none. */
function shareOf({ byChannel, channels = [] }: ScoredRows, channel: string, start: number, end: number): Float32Array {
  const column = channels.indexOf(channel);
  return Float32Array.from({ length: end - start }, (_, i) =>
    byChannel && column >= 0 ? byChannel[(start + i) * channels.length + column]! : NaN,
  );
}
