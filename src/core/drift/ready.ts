import type { RunContext, TrainedDetector } from '../detectors/detector';
import { FaultlineError } from '../errors';
import { maskedClasses, ofClass, rowMask } from '../labels/interval';
import type { Label } from '../labels/label';
import type { Preparation, PreparationChoices, Split } from '../prepare/prepared';
import { prepare, type PrepareResult } from '../prepare/prepare';
import { trainMask } from '../prepare/split';
import { scoreUnmasked } from '../scoring/masked';
import type { Scores } from '../scoring/scores';
import type { Series } from '../series/series';
import { learnAnchor, type Anchor } from './anchor';
import { followLevels, type Followed } from './levels';
import { lowerScores, referenceOf, scoreRise } from './reference';
import { checkDrift, type DriftRule } from './rule';

export interface DataGiven {
  readonly labels: readonly Label[];
  /** Tags that are held instead of bridged linearly, and resampled by their last value. */
  readonly stepChannels?: readonly string[];
}

/** A series as a detector is given it: `prepared`, with the levels taken off where drift is followed. */
export interface Ready extends PrepareResult {
  readonly drift: (Followed & { readonly rule: DriftRule; readonly anchor: Anchor }) | null;
}

/**
 * A dataset prepared for training: scaler and anchor learn from the rows that train and from nothing else.
 *
 * @throws FaultlineError as `prepare`, and 'prepare/bad-drift'.
 */
export function readyForTraining(series: Series, choices: PreparationChoices, split: Split, given: DataGiven): Ready {
  const { stepChannels } = given;
  const result = prepare(series, choices, {
    fitMask: trainMask(series.timestamps, split, given.labels),
    ...(stepChannels && { stepChannels }),
  });
  const { drift: rule } = choices;
  if (!rule) return { ...result, drift: null };
  const { prepared, scaler } = result;
  const trains = trainMask(prepared.timestamps, split, given.labels);
  const trainRows = trains.reduce((sum, row) => sum + row, 0);
  checkDrift(rule, trainRows, prepared.stepMs);
  const follows = prepared.channels.map((name, j) => !scaler.flat[j] && !(stepChannels?.includes(name) ?? false));
  return followed(result, rule, learnAnchor(prepared, trains, rule, follows), given.labels);
}

/**
 * A dataset prepared the way a model's training data were.
 *
 * @throws FaultlineError as `prepare`, and 'model/incompatible' for a model that followed drift by the rule before this one.
 */
export function readyForScoring(series: Series, preparation: Preparation, given: DataGiven): Ready {
  const { stepChannels } = given;
  const { scaler, drift: rule, anchor } = preparation;
  const result = prepare(series, preparation, { scaler, ...(stepChannels && { stepChannels }) });
  if (anchor && !('play' in anchor)) {
    throw new FaultlineError(
      'model/incompatible',
      'This model follows drift by an early form of the rule, with one half-life for all tags. Train it again on the same data.',
    );
  }
  return rule && anchor ? followed(result, rule, anchor, given.labels) : { ...result, drift: null };
}

function followed(result: PrepareResult, rule: DriftRule, anchor: Anchor, labels: readonly Label[]): Ready {
  const { prepared } = result;
  const masked = rowMask(prepared.timestamps, ofClass(labels, ...maskedClasses));
  const drift = followLevels(prepared, anchor, rule, masked);
  return { ...result, prepared: drift.data, drift: { ...drift, rule, anchor } };
}

/**
 * Scores ready data outside the time labelled "ignore", see `scoreUnmasked`. Where drift is followed, what the detector expects is given where
 * the measured values are: with the levels; and the score is lowered by the rise of its reference, if the rule has one.
 */
export async function scoreReady(
  trained: Pick<TrainedDetector, 'score' | 'normalScores'>,
  { prepared, drift }: Ready,
  labels: readonly Label[],
  run: RunContext,
): Promise<Scores> {
  const scores = await scoreUnmasked(trained, prepared, labels, run);
  if (!drift) return scores;
  const { expected } = scores;
  const placed = expected ? { ...scores, expected: expected.map((value, at) => value + drift.levels[at]!) } : scores;
  const reference = drift.rule.withScore ? referenceOf(trained.normalScores) : null;
  return reference ? lowerScores(placed, scoreRise(scores.score, reference, drift.rule, prepared.stepMs)) : placed;
}
