import { describe, expect, it } from 'vitest';
import { randomFrom } from '../random';
import type { ThresholdRule } from '../thresholds/threshold';
import { detect, eventRows, eventsFrom, type ScoredRows } from './events';

const minute = 60_000;
const rows = (list: readonly number[], over: Partial<ScoredRows> = {}): ScoredRows => ({
  timestamps: Float64Array.from(list, (_, i) => i * minute),
  score: Float32Array.from(list),
  ...over,
});
const rule = (over: Partial<ThresholdRule> = {}): ThresholdRule => ({ value: 5, minDurationMs: 0, mergeGapMs: 0, ...over });
const spans = (events: readonly { start: number; end: number }[]): number[][] =>
  events.map((e) => [e.start / minute, e.end / minute]);

describe('hysteresis', () => {
  //             0  1  2  3  4  5  6    7  8  9
  const scored = [4, 5, 4, 3, 4, 6, NaN, 4, 4, 5];

  it('carries an event on down to threshold less hysteresis, and never begins one there', () => {
    // From the 5 at 1 through the 4 at 2; the 3 ends it; the 4 at 4 begins nothing; NaN ends the 6; the 4s at 7 and 8 begin nothing.
    expect(spans(detect(rows(scored), rule({ hysteresis: 1 })).events)).toEqual([
      [1, 2],
      [5, 5],
      [9, 9],
    ]);
    expect(spans(detect(rows(scored), rule({ hysteresis: 2 })).events)).toEqual([
      [1, 5],
      [9, 9],
    ]);
  });

  it('comes before merging and minimum duration', () => {
    // Runs 1-2, 5, 9: from 2 to 5 are 3 minutes, from 5 to 9 four.
    const merged = rule({ hysteresis: 1, mergeGapMs: 3 * minute });
    expect(spans(detect(rows(scored), merged).events)).toEqual([
      [1, 5],
      [9, 9],
    ]);
    expect(spans(detect(rows(scored), { ...merged, minDurationMs: minute }).events)).toEqual([[1, 5]]);
  });

  it('does not reach across a gap in time', () => {
    const timestamps = Float64Array.from([0, 1, 60, 61], (m) => m * minute);
    const found = detect({ timestamps, score: Float32Array.of(5, 4, 4, 4), gapMs: 3 * minute }, rule({ hysteresis: 1 }));
    expect(spans(found.events)).toEqual([[0, 1]]);
  });

  it('is what a reading sample by sample gives', () => {
    const random = randomFrom(5);
    for (let round = 0; round < 200; round++) {
      const list = Array.from({ length: 40 }, () => (random.next() < 0.1 ? NaN : random.int(8)));
      const inside: boolean[] = [];
      list.forEach((s, i) => inside.push(s >= 5 || (s >= 3 && inside[i - 1] === true)));
      const found = eventRows(rows(list).timestamps, Float32Array.from(list), rule({ hysteresis: 2 }));
      const covered = list.map((_, i) => found.some(({ first, last }) => i >= first && i <= last));
      expect(covered).toEqual(inside);
    }
  });
});

describe('thresholds of modes', () => {
  const modes = { channel: 'speed', edges: [100, 200], values: [2, null, 7] };

  it('judges each row by its mode, and rows of modes without their own by the pooled threshold', () => {
    // Limits: mode 0: 2, mode 1: pooled 5, mode 2: 7, no mode: pooled 5.
    const score = [3, 3, 3, 3, 6, 6, 6, 6];
    const mode = Uint8Array.of(0, 1, 2, 255, 0, 1, 2, 255);
    expect(spans(detect(rows(score, { modes: mode }), rule({ modes })).events)).toEqual([
      [0, 0],
      [4, 5],
      [7, 7],
    ]);
  });

  it('lowers the threshold of each mode by the hysteresis', () => {
    // 7 begins in mode 2; 6 in mode 2 is held; 5.5 in mode 2 is not; 5.5 in mode 1 begins.
    const found = detect(rows([7, 6, 5.5, 5.5], { modes: Uint8Array.of(2, 2, 2, 1) }), rule({ modes, hysteresis: 1 }));
    expect(spans(found.events)).toEqual([
      [0, 1],
      [3, 3],
    ]);
  });

  it('refuses rows without modes, because the pooled threshold would be wrong without a word', () => {
    expect(() => detect(rows([1]), rule({ modes }))).toThrow('modes of the rows');
  });
});

describe('dead time', () => {
  it('runs from the end of the last shown event, and a hidden one starts none', () => {
    // Events at 0-1, 4, 7, 9. Dead time 5 from 1: hides 4 (3 later); 7 is 6 after 1: shown; 9 is 2 after 7: hidden.
    const found = detect(rows([5, 5, 0, 0, 5, 0, 0, 5, 0, 5]), rule({ deadTimeMs: 5 * minute }));
    expect(spans(found.events)).toEqual([
      [0, 1],
      [7, 7],
    ]);
    expect(spans(found.hidden)).toEqual([
      [4, 4],
      [9, 9],
    ]);
    expect(found.hidden[0]).toMatchObject({ by: 'dead-time', channel: '', peakScore: 5 });
  });

  it('hides what begins just at its end', () => {
    expect(detect(rows([5, 0, 0, 5]), rule({ deadTimeMs: 3 * minute })).hidden).toHaveLength(1);
    expect(detect(rows([5, 0, 0, 5]), rule({ deadTimeMs: 3 * minute - 1 })).hidden).toHaveLength(0);
  });

  it('comes after merging and minimum duration', () => {
    // 0 is too short and starts no dead time; 3-4 is shown; 7-8 begins 3 minutes later: hidden.
    const found = detect(rows([5, 0, 0, 5, 5, 0, 0, 5, 5]), rule({ minDurationMs: minute, deadTimeMs: 3 * minute }));
    expect(spans(found.events)).toEqual([[3, 4]]);
    expect(spans(found.hidden)).toEqual([[7, 8]]);
  });
});

describe('suppression rules', () => {
  // Events at 0-1 and 3. Over the first tag a has (5·1 + 10·0.4) / 15 = 0.6 and b 0.4; over the second a 0.1 and b 0.9.
  const score = [5, 10, 0, 5];
  const byChannel = Float32Array.of(1, 0, 0.4, 0.6, 0.5, 0.5, 0.1, 0.9);
  const channels = ['a', 'b'];
  const hide = (channel: string, minShare: number, reason = 'why') => rule({ suppress: [{ channel, minShare, reason }] });

  it('hides an event of which the tag has at least the share, mean weighted by score, and says why', () => {
    const found = detect(rows(score, { byChannel, channels }), hide('a', 0.6, 'flow is calibrated on Mondays'));
    expect(spans(found.events)).toEqual([[3, 3]]);
    expect(found.hidden).toHaveLength(1);
    expect(found.hidden[0]).toMatchObject({ start: 0, by: 'suppression', channel: 'a', reason: 'flow is calibrated on Mondays' });
    expect(found.hidden[0]!.channels[0]).toMatchObject({ channel: 'a' });
    expect(detect(rows(score, { byChannel, channels }), hide('a', 0.61)).hidden).toHaveLength(0);
  });

  it('reads the share of a single tag where the others are not at hand', () => {
    const shares = [{ channel: 'b', share: Float32Array.of(0, 0.6, 0.5, 0.9) }];
    const found = detect(rows(score, { shares }), hide('b', 0.5));
    expect(spans(found.hidden)).toEqual([[3, 3]]);
    expect(found.hidden[0]!.channels).toEqual([]);
  });

  it('hides nothing for a tag without shares', () => {
    expect(detect(rows(score, { byChannel, channels }), hide('c', 0)).hidden).toHaveLength(0);
    expect(detect(rows(score), hide('a', 0)).hidden).toHaveLength(0);
    expect(detect(rows(score, { byChannel: byChannel.map(() => NaN), channels }), hide('a', 0)).hidden).toHaveLength(0);
  });

  it('takes the first rule that fits, and a suppressed event starts no dead time', () => {
    const suppress = [
      { channel: 'b', minShare: 0.95, reason: 'never' },
      { channel: 'a', minShare: 0.5, reason: 'first' },
      { channel: 'a', minShare: 0.1, reason: 'second' },
    ];
    const found = detect(rows(score, { byChannel, channels }), rule({ suppress, deadTimeMs: 10 * minute }));
    // The first event is suppressed, so the second is within nobody's dead time; it is then hidden by the last rule.
    expect(found.hidden.map(({ by, reason }) => [by, reason])).toEqual([
      ['suppression', 'first'],
      ['suppression', 'second'],
    ]);
  });
});

it('gives the same events as before for a plain rule, knobs at zero or absent', () => {
  const random = randomFrom(3);
  for (let round = 0; round < 100; round++) {
    const list = Array.from({ length: 60 }, () => (random.next() < 0.05 ? NaN : random.int(8)));
    const plain = rule({ mergeGapMs: random.int(4) * minute, minDurationMs: random.int(3) * minute });
    const { timestamps, score } = rows(list);
    const zero = { ...plain, hysteresis: 0, deadTimeMs: 0, suppress: [] };
    const modes = { channel: 'x', edges: [1], values: [null, null] };
    const found = detect({ timestamps, score }, plain);
    expect(found.hidden).toEqual([]);
    expect(eventsFrom(timestamps, score, plain)).toEqual(found.events);
    expect(detect({ timestamps, score }, zero)).toEqual(found);
    expect(detect({ timestamps, score, modes: new Uint8Array(60) }, { ...plain, modes })).toEqual(found);
  }
});
