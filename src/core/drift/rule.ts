import { FaultlineError } from '../errors';
import { formatDuration } from '../report/format';

/** How slow drift is followed; absent from a preparation: not at all. Chosen on generated plants, see docs/decisions/0017-drift.md. */
export interface DriftRule {
  /** A level that has moved is half forgotten after this time, or after a half or a quarter of it, as suits the tag. */
  readonly halfLifeMs: number;
  /** A tag that has stood apart from its level for this long is taken as it is. */
  readonly holdMs: number;
  /** Furthest that a level may move from the training mean, in standard deviations of the training rows. */
  readonly reach: number;
  /** Re-anchors the score's reference too (reference.ts). It gains on some plants and costs on others: decision 17. */
  readonly withScore?: true | undefined;
}

/** A tag is compared with its level by a mean that forgets this many times faster. */
export const quickness = 4;
/** Proposed half-life as a share of the train part; a shift that lasts as long as the train part is then as well known as that. */
const halfLives = 16;
const usualReach = 10;
/** The quick mean needs a half-life of one row, and the train part must show the level at least this often. */
const leastHalfLives = 4;

/** The rule for a train part of this length. */
export function proposeDrift(trainMs: number, stepMs: number): DriftRule {
  const halfLifeMs = Math.max(quickness * stepMs, roundTime(trainMs / halfLives));
  return driftRule(halfLifeMs);
}

/** The rule of a half-life, with the usual hold and reach. */
export function driftRule(halfLifeMs: number, given: Partial<Omit<DriftRule, 'halfLifeMs'>> = {}): DriftRule {
  const { holdMs = halfLives * halfLifeMs, reach = usualReach, withScore } = given;
  return { halfLifeMs, holdMs, reach, ...(withScore && { withScore }) };
}

/**
 * Refuses a rule that these rows cannot be followed by.
 *
 * @param trainRows - rows that train. @param stepMs - their usual distance.
 * @throws FaultlineError 'prepare/bad-drift'.
 */
export function checkDrift({ halfLifeMs, holdMs }: DriftRule, trainRows: number, stepMs: number): void {
  const [least, most] = [quickness * stepMs, (trainRows * stepMs) / leastHalfLives];
  const details = { halfLifeMs, holdMs, least, most };
  if (most < least) {
    throw new FaultlineError(
      'prepare/bad-drift',
      `${trainRows} rows train, which are too few to learn how far levels move by themselves. Train on more, or leave drift alone.`,
      details,
    );
  }
  if (halfLifeMs < least || halfLifeMs > most) {
    throw new FaultlineError(
      'prepare/bad-drift',
      `The half-life of drift is ${formatDuration(halfLifeMs)}, but these training data allow ${formatDuration(least)} (${quickness} rows) ` +
        `to ${formatDuration(most)} (a quarter of them). Choose one between.`,
      details,
    );
  }
  if (holdMs < halfLifeMs) {
    throw new FaultlineError(
      'prepare/bad-drift',
      `A shift would be taken as normal after ${formatDuration(holdMs)}, sooner than the half-life of ${formatDuration(halfLifeMs)}. ` +
        'Make it longer than the longest event that must be seen to its end.',
      details,
    );
  }
}

/** Share of a new value in a mean with this half-life. */
export function weightOf(stepMs: number, halfLifeMs: number): number {
  return 1 - 2 ** (-stepMs / halfLifeMs);
}

const second = 1000;
const roundTimes = [60 * second, 3600 * second, 24 * 3600 * second];

/** Down to a whole number of the largest of seconds, minutes, hours and days that it holds at least two of; a half-life needs no more digits. */
function roundTime(ms: number): number {
  const unit = roundTimes.findLast((one) => ms >= 2 * one) ?? (ms >= 2 * second ? second : 1);
  return Math.max(1, Math.floor(ms / unit) * unit);
}
