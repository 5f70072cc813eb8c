import { describe, expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { randomFrom } from '../random';
import { checkContract } from './check';
import { cellStates, type EventContract } from './contract';
import { partJudge } from './judged';
import { contractMap } from './map';
import type { ContractSearch } from './search-input';

const minute = 60_000;
const hour = 60 * minute;
const step = 10 * minute;
const perDay = 144;

const anomaly = (id: string, day: number, hours: number): Label => ({
  id,
  start: day * 24 * hour,
  end: day * 24 * hour + hours * hour,
  class: 'anomaly',
  comment: '',
  channels: [],
  origin: 'user',
});

/**
 * 28 days at one value in ten minutes. Scores of normal time lie between 0.5 and 1.5. Label a is a step to 6; label b a ramp of 8 hours
 * from 1 to 9, which reaches θ after θ − 1 hours. Normal time has single peaks as given, [day, score].
 */
function plant(peaks: readonly (readonly [number, number])[], over: Partial<ContractSearch> = {}): ContractSearch {
  const random = randomFrom(7);
  const n = 28 * perDay;
  const timestamps = Float64Array.from({ length: n }, (_, i) => i * step);
  const score = Float32Array.from({ length: n }, () => 0.5 + random.next());
  for (const [day, height] of peaks) score[day * perDay + 70] = height;
  for (let i = 0; i <= 24; i++) score[5 * perDay + i] = 6;
  for (let i = 0; i <= 48; i++) score[20 * perDay + i] = 1 + i / 6;
  const contract: EventContract = { falseEvents: 1, days: 3, confidence: 0.95, mustCatch: 'all', withinMs: 3 * hour, mode: null };
  return {
    rows: { timestamps, score },
    labels: [anomaly('a', 5, 4), anomaly('b', 20, 8)],
    contract,
    rule: { minDurationMs: 0, mergeGapMs: 0 },
    search: [],
    names: new Map([
      ['a', 'L-05'],
      ['b', 'L-06'],
    ]),
    ...over,
  };
}

/** Four events at 3.5, as many as 27.5 normal days allow (9.15 / 27.5 = 0.333), and five more at 1.8. */
const someFalse: readonly (readonly [number, number])[] = [
  ...[1, 2, 3, 4, 6].map((day) => [day, 1.8] as const),
  ...[8, 10, 12, 14].map((day) => [day, 3.5] as const),
];

const row = (map: ReturnType<typeof contractMap>, d: number): { values: number[]; cells: number[] } => ({
  values: [...map.values],
  cells: [...map.cells.subarray(d * map.values.length, (d + 1) * map.values.length)],
});

describe('where a contract holds', () => {
  it('is between too many false events and found too late', () => {
    const map = contractMap(plant(someFalse));
    const { values, cells } = row(map, map.durations.indexOf(0));
    values.forEach((value, k) => {
      // Below 1.8 nine false events and more; at 4 and below label b is found within 3 hours; above 6 label a is missed.
      const expected =
        value <= 1.8 ? cellStates.falseEvents : value <= 4 ? cellStates.holds : value <= 6 ? cellStates.late : cellStates.misses;
      expect([value, cells[k]]).toEqual([value, expected]);
    });
    expect(new Set(cells).size).toBe(4);
    expect(map).toMatchObject({ feasible: true, tried: map.cells.length, binding: 'false-events', labels: ['a', 'b'] });
    expect(map.holding).toBe(map.cells.filter((cell) => cell === cellStates.holds).length);
    // The middle of 1.8 to 4, of thresholds in equal ratios: their geometric mean.
    expect(map.proposal.value).toBeGreaterThan(2.4);
    expect(map.proposal.value).toBeLessThan(3);
    expect(map.values).toContain(map.proposal.value);
  });

  it('names the label that is missed or late', () => {
    const map = contractMap(plant(someFalse));
    const at = (value: number): string | undefined =>
      map.labels[map.labelOf[map.durations.indexOf(0) * map.values.length + map.values.findIndex((v) => v > value)]!];
    expect(at(4.1)).toBe('b');
    expect(at(6)).toBe('a');
  });

  it('judges each cell and the proposal as the check does', () => {
    const input = plant(someFalse);
    const map = contractMap(input);
    const judge = partJudge({ ...input, part: 'calibration' });
    map.durations.forEach((minDurationMs, d) => {
      row(map, d).cells.forEach((cell, v) => {
        const state = checkContract(input.contract, judge.judge({ ...map.proposal, value: map.values[v]!, minDurationMs }));
        // The counts of this plant grow as the threshold falls until far below, so the sequence adds nothing to the check of a cell.
        expect([d, map.values[v], state.kept === true]).toEqual([d, map.values[v], cell === cellStates.holds]);
      });
    });
    expect(checkContract(input.contract, judge.judge(map.proposal)).kept).toBe(true);
  });

  it('tells the price of the binding promise', () => {
    // Delay binds: no false event at all, but b must be found in 30 minutes, at 1.5 and below.
    const quick = plant([], {});
    const map = contractMap({ ...quick, contract: { ...quick.contract, withinMs: 40 * minute } });
    expect(map).toMatchObject({ feasible: true, binding: 'delay', bindingText: 'the time to find L-06' });
    const present = map.price.find((line) => line.present)!;
    expect(present).toMatchObject({ text: 'found within 40 min', feasible: true, caught: 2 });
    expect(present.slowestMs).toBeLessThanOrEqual(40 * minute);
    // Found within 80 minutes: θ up to 1 + 8/6.
    const relaxed = map.price.find(({ text }) => text === 'found within 1 h 20 min')!;
    expect(relaxed.value).toBeGreaterThan(present.value!);
    expect(relaxed.value).toBeLessThanOrEqual(1 + 8 / 6);
    expect(relaxed.falseEventsPerDayUpper).toBeCloseTo(2.9957 / 27.5, 2);
    // θ <= 1.33 for 20 minutes is inside the normal scores.
    expect(map.price.find(({ text }) => text === 'found within 20 min')).toMatchObject({ feasible: false });
  });

  it('gives the nearest setting and the wording that could be kept when none is', () => {
    // Fifteen false events up to 4.5: at 4 and below, where b is in time, the limit is 23.1 / 27.5 = 0.84 a day.
    const input = plant(Array.from({ length: 15 }, (_, k) => [k < 4 ? k + 1 : k + 3, 4.5] as const));
    const map = contractMap(input);
    expect(map.feasible).toBe(false);
    expect(row(map, 0).cells).not.toContain(cellStates.holds);
    // Just above 4.5 nothing is false and b is half an hour late: the least of all breaches.
    expect(map.proposal.value).toBeGreaterThan(4.5);
    expect(map.proposal.value).toBeLessThan(4.7);
    expect(map).toMatchObject({ binding: 'delay', bindingText: 'the time to find L-06' });
    const kept = map.price.filter(({ feasible }) => feasible);
    expect(kept[0]).toMatchObject({ caught: 2, falseEvents: 0 });
    expect(kept[0]!.contract.withinMs).toBeGreaterThan(3.5 * hour);
    expect(kept[0]!.contract.withinMs).toBeLessThan(3.7 * hour);
  });

  it('says how much normal time a promise needs when there is too little', () => {
    const input = plant([]);
    const map = contractMap({ ...input, contract: { ...input.contract, days: 30 } });
    expect(map.feasible).toBe(false);
    // 2.9957 · 30 days.
    expect(map.note).toContain('takes 89.9 d of normal time without a false event; there are 27.5 d');
    // 1 false event in 27.5 / 2.9957 = 9.17 days can be promised.
    expect(map.price.find(({ feasible }) => feasible && true)).toBeDefined();
    expect(Math.max(...map.price.filter(({ feasible }) => feasible).map(({ contract }) => contract.days))).toBe(9.1);
  });

  it('is not kept where a label that it names has no score', () => {
    const input = plant(someFalse);
    const map = contractMap({ ...input, contract: { ...input.contract, mustCatch: ['a', 'gone'] } });
    expect(map).toMatchObject({ feasible: false, bindingText: 'catching gone' });
  });

  it('works without any label', () => {
    const input = plant(someFalse, { labels: [] });
    const map = contractMap({ ...input, contract: { ...input.contract, mustCatch: [], withinMs: null } });
    expect(map.feasible).toBe(true);
    expect(map.labelOf.every((label) => label === -1)).toBe(true);
    expect(map.price.every(({ caught, slowestMs }) => caught === null && slowestMs === null)).toBe(true);
    expect(() => contractMap({ ...input, rows: { ...input.rows, score: input.rows.score.map(() => NaN) } })).toThrow(
      /no scored row/,
    );
  });

  it('does not depend on rows outside the range', () => {
    const input = plant(someFalse);
    const range = { start: 0, end: 22 * 24 * hour };
    const changed = input.rows.score.map((s, i) => (i * step >= range.end ? 50 : s));
    expect(contractMap({ ...input, range, rows: { ...input.rows, score: changed } })).toEqual(contractMap({ ...input, range }));
  });
});

describe('knobs searched with the threshold', () => {
  it('are chosen by the labelled time alone', () => {
    const search = ['minDuration', 'mergeGap', 'hysteresis', 'deadTime'] as const;
    const quiet = contractMap(plant([], { search }));
    const noisy = contractMap(
      plant(
        Array.from({ length: 20 }, (_, k) => [k === 5 || k === 20 ? 22 : k, 3.5] as const),
        { search },
      ),
    );
    const knobs = { ...noisy.proposal, value: 0 };
    expect({ ...quiet.proposal, value: 0 }).toEqual(knobs);
    expect(quiet.note).toContain('chosen by the labelled time alone');
    // Both labels allow every duration up to the longest: the middle one is taken. Single samples are no events of it.
    expect(knobs.minDurationMs).toBe(noisy.durations[(noisy.durations.length - 1) >> 1]);
    expect(knobs.minDurationMs).toBeGreaterThan(0);
    expect(noisy.feasible).toBe(true);
  });

  it('merge an anomaly that flickers into one event', () => {
    const input = plant([], { search: ['mergeGap'] });
    // Every third sample of label a falls to 1: gaps of 20 minutes.
    const flicker = input.rows.score.map((s, i) => (i >= 5 * perDay && i <= 5 * perDay + 24 && (i - 5 * perDay) % 3 === 1 ? 1 : s));
    const map = contractMap({ ...input, rows: { ...input.rows, score: flicker } });
    expect(map.proposal.mergeGapMs).toBeGreaterThanOrEqual(20 * minute);
    expect(map.proposal.minDurationMs).toBe(0);
  });

  it('takes another duration at the price of a shared error', () => {
    // Both labels are one sample of 9 and then stay at 3; fifteen single samples of normal time reach 12. The labels alone choose no minimum
    // duration, which lets θ rise to 9. There no threshold holds, but those up to 3 do where single samples do not count.
    const input = plant(Array.from({ length: 15 }, (_, k) => [k < 4 ? k + 1 : k + 3, 12] as const));
    const score = input.rows.score.map((s, i) => {
      const into = Math.min(...[5, 20].map((day) => (i >= day * perDay ? i - day * perDay : Infinity)));
      return into > (i > 20 * perDay ? 48 : 24) ? s : into === 0 ? 9 : 3;
    });
    const map = contractMap({ ...input, rows: { ...input.rows, score }, search: ['minDuration'] });
    expect(map.feasible).toBe(true);
    expect(map.proposal.minDurationMs).toBeGreaterThan(0);
    expect(map.proposal.value).toBeLessThanOrEqual(3);
    // A tenth of 5 %, shared by the other durations.
    const confidence = 100 * (1 - 0.005 / (map.durations.length - 1));
    expect(map.note).toContain(`The error is shared with the other durations: ${Number(confidence.toFixed(3))} % at the proposal`);
    expect(contractMap({ ...input, rows: { ...input.rows, score } })).toMatchObject({ proposal: { minDurationMs: 0 } });
  });

  it('hides what a suppression rule names, and keeps it in the proposal', () => {
    // Five events at 3.9 are one more than allowed (10.51 / 27.5 = 0.38); that of day 8 is hidden.
    const input = plant([2, 8, 10, 12, 14].map((day) => [day, 3.95] as const));
    const share = Float32Array.from(input.rows.score, (_, i) => (Math.floor(i / perDay) === 8 ? 0.9 : 0.1));
    const suppress = [{ channel: 'FT-102', minShare: 0.8, reason: 'calibration' }];
    const rows = { ...input.rows, byChannel: share, channels: ['FT-102'] };
    const map = contractMap({ ...input, rows, rule: { ...input.rule, suppress } });
    expect(map).toMatchObject({ feasible: true, proposal: { suppress } });
    const plain = contractMap({ ...input, rows });
    const below = (found: typeof map): number[] => row(found, 0).cells.filter((_, k) => found.values[k]! <= 3.9);
    expect(below(plain)).not.toContain(cellStates.holds);
    expect(below(map)).toContain(cellStates.holds);
    // The same from shares of single tags, as stored.
    const single = { ...input.rows, shares: [{ channel: 'FT-102', share }] };
    expect(contractMap({ ...input, rows: single, rule: { ...input.rule, suppress } })).toEqual(map);
  });

  it('moves the thresholds of modes together, and counts the false events of the contract’s mode', () => {
    const input = plant(someFalse);
    const modes = Uint8Array.from(input.rows.score, (_, i) => (i < 7 * perDay ? 0 : 1));
    const contract = { ...input.contract, mode: 1 };
    const rule = { ...input.rule, modes: { channel: 'speed', edges: [500], values: [null, 3] } };
    const map = contractMap({ ...input, contract, rule, rows: { ...input.rows, modes } });
    expect(map.proposal.modes?.values).toEqual([null, map.proposal.value]);
    // Four false events in 20.6 days of mode 1 are too many (9.154 / 20.6 = 0.44), those of mode 0 do not count.
    const { values, cells } = row(map, map.durations.indexOf(0));
    expect(values.filter((_, k) => cells[k] === cellStates.holds).every((value) => value > 3.5)).toBe(true);
    expect(map.feasible).toBe(true);
  });
});
