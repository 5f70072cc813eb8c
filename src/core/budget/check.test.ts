import { describe, expect, it } from 'vitest';
import { allowedCount, checkContract } from './check';
import type { EventContract } from './contract';
import type { JudgedLabel, PartFinds } from './judged';

const hour = 3_600_000;
const day = 24 * hour;
const contract: EventContract = {
  falseEvents: 1,
  days: 3,
  confidence: 0.95,
  mustCatch: 'all',
  withinMs: 3 * hour,
  mode: null,
};
const names = new Map([
  ['a', 'L-05'],
  ['b', 'L-06'],
]);
const found = (id: string, start: number, delayMs: number | null, lasts = 5 * hour): JudgedLabel => ({
  id,
  start,
  end: start + lasts,
  delayMs,
});
/** False events at days of normal time; the clock runs with the calendar here. */
const finds = (
  normalDays: number,
  days: readonly number[],
  labels: readonly JudgedLabel[],
  part: PartFinds['part'] = 'calibration',
) => ({
  part,
  normalDays,
  falseEvents: days.map((at) => ({ time: at * day, day: at })),
  labels,
});
const both = [found('a', 4 * day, hour), found('b', 8 * day, 2.95 * hour)];

describe('a contract on the calibration part', () => {
  it('states every promise as on the calibration page', () => {
    // One event in 27.9 days: 4.7439 / 27.9 = 0.170 (Garwood); 2 h 57 min of 3 h.
    const state = checkContract(contract, finds(27.9, [3], both), names);
    expect(state.terms.map(({ text }) => text)).toEqual([
      'At most 0.170 false events a day (95 % limit, 1 false event in 27.9 d); allowed 0.333.',
      'Catches both labelled anomalies.',
      'Slowest 2 h 57 min of 3 h, L-06.',
    ]);
    expect(state).toMatchObject({ kept: true, brokenSince: null, binding: 'delay' });
    expect(state.terms[0]!.used).toBeCloseTo(4.743865 / 27.9 / (1 / 3), 5);
    expect(state.terms[2]).toMatchObject({ labels: ['b'] });
    expect(state.terms[2]!.used).toBeCloseTo(2.95 / 3, 12);
  });

  it('is broken by its rate limit', () => {
    // 4 events in 20 days: limit 9.154 / 20 = 0.458 a day, more than 0.333; they lie so that the wording is kept.
    const state = checkContract(contract, finds(20, [1, 6, 11, 16], both));
    expect(state).toMatchObject({ kept: false, brokenSince: null, binding: 'false-events' });
    expect(state.terms[0]).toMatchObject({ kept: false });
  });

  it('cannot be told in too short a part, unless what was seen exceeds the promise itself', () => {
    // 2.996 / (1/3) = 8.99 days without a false event are needed.
    const short = checkContract(contract, finds(6, [1], both));
    expect(short).toMatchObject({ kept: null, terms: [{ kept: null }, { kept: true }, { kept: true }] });
    expect(short.terms[0]!.text).toContain('that takes 8.99 d of normal time without a false event');
    expect(checkContract(contract, finds(6, [1, 3, 5], both)).terms[0]).toMatchObject({ kept: false });
    expect(checkContract(contract, finds(9, [], both)).terms[0]).toMatchObject({ kept: true });
    expect(checkContract(contract, finds(8.9, [], both)).terms[0]).toMatchObject({ kept: null });
  });

  it('never shows a rate of zero', () => {
    const never = { ...contract, falseEvents: 0 };
    expect(checkContract(never, finds(100, [], both)).terms[0]).toMatchObject({ kept: null, used: null });
    expect(checkContract(never, finds(100, [5], both))).toMatchObject({ kept: false, brokenSince: 5 * day });
  });

  it('asks only for the labels it names, and says which of them is missed or absent', () => {
    const labels = [found('a', 4 * day, null), found('b', 8 * day, hour)];
    expect(checkContract({ ...contract, mustCatch: ['b'] }, finds(27.9, [], labels), names)).toMatchObject({ kept: true });
    const missed = checkContract(contract, finds(27.9, [], labels), names);
    expect(missed).toMatchObject({ kept: false, binding: 'catch' });
    expect(missed.terms[1]).toMatchObject({ kept: false, text: 'Misses L-05: 1 of 2 caught.', labels: ['a'] });
    // Not found after three hours, long before its end.
    expect(missed.brokenSince).toBe(4 * day + 3 * hour);
    const gone = checkContract({ ...contract, mustCatch: ['b', 'x'] }, finds(27.9, [], labels), names);
    expect(gone.terms[1]).toMatchObject({ kept: null, labels: ['x'] });
    expect(gone.kept).toBe(null);
  });

  it('leaves out promises that were not made', () => {
    const state = checkContract({ ...contract, mustCatch: [], withinMs: null }, finds(27.9, [], []));
    expect(state.terms.map(({ kind }) => kind)).toEqual(['false-events']);
    expect(state.kept).toBe(true);
  });

  it('cannot be told without labels or without normal time', () => {
    const state = checkContract(contract, finds(0, [], []));
    expect(state).toMatchObject({ kept: null, binding: null, brokenSince: null });
    expect(state.terms.map(({ kept, used }) => [kept, used])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });
});

describe('a contract on later data', () => {
  it('is broken since the false event that was one too many', () => {
    // Of 2, 9, 11.9 and 20 only the third comes within 3 days of normal time after another.
    const state = checkContract(contract, finds(60, [2, 9, 11.9, 20], both, 'later'));
    expect(state).toMatchObject({ kept: false, brokenSince: 11.9 * day });
    // The limit 9.154 / 60 = 0.153 is still far below 0.333, and the text says so.
    expect(state.terms[0]!.text).toBe(
      '2 false events within 3.00 d; allowed 1 false event in 3 days. At most 0.153 false events a day ' +
        '(95 % limit, 4 false events in 60.0 d); allowed 0.333: the rate is still within the promise.',
    );
    expect(state.terms[0]!.used).toBe(2);
  });

  it('counts days of normal time, half-open', () => {
    // Exactly 3 days apart: no 3 days hold both. The calendar does not count: a week of standstill between 2 and 2.5 days of running.
    expect(checkContract(contract, finds(60, [2, 5], both, 'later')).brokenSince).toBe(null);
    const standstill = {
      ...finds(60, [], both, 'later'),
      falseEvents: [2, 2.5].map((at, k) => ({ time: (at + 7 * k) * day, day: at })),
    };
    expect(checkContract(contract, standstill).brokenSince).toBe(9.5 * day);
  });

  it('is kept when the limit shows it, else cannot be told', () => {
    expect(checkContract(contract, finds(14.3, [3], both, 'later')).terms[0]).toMatchObject({ kept: true });
    const open = checkContract(contract, finds(14.2, [3], both, 'later'));
    expect(open.terms[0]).toMatchObject({ kept: null });
    expect(open.terms[0]!.text).toContain('Never more than 1 false event in 3 days so far');
  });

  it('asks for every labelled anomaly, whichever the contract names', () => {
    const state = checkContract(
      { ...contract, mustCatch: ['x'] },
      finds(60, [], [found('a', 4 * day, null, hour)], 'later'),
      names,
    );
    // The label is over before the three hours are.
    expect(state).toMatchObject({ kept: false, brokenSince: 4 * day + hour });
    expect(checkContract({ ...contract, mustCatch: ['x'] }, finds(60, [], [], 'later')).kept).toBe(null);
  });

  it('takes the earliest of several breaches', () => {
    const late = [found('a', 4 * day, 4 * hour), found('b', 2 * day, null)];
    const state = checkContract(contract, finds(60, [30, 31], late, 'later'), names);
    expect(state.brokenSince).toBe(2 * day + 3 * hour);
    expect(checkContract(contract, finds(60, [30, 31], [late[0]!], 'later')).brokenSince).toBe(4 * day + 3 * hour);
    expect(state.terms[2]).toMatchObject({ kept: false, labels: ['a'], text: 'Slowest 4 h of 3 h, L-05.' });
  });
});

it('counts the false events that a contract allows', () => {
  // Garwood's 95 % limits of 0, 1, 2: 2.996, 4.744, 6.296.
  expect([2.9, 3, 4.7, 4.8, 6.2, 6.3].map((d) => allowedCount({ ...contract, days: 1 }, d))).toEqual([-1, 0, 0, 1, 1, 2]);
  expect(allowedCount({ ...contract, falseEvents: Infinity }, 1)).toBe(Infinity);
  expect(allowedCount({ ...contract, falseEvents: 1e6, days: 0.01 }, 1e4)).toBe(10_000);
});
