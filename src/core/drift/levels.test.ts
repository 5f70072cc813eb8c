import { describe, expect, it } from 'vitest';
import type { PreparedSeries } from '../prepare/prepared';
import { randomFrom } from '../random';
import { learnAnchor, type Anchor } from './anchor';
import { followLevels } from './levels';
import { checkDrift, driftRule, proposeDrift, weightOf, type DriftRule } from './rule';

const second = 1000;

/** Rows a second apart of tags given as columns. */
function seriesOf(...columns: (readonly number[])[]): PreparedSeries {
  const n = columns[0]!.length;
  return {
    timestamps: Float64Array.from({ length: n }, (_, i) => i * second),
    values: Float32Array.from(
      { length: n * columns.length },
      (_, at) => columns[at % columns.length]![Math.floor(at / columns.length)]!,
    ),
    channels: columns.map((_, j) => `t${j}`),
    segments: [{ start: 0, end: n }],
    stepMs: second,
  };
}

/** Half-lives of 4 rows, and so of one row for the quick mean, which then halves its distance each row. */
const rule: DriftRule = { halfLifeMs: 4 * second, holdMs: 6 * second, reach: 10 };
const slow = weightOf(second, 4 * second);
const none = (data: PreparedSeries): Uint8Array => new Uint8Array(data.timestamps.length);
const anchorOf = (limit: number, start = 0): Anchor => ({
  follows: [true],
  halfLifeMs: [4 * second],
  play: [0.25],
  start: [start],
  limit: [limit],
});

describe('following a level', () => {
  it('gives a new value half its weight after a half-life', () => {
    expect(slow).toBeCloseTo(0.159104, 6);
    const { levels, data } = followLevels(seriesOf(new Array(9).fill(1)), anchorOf(100), rule, new Uint8Array(9));
    // After 4 rows of 1 the level stands at a half, after 8 at three quarters; a quarter of it is play. A row is anchored by those before it alone.
    expect([...levels.subarray(0, 2)]).toEqual([0, 0]);
    expect(levels[4]).toBeCloseTo(0.25, 6);
    expect(levels[8]).toBeCloseTo(0.5, 6);
    expect(data.values[8]).toBeCloseTo(0.5, 6);
  });

  it('holds it while the tag stands apart, and goes on when the tag is back', () => {
    // Quick mean: 4 in row 0 (of 8), 6, 7, then 3.5, 1.75, 0.875: within the limit of 1 at row 5. Four rows of 1 move the level by a half.
    const { levels, tags } = followLevels(seriesOf([8, 8, 8, 0, 0, 0, 1, 1, 1, 1, 1]), anchorOf(1), rule, new Uint8Array(11));
    expect([...levels.subarray(0, 7)]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(levels[10]).toBeCloseTo(0.25, 6);
    expect(tags[0]).toMatchObject({ heldRows: 5, accepted: [], reached: false });
  });

  it('takes a shift that lasts as it is after the hold time, and the level of before at once when it comes back', () => {
    const values = [...new Array<number>(8).fill(8), ...new Array<number>(6).fill(0)];
    const { levels, tags } = followLevels(seriesOf(values), anchorOf(1), rule, new Uint8Array(14));
    // Six rows apart: the quick mean is 8·(1 − 2⁻⁶) = 7.875 by then.
    expect(levels[5]).toBe(0);
    expect(levels[6]).toBeCloseTo(7.625, 6);
    expect(tags[0]!.accepted).toEqual([5 * second]);
    // Back at 0 from row 8 on the quick mean is 7.97·2⁻ᵏ: within 1 of the level of before after three rows, not after another hold time.
    expect(levels[10]).toBeGreaterThan(7.6);
    expect(levels[11]).toBe(0);
    expect(levels[13]).toBe(0);
    expect(tags[0]!.accepted).toHaveLength(1);
  });

  it('stays within its reach, and says so: what lies beyond stays apart for good', () => {
    const { levels, tags } = followLevels(seriesOf(new Array(40).fill(30)), anchorOf(1), rule, new Uint8Array(40));
    expect(levels[39]).toBe(9.75);
    expect(tags[0]).toMatchObject({ reached: true, accepted: [], furthest: 9.75, heldRows: 40 });
  });

  it('learns nothing from masked rows, nor for a tag that it does not follow', () => {
    const data = seriesOf(new Array(8).fill(1));
    expect([...followLevels(data, anchorOf(100), rule, new Uint8Array(8).fill(1)).levels]).toEqual(new Array(8).fill(0));
    const states = followLevels(data, { ...anchorOf(100, 5), follows: [false] }, rule, none(data));
    expect(states.data.values).toEqual(data.values);
  });

  it('is by tag: one in an event does not hold the others', () => {
    const data = seriesOf(new Array(9).fill(50), new Array(9).fill(1));
    const anchor: Anchor = {
      follows: [true, true],
      halfLifeMs: [4 * second, 4 * second],
      play: [0.25, 0.25],
      start: [0, 0],
      limit: [1, 100],
    };
    const { levels } = followLevels(data, anchor, { ...rule, holdMs: 3600 * second }, none(data));
    expect(levels[8 * 2]).toBe(0);
    expect(levels[8 * 2 + 1]).toBeCloseTo(0.5, 6);
  });

  it('follows each tag by its own half-life and play', () => {
    const data = seriesOf(new Array(9).fill(1), new Array(9).fill(1));
    const anchor: Anchor = {
      follows: [true, true],
      halfLifeMs: [4 * second, 8 * second],
      play: [0.5, 0.1],
      start: [0, 0],
      limit: [100, 100],
    };
    const { levels } = followLevels(data, anchor, rule, none(data));
    expect(levels[8 * 2]).toBeCloseTo(0.75 - 0.5, 6);
    expect(levels[8 * 2 + 1]).toBeCloseTo(0.5 - 0.1, 6);
  });

  it('takes nothing off a tag within the play of its training mean', () => {
    const data = seriesOf(Array.from({ length: 40 }, (_, i) => 0.24 * Math.sin(i / 9)));
    expect(followLevels(data, anchorOf(1), rule, none(data)).data.values).toEqual(data.values);
  });
});

describe('an anchor', () => {
  it('starts at the first training rows and allows what they show by themselves', () => {
    // Two first rows (half of a half-life of 4): start 2. Quick mean 1, 2.5, 3.25, 4.625: apart from the level by most in the last row.
    const data = seriesOf([0, 4, 4, 6, 999]);
    const trains = Uint8Array.of(1, 1, 1, 1, 0);
    const { start, limit } = learnAnchor(data, trains, rule, [true]);
    let level = 2;
    for (const value of [0, 4, 4]) level += slow * (value - level);
    expect(start).toEqual([2]);
    expect(limit[0]).toBeCloseTo(4.625 - level, 6);
  });

  it('forgets quickly what wanders, and leaves more play to what does not', () => {
    const random = randomFrom(7);
    let walk = 0;
    const walking = Array.from({ length: 6400 }, () => (walk += 0.2 * random.normal()));
    const noise = Array.from({ length: 6400 }, () => random.normal());
    const data = seriesOf(walking, noise);
    const long = { ...rule, halfLifeMs: 100 * second };
    const trains = none(data).fill(1);
    expect(learnAnchor(data, trains, long, [true, true]).halfLifeMs).toEqual([25 * second, 100 * second]);
    expect(learnAnchor(data, trains, long, [true, true]).play).toEqual([0.25, 0.5]);
    expect(learnAnchor(data, trains, long, [true, true], [1]).halfLifeMs).toEqual([100 * second, 100 * second]);
    // Never fewer than four rows, which the quick mean needs.
    expect(learnAnchor(data, trains, { ...rule, halfLifeMs: 8 * second }, [true, true]).halfLifeMs[0]).toBe(4 * second);
  });

  it('never holds a level in the rows it was learned from', () => {
    const random = randomFrom(3);
    let walk = 0;
    const data = seriesOf(Array.from({ length: 400 }, () => (walk += 0.1 * random.normal()) + random.normal()));
    const long = { ...rule, halfLifeMs: 25 * second, holdMs: 400 * second };
    const anchor = learnAnchor(data, none(data).fill(1), long, [true]);
    expect(followLevels(data, anchor, long, none(data)).tags[0]!.heldRows).toBe(0);
  });
});

describe('a rule', () => {
  it('is proposed as a sixteenth of the train part in round time', () => {
    expect(proposeDrift(400 * second, second)).toEqual({ halfLifeMs: 25 * second, holdMs: 400 * second, reach: 10 });
    expect(proposeDrift(30 * 86_400 * second, 60 * second).halfLifeMs).toBe(45 * 3600 * second);
    // At least one row for the quick mean.
    expect(proposeDrift(20 * second, second).halfLifeMs).toBe(4 * second);
  });

  it('is refused where the rows cannot carry it', () => {
    expect(() => checkDrift(driftRule(25 * second), 400, second)).not.toThrow();
    expect(() => checkDrift(driftRule(3 * second), 400, second)).toThrow('allow 4 s (4 rows) to 1 min 40 s');
    expect(() => checkDrift(driftRule(101 * second), 400, second)).toThrow('Choose one between');
    expect(() => checkDrift(driftRule(25 * second, { holdMs: second }), 400, second)).toThrow('sooner than the half-life');
    expect(() => checkDrift(driftRule(4 * second), 10, second)).toThrow('too few to learn');
  });
});
