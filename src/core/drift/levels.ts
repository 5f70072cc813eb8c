import type { PreparedSeries } from '../prepare/prepared';
import { weightsOf, type Anchor } from './anchor';
import type { DriftRule } from './rule';

/** What following did to one tag. Scaled units. */
export interface FollowedTag {
  /** What was taken off at its furthest from the training mean. */
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
 * Takes the slowly moving level off each tag. A row is anchored by the rows before it, never by itself or a later one:
 *
 * - the level forgets with the tag's own half-life, and follows only while the quick mean is within the tag's own limit of it;
 * - otherwise the tag stands apart, as in an event, and its level is held. A tag by itself: while a valve is closed the temperatures of the
 *   plant drift on, and holding them too would leave them apart when it opens again;
 * - when it returns, following goes on. When it has stood apart for the hold time, it is taken as it is. If it then comes back to where it
 *   was before, that level is taken again at once;
 * - a level stays within its reach of the training mean;
 * - what is taken off is the training mean, dragged along by the level where that is further away than the play.
 *
 * @param masked - [n] 1 for rows that say nothing, such as ignored time: they are anchored, but change no level.
 */
export function followLevels(data: PreparedSeries, anchor: Anchor, rule: DriftRule, masked: Uint8Array): Followed {
  const n = data.timestamps.length;
  const c = data.channels.length;
  const levels = new Float32Array(n * c);
  const values = data.values.slice();
  const tags = data.channels.map((_, j): FollowedTag => {
    if (anchor.follows[j] !== true) return { furthest: 0, last: 0, heldRows: 0, accepted: [], reached: false };
    const weights = weightsOf(data, anchor.halfLifeMs[j]!);
    const follower = new Follower(anchor.start[j]!, anchor.limit[j]!, anchor.play[j]!, rule, weights, data.stepMs);
    for (let i = 0; i < n; i++) {
      const at = i * c + j;
      levels[at] = follower.taken;
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

/** The level of one tag, row by row. */
class Follower implements FollowedTag {
  /** What is taken off. */
  taken = 0;
  furthest: number;
  heldRows = 0;
  readonly accepted: number[] = [];
  reached = false;
  private level: number;
  /** Quick mean of the tag. */
  private mean: number;
  /** Rows of the present stand apart. */
  private apart = 0;
  /** As it was before the last lasting shift. */
  private before = { level: NaN, taken: NaN };

  constructor(
    start: number,
    private readonly limit: number,
    private readonly play: number,
    private readonly rule: DriftRule,
    private readonly weights: readonly [slow: number, quick: number],
    private readonly stepMs: number,
  ) {
    this.level = start;
    this.mean = start;
    this.drag();
    this.furthest = this.taken;
  }

  get last(): number {
    return this.taken;
  }

  see(value: number, time: number): void {
    const [slow, quick] = this.weights;
    this.mean += quick * (value - this.mean);
    if (this.standsApart(this.level) && !this.standsApart(this.before.level)) {
      ({ level: this.level, taken: this.taken } = this.before);
      this.before = { level: NaN, taken: NaN };
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
    this.before = { level: this.level, taken: this.taken };
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
    this.drag();
    if (Math.abs(this.taken) > Math.abs(this.furthest)) this.furthest = this.taken;
  }

  private drag(): void {
    this.taken = Math.min(this.level + this.play, Math.max(this.level - this.play, this.taken));
  }
}
