import type { PreparedSeries } from '../prepare/prepared';
import { quickness, weightOf, type DriftRule } from './rule';

/** What following starts from, learned from the rows that train and stored with the model. Scaled units. */
export interface Anchor {
  /** [c] false for a tag that is held in steps or did not move: such a tag has states, not a level. */
  readonly follows: readonly boolean[];
  /** [c] the tag's own half-life, ms: the rule's, a half or a quarter of it, whichever forecast it best among the rows that train. */
  readonly halfLifeMs: readonly number[];
  /** [c] by how much the level may differ from what is taken off: `stillPlay` for a tag that its training mean forecast better than any level. */
  readonly play: readonly number[];
  /** [c] level at the first rows that train. */
  readonly start: readonly number[];
  /** [c] furthest that the quick mean stood from the level among the rows that train, or `leastLimit`: beyond it a tag stands apart. */
  readonly limit: readonly number[];
}

/**
 * Standard deviations of the training rows that are no shift in any tag. Training rows without drift show no departure to speak of; held at
 * every lag behind a slow drift, a level would follow nothing. Drift of up to 0.7 standard deviations in a half-life is so followed.
 */
const leastLimit = 0.75;

/** Of the rule's half-life. A tag that wanders quickly is lost by a long one, and would then stand apart after every event. */
const halfLifeShares = [1, 1 / 2, 1 / 4];
/**
 * Standard deviations of the training rows. Without play a smooth tag would keep so little spread that every later jolt of it counted in detectors
 * that measure tags by their own spread; and a tag that did not wander while training has weak shifts to lose, and no drift that we know of.
 */
const play = 0.25;
const stillPlay = 0.5;

/**
 * Half-life, play, level at the start, and how far the quick mean parts from the level in normal time: the largest distance over the rows that train,
 * with the level following all of them. Rows that do not train change nothing.
 *
 * @param trains - [n] 1 for rows that train. @param follows - [c] @param shares - of the rule's half-life, to choose each tag's from.
 */
export function learnAnchor(
  data: PreparedSeries,
  trains: Uint8Array,
  rule: DriftRule,
  follows: readonly boolean[],
  shares: readonly number[] = halfLifeShares,
): Anchor {
  const c = data.channels.length;
  const rows = Uint32Array.from(trains.keys()).filter((row) => trains[row] === 1);
  const leastMs = quickness * data.stepMs;
  const halfLives = shares.map((share) => Math.max(leastMs, share * rule.halfLifeMs));
  const fits = Array.from({ length: c }, (_, j) => {
    const values = Float64Array.from(rows, (row) => data.values[row * c + j]!);
    const { halfLifeMs, still } = paceOf(values, halfLives, Math.round(rule.halfLifeMs / data.stepMs), data.stepMs);
    const [slow, quick] = weightsOf(data, halfLifeMs);
    const start = startOf(values, halfLifeMs / data.stepMs);
    let level = start;
    let mean = start;
    let limit = leastLimit;
    for (const value of values) {
      mean += quick * (value - mean);
      limit = Math.max(limit, Math.abs(mean - level));
      level += slow * (value - level);
    }
    return { halfLifeMs, play: still ? stillPlay : play, start, limit };
  });
  return {
    follows: [...follows],
    halfLifeMs: fits.map((fit) => fit.halfLifeMs),
    play: fits.map((fit) => fit.play),
    start: fits.map((fit) => fit.start),
    limit: fits.map((fit) => fit.limit),
  };
}

/** Mean of the first rows, half of a half-life of them. */
function startOf(values: Float64Array, halfLife: number): number {
  const firsts = values.subarray(0, Math.max(1, Math.round(halfLife / 2)));
  return firsts.reduce((sum, value) => sum + value / firsts.length, 0);
}

/**
 * The half-life whose level was nearest, in mean square, to the mean of the next `ahead` rows. Still is a tag to whose next rows the training
 * mean, which is 0, was nearer: the first half-life then.
 *
 * @param values - [n] of the rows that train; the first `ahead` are not judged.
 */
function paceOf(
  values: Float64Array,
  halfLives: readonly number[],
  ahead: number,
  stepMs: number,
): { readonly halfLifeMs: number; readonly still: boolean } {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, i) => (sums[i + 1] = sums[i]! + value));
  const errorOf = (start: number, weight: number): number => {
    let level = start;
    let error = 0;
    for (let i = 0; i + 1 + ahead <= values.length; i++) {
      level += weight * (values[i]! - level);
      if (i >= ahead) error += ((sums[i + 1 + ahead]! - sums[i + 1]!) / ahead - level) ** 2;
    }
    return error;
  };
  const errors = halfLives.map((ms) => errorOf(startOf(values, ms / stepMs), weightOf(stepMs, ms)));
  const least = Math.min(...errors);
  const still = errorOf(0, 0) < least;
  return { halfLifeMs: halfLives[still ? 0 : errors.indexOf(least)]!, still };
}

/** Weight of a new value in the level and in the quick mean. */
export function weightsOf({ stepMs }: PreparedSeries, halfLifeMs: number): readonly [slow: number, quick: number] {
  return [weightOf(stepMs, halfLifeMs), weightOf(stepMs, halfLifeMs / quickness)];
}
