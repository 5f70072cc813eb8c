import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../random';
import { channelShares, eventRows, eventsFrom } from './events';

const minute = 60_000;
const times = (...minutes: number[]): Float64Array => Float64Array.from(minutes, (m) => m * minute);
const rule = (value: number, mergeMinutes = 0, minMinutes = 0) => ({
  value,
  mergeGapMs: mergeMinutes * minute,
  minDurationMs: minMinutes * minute,
});
const spans = (found: { start: number; end: number }[]): number[][] => found.map((e) => [e.start / minute, e.end / minute]);

describe('events from scores', () => {
  const t = times(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  const s = Float32Array.of(0, 5, 6, 0, 0, 5, NaN, 5, 0, 9);

  it('takes samples at or above the threshold, and ends an event where a score is missing', () => {
    expect(spans(eventsFrom(t, s, rule(5)))).toEqual([
      [1, 2],
      [5, 5],
      [7, 7],
      [9, 9],
    ]);
  });

  it('merges first and then drops the short ones', () => {
    // Gaps are 3, 2 and 2 minutes. Merged at 2: 1-2 and 5-9; of these only the second lasts 3 minutes.
    expect(spans(eventsFrom(t, s, rule(5, 2)))).toEqual([
      [1, 2],
      [5, 9],
    ]);
    expect(spans(eventsFrom(t, s, rule(5, 2, 3)))).toEqual([[5, 9]]);
    expect(spans(eventsFrom(t, s, rule(5, 3)))).toEqual([[1, 9]]);
  });

  it('names time and height of the peak', () => {
    expect(eventsFrom(t, s, rule(5, 3))[0]).toMatchObject({ peak: 9 * minute, peakScore: 9 });
  });

  it('does not reach across a gap in time unless it may be merged', () => {
    const gap = times(0, 1, 2, 60, 61);
    const high = new Float32Array(5).fill(1);
    expect(spans(eventsFrom(gap, high, rule(1), undefined, [], 3 * minute))).toEqual([
      [0, 2],
      [60, 61],
    ]);
    expect(spans(eventsFrom(gap, high, rule(1, 58), undefined, [], 3 * minute))).toEqual([[0, 61]]);
  });

  it('shares an event among channels, weighted by score, over its anomalous samples', () => {
    const score = Float32Array.of(2, 1, 4);
    const byChannel = Float32Array.of(0.5, 0.5, 0, 1, 0.25, 0.75);
    // Rows 0 and 2 reach 2: a = (2·0.5 + 4·0.25) / 6, b = (2·0.5 + 4·0.75) / 6.
    const shares = channelShares({ first: 0, last: 2, peak: 2 }, score, 2, byChannel, ['a', 'b']);
    expect(shares.map(({ channel }) => channel)).toEqual(['b', 'a']);
    expect(shares[0]!.share).toBeCloseTo(4 / 6, 9);
    expect(shares[1]!.share).toBeCloseTo(2 / 6, 9);
  });

  it('is the same as asking of each sample whether it is in an event (no merging)', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 2, NaN), { maxLength: 60 }), (list) => {
        const score = Float32Array.from(list);
        const inside = new Set(
          eventRows(times(...list.map((_, i) => i)), score, rule(1)).flatMap(({ first, last }) =>
            Array.from({ length: last - first + 1 }, (_, k) => first + k),
          ),
        );
        list.forEach((v, i) => expect(inside.has(i)).toBe(v >= 1));
      }),
    );
  });

  it('never has two events within the merge gap, and never one below the minimum duration', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 0, 1), { maxLength: 80 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 4 }),
        (list, merge, min) => {
          const found = eventsFrom(times(...list.map((_, i) => i)), Float32Array.from(list), rule(1, merge, min));
          found.forEach((event, k) => {
            expect(event.end - event.start).toBeGreaterThanOrEqual(min * minute);
            if (k > 0) expect(event.start - found[k - 1]!.end).toBeGreaterThan(merge * minute);
          });
        },
      ),
    );
  });

  it('finds the events of a million samples', () => {
    const random = randomFrom(1);
    const n = 1_000_000;
    const score = Float32Array.from({ length: n }, () => random.next());
    const time = Float64Array.from({ length: n }, (_, i) => i * 1000);
    // A run of anomalous samples begins where one follows a normal one: 0.9 · 0.1 of all samples.
    expect(eventRows(time, score, rule(0.9)).length / n).toBeCloseTo(0.09, 3);
  });
});
