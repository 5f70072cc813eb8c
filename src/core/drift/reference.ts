import { quantile } from '../detectors/shared/windows';
import type { Scores } from '../scoring/scores';
import { quickness, weightOf, type DriftRule } from './rule';

/** What scores of normal data are like: their median, and from there to their limit. */
export interface ScoreReference {
  readonly median: number;
  readonly unit: number;
}

/** Scores up to this quantile of the held-out normal scores are recent normal time; above it an event may be open. */
const limitQuantile = 0.9;
/** The reference rises by at most this many times the distance from median to limit. */
const mostUnits = 2;
const fewestScores = 20;
/** It forgets so much more slowly than levels: what moves as quickly as they do is taken off before it is scored. */
const slowness = 4;

/** The reference of a model; null when it held out too few scores, or all are equal: its scores then stay as they are. */
export function referenceOf(normalScores: Float32Array): ScoreReference | null {
  const known = normalScores.filter(Number.isFinite);
  if (known.length < fewestScores) return null;
  const median = quantile(known, 0.5);
  const unit = quantile(known, limitQuantile) - median;
  return unit > 0 ? { median, unit } : null;
}

/**
 * By how much recent normal scores lie above those held out in training: a running mean with four times the rule's half-life over rows whose score is
 * within the limit above it, held while the score is beyond, and after the hold time taken as it is. It never falls below the held-out
 * level, so no score is raised by it. Row by row, and a row's own score does not move what is taken off it.
 *
 * @param score - [n] NaN where there is none: such rows change nothing.
 * @param lowered - true when `score` has been lowered by this already: the rise is then found again.
 * @returns [n] what is to be taken, or was taken, off each score, in its own unit; 0 or more.
 */
export function scoreRise(
  score: Float32Array,
  { median, unit }: ScoreReference,
  rule: DriftRule,
  stepMs: number,
  lowered = false,
): Float32Array {
  const slow = weightOf(stepMs, slowness * rule.halfLifeMs);
  const quick = weightOf(stepMs, (slowness * rule.halfLifeMs) / quickness);
  const rise = new Float32Array(score.length);
  let level = 0;
  let mean = 0;
  let above = 0;
  for (let i = 0; i < score.length; i++) {
    rise[i] = level * unit;
    if (!Number.isFinite(score[i])) continue;
    const beyond = (score[i]! - median) / unit - (lowered ? 0 : level);
    mean += quick * (level + beyond - mean);
    if (beyond <= 1) {
      above = 0;
      level += slow * beyond;
    } else if (++above * stepMs >= rule.holdMs) {
      above = 0;
      level = mean;
    }
    level = Math.min(mostUnits, Math.max(0, level));
  }
  return rise;
}

/** Scores less the rise of their reference. */
export function lowerScores(scores: Scores, rise: Float32Array): Scores {
  const less = (values: Float32Array): Float32Array => values.map((value, i) => value - rise[i]!);
  return { ...scores, score: less(scores.score), ...(scores.review && { review: less(scores.review) }) };
}
