import { FaultlineError } from '../errors';
import { explainingClasses, ofClass, rowMask } from '../labels/interval';
import type { Label } from '../labels/label';
import { normalDays } from '../metrics/days';
import { countOf, formatDays, formatNumber, formatScore } from '../report/format';
import { smallestWithinBudget } from './events-per-day';
import { isFalseAlarmLabel } from './feedback';
import { bestFBeta } from './fbeta';
import { rowKinds, rowKindsOf, scoresOfKind } from './rows';
import { fitTail, quantileOf } from './tail';
import { contractChoice } from '../budget/choice';
import type { EventContract } from '../budget/contract';
import { byEvents, type FoundRule } from './by-events';
import { byModes } from './by-mode';
import { conformalThreshold } from './conformal';
import type { ModeRule, Objective, Suppression, ThresholdChoice } from './threshold';

/** Knobs that can be searched together with the threshold. */
export type SearchKnob = 'minDuration' | 'mergeGap' | 'hysteresis' | 'deadTime';

/** Scores of the calibration part, and nothing of the test part. */
export interface SuggestInput {
  /** [n] */
  readonly timestamps: Float64Array;
  /** [n] NaN where there is no score. */
  readonly score: Float32Array;
  readonly labels: readonly Label[];
  /** Scores of normal data for thresholds without labels, and in words where they are from; see `normalScoresOf`. */
  readonly normal: Float32Array;
  readonly normalFrom: string;
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
  readonly hysteresis?: number | undefined;
  readonly deadTimeMs?: number | undefined;
  readonly suppress?: readonly Suppression[] | undefined;
  /** Shares of the tags that `suppress` names, [n] each. */
  readonly shares?: readonly { readonly channel: string; readonly share: Float32Array }[] | undefined;
  /** A threshold for each operating mode with enough rows of its own; `rows` as `modesOf` gives them. */
  readonly modes?: { readonly rule: ModeRule; readonly rows: Uint8Array } | undefined;
  /** For the objective 'contract'. */
  readonly contract?: EventContract | undefined;
  /** Knobs searched together with the threshold; the others stay as given. */
  readonly search?: readonly SearchKnob[] | undefined;
  /** Names of labels by id, for the sentence. */
  readonly names?: ReadonlyMap<string, string> | undefined;
}

/**
 * The threshold that an objective asks for, with a sentence that says where the number is from. It sees the rows of the input alone.
 *
 * Knobs of `search` are searched by the objectives on events (cost, recall, delay, contract); F per sample and the rules without labels do
 * not depend on them, or would always take the loosest, and leave them as given. With `modes` each mode with enough rows gets a threshold of
 * its own by the same objective, see `byModes`; the others fall back on the pooled one. A contract has one threshold for all modes.
 *
 * @throws FaultlineError 'threshold/no-labels' when the objective needs a labelled anomaly with scores and there is none,
 * 'threshold/no-scores' when there is nothing to choose from, 'threshold/not-separable' when all scores are equal,
 * 'threshold/bad-objective' for 'manual', 'carried' and a contract that is absent.
 */
export function suggestThreshold(objective: Objective, input: SuggestInput): ThresholdChoice {
  // One threshold for all modes: a contract limits the false events of all time, or of the one mode that it names.
  if (objective.kind === 'contract') return contractChoice(input);
  const { rule, achieved, from } = find(objective, input);
  const own = input.modes && byModes(objective, input, rule, input.modes, (part) => find(objective, part).rule.value);
  return {
    ...rule,
    ...(own && { modes: own.modes }),
    objective,
    achieved,
    from: own ? `${from} ${own.from}` : from,
  };
}

type Found = Pick<ThresholdChoice, 'value' | 'from' | 'achieved'>;

function find(objective: Objective, input: SuggestInput): FoundRule {
  switch (objective.kind) {
    case 'f1':
      return asGiven(input, byFBeta(input, 1, 'F1'));
    case 'fbeta':
      return asGiven(input, byFBeta(input, objective.beta, `F${objective.beta}`));
    case 'cost':
    case 'recall':
    case 'delay':
      return byEvents(objective, input);
    case 'events-per-day':
      // Exact over all scores, but blind to the other knobs.
      return input.hysteresis || input.deadTimeMs || input.suppress?.length
        ? byEvents(objective, input)
        : asGiven(input, byBudget(input, objective.limit));
    case 'quantile':
      return asGiven(input, byQuantile(input, objective.q));
    case 'pot':
      return asGiven(input, byTail(input, objective.q));
    case 'conformal':
      return asGiven(input, byConformal(input, objective.alpha));
    default:
      throw new FaultlineError('threshold/bad-objective', 'A threshold set by hand is entered, not suggested.', {});
  }
}

/** The threshold found, with the knobs as they were given; unused ones stay absent. */
function asGiven(input: SuggestInput, { value, achieved, from }: Found): FoundRule {
  const { minDurationMs, mergeGapMs, hysteresis, deadTimeMs, suppress } = input;
  const rule = {
    value,
    minDurationMs,
    mergeGapMs,
    ...(hysteresis && { hysteresis }),
    ...(deadTimeMs && { deadTimeMs }),
    ...(suppress?.length && { suppress }),
  };
  return { rule, achieved, from };
}

function byFBeta(input: SuggestInput, beta: number, name: string): Found {
  const kinds = rowKindsOf(input.timestamps, input.score, input.labels);
  const anomalies = scoresOfKind(input.score, kinds, rowKinds.anomaly);
  const normals = scoresOfKind(input.score, kinds, rowKinds.normal);
  if (anomalies.length === 0) {
    throw new FaultlineError(
      'threshold/no-labels',
      `${name} needs a labelled anomaly with scores in the calibration part, and there is none. ` +
        'Label one there, move the split, or choose a quantile or a tail fit.',
      { rows: input.timestamps.length },
    );
  }
  const lowest = Math.min(low(anomalies), low(normals));
  const highest = Math.max(high(anomalies), high(normals));
  if (normals.length === 0 || lowest === highest) {
    throw new FaultlineError(
      'threshold/not-separable',
      normals.length === 0
        ? 'Every scored row of the calibration part is labelled as an anomaly, so there is no normal time to compare with.'
        : `Every score of the calibration part is ${formatNumber(lowest)}, so no threshold can tell anomalies from normal time.`,
      {},
    );
  }
  const best = bestFBeta(input.score, kinds, beta)!;
  const labels = ofClass(input.labels, 'anomaly').filter((label) => rowMask(input.timestamps, [label]).includes(1)).length;
  return {
    value: best.value,
    achieved: best.f,
    from:
      `Best ${name} per sample on the calibration part: ${formatNumber(best.f)} ` +
      `(precision ${formatNumber(best.precision)}, recall ${formatNumber(best.recall)}; ` +
      `${countOf(labels, 'labelled anomaly', 'labelled anomalies')}, ${countOf(anomalies.length, 'anomalous sample')}, ` +
      `${countOf(normals.length, 'normal sample')}).`,
  };
}

function byBudget(input: SuggestInput, limit: number): Found {
  const kinds = rowKindsOf(input.timestamps, input.score, input.labels);
  const days = normalDays(input.timestamps, kinds);
  const budget = smallestWithinBudget({ ...input, kinds: withExplained(input, kinds) }, Math.floor(limit * days + 1e-9));
  if (!budget || days === 0) throw noScores('The calibration part has no scored normal time to count false events in.');
  const labelled = kinds.includes(rowKinds.anomaly);
  return {
    value: budget.value,
    achieved: budget.falseEvents / days,
    from:
      `Smallest threshold with at most ${limit} false events a day on the calibration part: ` +
      `${countOf(budget.falseEvents, 'false event')} in ${days >= 1 ? `${formatNumber(days)} days` : formatDays(days)}` +
      (labelled ? '.' : '; no anomaly is labelled there, so every event counts as false.'),
  };
}

/** Rows inside labels that explain an event count as anomalies here: an event that holds one of them is not false. */
function withExplained({ timestamps, labels }: SuggestInput, kinds: Uint8Array): Uint8Array {
  const explained = rowMask(timestamps, ofClass(labels, ...explainingClasses));
  return kinds.map((kind, i) => (explained[i] === 1 ? rowKinds.anomaly : kind));
}

function byQuantile(input: SuggestInput, q: number): Found {
  const sorted = input.normal.filter((s) => !Number.isNaN(s)).sort();
  if (sorted.length === 0) throw noScores('There is no score of normal data to take a quantile of.');
  const above = (1 - q) * sorted.length;
  return {
    value: quantileOf(sorted, q),
    achieved: null,
    from:
      `Quantile ${q} of ${countOf(sorted.length, 'score')} of ${input.normalFrom}` +
      (above < 1 ? '; fewer than one of them lies above, so it is close to the highest.' : '.'),
  };
}

function byTail(input: SuggestInput, q: number): Found {
  const fit = fitTail(input.normal, q);
  return {
    value: fit.value,
    achieved: null,
    from:
      `Tail fit to ${countOf(fit.samples, 'score')} of ${input.normalFrom}: generalised Pareto with shape ${formatNumber(fit.shape)} ` +
      `and scale ${formatNumber(fit.scale)} over ${countOf(fit.excesses, 'excess', 'excesses')} above ${formatScore(fit.initial)}; ` +
      `a normal sample exceeds it with probability ${formatNumber(Math.min(q, 1 - q))}.`,
  };
}

function byConformal(input: SuggestInput, alpha: number): Found {
  const found = conformalThreshold(input.normal, alpha);
  return {
    value: found.value,
    achieved: found.p,
    from:
      `Conformal p-value of at most ${alpha} among ${countOf(found.maxima.length, 'normal block')} of ${countOf(found.rows, 'row')} ` +
      `(${input.normalFrom}): a normal block of that length reaches it with probability ${formatNumber(found.p)} or less.`,
  };
}

function noScores(message: string): FaultlineError {
  return new FaultlineError('threshold/no-scores', `${message} Score the data first, or move the split.`, {});
}

function low(scores: Float32Array): number {
  return scores.reduce((a, b) => Math.min(a, b), Infinity);
}

function high(scores: Float32Array): number {
  return scores.reduce((a, b) => Math.max(a, b), -Infinity);
}

/**
 * Scores of normal data for thresholds without labels: the calibration rows labelled normal where there are any, else the scores that
 * the detector held out while training, else the calibration rows outside labels of anomalies and masks.
 *
 * @param heldOut - `TrainedDetector.normalScores`; may be empty.
 */
export function normalScoresOf(
  timestamps: Float64Array,
  score: Float32Array,
  labels: readonly Label[],
  heldOut: Float32Array,
): { readonly normal: Float32Array; readonly normalFrom: string } {
  const kinds = rowKindsOf(timestamps, score, labels);
  const marked = rowMask(
    timestamps,
    ofClass(labels, 'normal').filter((label) => !isFalseAlarmLabel(label)),
  );
  const labelled = score.filter((_, i) => kinds[i] === rowKinds.normal && marked[i] === 1);
  if (labelled.length > 0) return { normal: labelled, normalFrom: 'calibration samples labelled normal' };
  if (heldOut.length > 0) return { normal: heldOut, normalFrom: 'train rows, none judged by statistics of its own' };
  return {
    normal: scoresOfKind(score, kinds, rowKinds.normal),
    normalFrom: 'calibration samples outside labels of anomalies and masks',
  };
}
