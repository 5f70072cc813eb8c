import type { PreparedSeries } from '../prepare/prepared';
import { quickness, weightOf, type DriftRule } from './rule';

/** What following starts from, learned from the rows that train and stored with the model. Scaled units. */
export interface Anchor {
  /** [c] false for a tag that is held in steps or did not move: such a tag has states, not a level. */
  readonly follows: readonly boolean[];
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

/** What following did to one tag. Scaled units. */
export interface FollowedTag {
  /** Level that was furthest from the training mean. */
  readonly furthest: number;
  readonly last: number;
  /** Rows during which the level was held because the tag stood apart. */
  readonly heldRows: number;
  /** Times at which a lasting shift was taken as the new level; ms. */
  readonly accepted: readonly number[];
  /** True when the level came to the end of its reach. */
  readonly reached: boolean;
}

export interface Followed {
  /** The series less its levels. */
  readonly data: PreparedSeries;
  /** [n, c] what was taken off each value, in scaled units. */
  readonly levels: Float32Array;
  readonly tags: readonly FollowedTag[];
}

/**
 * The level at the start, and how far the quick mean parts from it in normal time: the largest distance over the rows that train, with the
 * level following all of them. Rows that do not train change nothing.
 *
 * @param trains - [n] 1 for rows that train. @param follows - [c]
 */
export function learnAnchor(data: PreparedSeries, trains: Uint8Array, rule: DriftRule, follows: readonly boolean[]): Anchor {
  const c = data.channels.length;
  const [slow, quick] = weightsOf(data, rule);
  const rows = Uint32Array.from(trains.keys()).filter((row) => trains[row] === 1);
  const firsts = rows.subarray(0, Math.max(1, Math.round(rule.halfLifeMs / (2 * data.stepMs))));
  const fits = Array.from({ length: c }, (_, j) => {
    const start = firsts.reduce((sum, row) => sum + data.values[row * c + j]! / firsts.length, 0);
    let level = start;
    let mean = start;
    let limit = leastLimit;
    for (const row of rows) {
      const value = data.values[row * c + j]!;
      mean += quick * (value - mean);
      limit = Math.max(limit, Math.abs(mean - level));
      level += slow * (value - level);
    }
    return { start, limit };
  });
  return { follows: [...follows], start: fits.map((fit) => fit.start), limit: fits.map((fit) => fit.limit) };
}

/**
 * Takes the slowly moving level off each tag. A row is anchored by the rows before it, never by itself or a later one:
 *
 * - the level forgets with the half-life, and follows only while the quick mean is within the tag's own limit of it;
 * - otherwise the tag stands apart, as in an event, and its level is held. A tag by itself: while a valve is closed the temperatures of the
 *   plant drift on, and holding them too would leave them apart when it opens again;
 * - when it returns, following goes on. When it has stood apart for the hold time, it is taken as it is. If it then comes back to where it
 *   was before, that level is taken again at once;
 * - a level stays within its reach of the training mean.
 *
 * @param masked - [n] 1 for rows that say nothing, such as ignored time: they are anchored, but change no level.
 */
export function followLevels(data: PreparedSeries, anchor: Anchor, rule: DriftRule, masked: Uint8Array): Followed {
  const n = data.timestamps.length;
  const c = data.channels.length;
  const weights = weightsOf(data, rule);
  const levels = new Float32Array(n * c);
  const values = data.values.slice();
  const tags = data.channels.map((_, j): FollowedTag => {
    if (anchor.follows[j] !== true) return { furthest: 0, last: 0, heldRows: 0, accepted: [], reached: false };
    const follower = new Follower(anchor.start[j]!, anchor.limit[j]!, rule, weights, data.stepMs);
    for (let i = 0; i < n; i++) {
      const at = i * c + j;
      levels[at] = follower.level;
      values[at] = data.values[at]! - levels[at];
      if (masked[i] !== 1) follower.see(data.values[at]!, data.timestamps[i]!);
    }
    return follower;
  });
  return { data: { ...data, values }, levels, tags: tags.map(toTag) };
}

function toTag({ furthest, last, heldRows, accepted, reached }: FollowedTag): FollowedTag {
  return { furthest, last, heldRows, accepted: [...accepted], reached };
}

function weightsOf({ stepMs }: PreparedSeries, { halfLifeMs }: DriftRule): readonly [slow: number, quick: number] {
  return [weightOf(stepMs, halfLifeMs), weightOf(stepMs, halfLifeMs / quickness)];
}

/** The level of one tag, row by row. */
class Follower implements FollowedTag {
  level: number;
  furthest: number;
  heldRows = 0;
  readonly accepted: number[] = [];
  reached = false;
  /** Quick mean of the tag. */
  private mean: number;
  /** Rows of the present stand apart. */
  private apart = 0;
  /** Level before the last lasting shift. */
  private before = NaN;

  constructor(
    start: number,
    private readonly limit: number,
    private readonly rule: DriftRule,
    private readonly weights: readonly [slow: number, quick: number],
    private readonly stepMs: number,
  ) {
    this.level = start;
    this.mean = start;
    this.furthest = start;
  }

  get last(): number {
    return this.level;
  }

  see(value: number, time: number): void {
    const [slow, quick] = this.weights;
    this.mean += quick * (value - this.mean);
    if (this.standsApart(this.level) && !this.standsApart(this.before)) {
      this.level = this.before;
      this.before = NaN;
    }
    if (!this.standsApart(this.level)) {
      this.apart = 0;
      this.move(this.level + slow * (value - this.level));
      return;
    }
    this.heldRows++;
    this.apart++;
    if (this.apart * this.stepMs < this.rule.holdMs) return;
    this.apart = 0;
    this.before = this.level;
    this.move(this.mean);
    if (!this.standsApart(this.level)) this.accepted.push(time);
  }

  /** Of no level at all everything stands apart. */
  private standsApart(level: number): boolean {
    return !(Math.abs(this.mean - level) <= this.limit);
  }

  private move(level: number): void {
    const { reach } = this.rule;
    this.level = Math.min(reach, Math.max(-reach, level));
    if (this.level !== level) this.reached = true;
    if (Math.abs(this.level) > Math.abs(this.furthest)) this.furthest = this.level;
  }
}
