import { describe, expect, it } from 'vitest';
import { rankMetrics } from '../metrics/evaluate';
import { vusZones, type VusZones } from '../metrics/vus-zones';
import { randomFrom } from '../random';
import { compareRuns, type CompareInput } from './compare';
import type { Comparison } from './comparison';
import type { ComparedRun } from './run';
import { at, label, minute, rule, run, type RunChange } from './test-runs';

const none = { oneLiner: null, random: null };
const compare = (runs: readonly ComparedRun[], change: Partial<CompareInput> = {}): Comparison =>
  compareRuns({ runs, common: false, buckets: 100, timeZone: 'UTC', referee: () => none, ...change });

/** Eight faults of ten rows in the test part, from row 640 on, 40 rows apart. */
const faults = Array.from({ length: 8 }, (_, i) => label(640 + 40 * i, 649 + 40 * i));
const inFault = (row: number): boolean => row >= 640 && (row - 640) % 40 < 10 && row < 950;
/** Noise that every run has of its own, below the threshold of 1. */
const noise = (seed: number): ((row: number) => number) => {
  const random = randomFrom(seed);
  const values = Array.from({ length: 1000 }, () => 0.9 * random.next());
  return (row) => values[row]!;
};
const noiseOf = { good: noise(1), bad: noise(2), other: noise(3) };
const good = (change: RunChange = {}): ComparedRun =>
  run('good', (row) => (inFault(row) ? 2 : noiseOf.good(row)), { labels: faults, ...change });
const bad = (change: RunChange = {}): ComparedRun => run('bad', noiseOf.bad, { labels: faults, ...change });

describe('conditions', () => {
  const refusedOf = (runs: readonly ComparedRun[], common = false): string | null => compare(runs, { common }).refused;

  it('refuses other test parts, and offers the common one', () => {
    const later = bad({ split: { trainUntil: at(400), calibrateUntil: at(700), guardMs: 10 * minute } });
    const refused = compare([good(), later]);
    expect(refused.refused).toBe('The test part of "Run bad" begins on 1 Jan 2026 11:50, that of "Run good" on 1 Jan 2026 10:10.');
    expect(refused.rows).toEqual([]);
    // What was not looked at has no tick.
    expect(refused.conditions.map(({ id, ok }) => [id, ok])).toEqual([
      ['test-part', false],
      ['thresholds', true],
    ]);
    expect(refused.commonPossible).toBe(true);
    const common = compare([good(), later], { common: true });
    expect(common.refused).toBeNull();
    expect(common.period).toEqual({ start: at(710), end: at(999) + 1 });
    // Faults at 720, 760, 800, 840, 880 and 920 begin after row 710.
    expect(common.events).toBe(6);
  });

  it('refuses test parts that share no time, and then offers nothing', () => {
    const early = good({ rows: 620 });
    const late = bad({ split: { trainUntil: at(400), calibrateUntil: at(700), guardMs: 0 } });
    const refused = compare([early, late]);
    expect(refused.commonPossible).toBe(false);
    expect(refusedOf([early, late], true)).toMatch(/no time in common: that of "Run good" ends on .* that of "Run bad" begins/);
  });

  it('refuses labels that differ in the period, and says which run has which', () => {
    const more = bad({ labels: [...faults, label(960, 970)], projectId: 'p' });
    expect(refusedOf([good(), more])).toBe(
      'The labels differ: "Run bad" of the project "Other" has a label "anomaly" from 1 Jan 2026 16:00 to 1 Jan 2026 16:10 that "Run good" has not.',
    );
    const fewer = bad({ labels: faults.slice(1) });
    expect(refusedOf([good(), fewer])).toMatch(/"Run good" has a label "anomaly" .* that "Run bad" has not/);
    // What no figure depends on: labels of normal time, and labels before the period.
    expect(
      refusedOf([good(), bad({ labels: [...faults, label(700, 710, { class: 'normal', id: 'n' }), label(100, 120)] })]),
    ).toBeNull();
  });

  it('refuses a run without a threshold', () => {
    expect(refusedOf([good(), bad({ threshold: null })])).toBe(
      'No threshold was kept for "Run bad". Choose one on the calibration page.',
    );
  });

  it('refuses other rows: another grid, or another file with other times', () => {
    expect(refusedOf([good(), bad({ resampleMs: 5 * minute, warmUpRows: 2 })])).toBe(
      'The rows are not the same: "Run good" keeps the rows of the data, "Run bad" is resampled to 5 min.',
    );
    // The same times from another file are the same rows.
    expect(refusedOf([good(), bad({ sha256: 'b'.repeat(64) })])).toBeNull();
    const shifted = bad({ sha256: 'b'.repeat(64) });
    const times = shifted.rows.timestamps.map((time, row) => (row > 700 && row < 999 ? time + 1000 : time));
    expect(refusedOf([good(), { ...shifted, rows: { ...shifted.rows, timestamps: times } }])).toMatch(/other times/);
  });

  it('refuses a window that reaches from the period into the calibration part; the common part begins after it', () => {
    const looking = bad({ warmUpRows: 30 });
    const refused = compare([good(), looking]);
    expect(refused.refused).toBe(
      'The first windows of "Run bad" in the compared period hold data of its calibration part: it looks back over 30 min, and the guard is 10 min.',
    );
    expect(refused.commonPossible).toBe(true);
    expect(compare([good(), looking], { common: true }).period!.start).toBe(at(630));
  });

  it('refuses a period in which nothing may be judged, and says of which run and why', () => {
    const silent = run('silent', (row) => (row < 600 ? 0 : NaN), { labels: faults });
    expect(refusedOf([good(), silent])).toBe(
      '"Run silent" has no row in the compared period that may be judged: none has a score.',
    );
    const seen = (one: ComparedRun): ComparedRun => ({ ...one, test: { ...one.test, score: one.test.score.map(() => NaN) } });
    expect(refusedOf([seen(good()), seen(bad())])).toBe(
      'No run has a row in the compared period that may be judged: the same time was seen when the model was trained or the threshold chosen.',
    );
    const early = run('early', (row) => (row < 800 ? 0 : NaN), { labels: faults });
    const late = run('late', (row) => (row < 800 ? NaN : 0), { labels: faults });
    expect(refusedOf([early, late])).toBe('No row of the compared period has a score of every run outside masks.');
  });

  it('computes nothing before the conditions hold', () => {
    const asked: string[] = [];
    compare([good(), bad({ threshold: null })], {
      referee: () => {
        asked.push('referee');
        return none;
      },
    });
    expect(asked).toEqual([]);
  });
});

describe('rows', () => {
  it('are in order of VUS-PR, with the figures of the kept thresholds', () => {
    const { rows, events, verdict, conditions } = compare([bad(), good()]);
    expect(events).toBe(8);
    expect(rows.map(({ letter, title }) => [letter, title])).toEqual([
      ['A', 'Run good'],
      ['B', 'Run bad'],
    ]);
    // By construction: A reaches the threshold in every faulty row and in no other, B never.
    expect(rows[0]).toMatchObject({
      caught: 8,
      labels: 8,
      f1: { value: 1 },
      eventF1: { value: 1 },
      aucRoc: { value: 1 },
      medianDelayMs: { value: 0 },
      falseEvents: 0,
      falseEventsPerDay: { value: 0 },
      thresholds: [1],
      trainSeconds: 1,
      scoreSeconds: null,
      againstOneLiner: null,
      rank: { from: 1, to: 1 },
      spread: null,
    });
    expect(rows[1]).toMatchObject({ caught: 0, f1: { value: 0 }, rank: { from: 2, to: 2 } });
    expect(verdict).toMatch(/^A against B: \+0\.\d\d VUS-PR \(95 % interval 0\.\d+ to 0\.\d+\), 8 events\.$/);
    // 390 rows from 610 to 999.
    expect(conditions[0]!.text).toContain('390 rows are judged');
  });

  it('have the VUS-PR of the part by the same buffer, whatever the window of a run', () => {
    const { rows } = compare([good({ warmUpRows: 6 }), bad()]);
    const one = bad();
    const plain = rankMetrics({
      timestamps: one.rows.timestamps.subarray(610),
      score: one.rows.score.subarray(610),
      labels: faults,
      vusBuffer: 10,
    });
    expect(rows[1]!.vusPr.value.value).toBeCloseTo(plain.vusPr.value!, 12);
  });

  it('leave out what one of the runs did not score, for all of them', () => {
    // The fault from 640 on has no score in B, so it is not judged; nor is a row inside the label that masks 700 to 704.
    const labels = [...faults, label(700, 704, { class: 'ignore' })];
    const blind = run('bad', (row) => (row >= 630 && row < 660 ? NaN : noiseOf.bad(row)), { labels });
    const { events, conditions, rows, eventTable, verdict } = compare([good({ labels }), blind]);
    expect(verdict).toContain('L-01 is not judged: B has no score to be judged there. Without it the others can be.');
    expect(events).toBe(7);
    expect(rows[0]!.labels).toBe(7);
    expect(conditions[0]!.text).toContain('355 rows are judged');
    expect(conditions[0]!.text).toContain('35 rows are left out. 1 labelled anomaly has no such row.');
    expect(eventTable.map(({ name }) => name)).not.toContain('L-01');
  });

  it('leave out an anomaly that the threshold of one of them has seen, for all of them', () => {
    const seen = bad();
    const masked = seen.labels.map((one) => (one.start === at(640) ? { ...one, class: 'ignore' as const } : one));
    const { events, eventTable } = compare([good(), { ...seen, test: { ...seen.test, labels: masked } }]);
    expect(events).toBe(7);
    // Names are those of all labels of the data.
    expect(eventTable[0]!.name).toBe('L-02');
  });

  it('are one for the seeds of a setting, with mean and spread; another setting or the same seed is a row of its own', () => {
    // Seed s misses s of the eight faults by score: F1 = 2·10(8−s) / (10(8−s) + 80).
    const seed = (s: number, change: RunChange = {}): ComparedRun =>
      run(`s${s}`, (row) => (inFault(row) && row >= 640 + 40 * s ? 2 : noiseOf.good(row)), {
        labels: faults,
        seed: s,
        title: `Method (seed ${s})`,
        ...change,
      });
    const { rows } = compare([seed(2), seed(0), seed(1), seed(0, { params: { window: 3 }, title: 'Other' })]);
    expect(rows.map(({ seeds }) => seeds)).toEqual([[0], [0, 1, 2]]);
    const [alone, three] = rows;
    expect(alone!.title).toBe('Other');
    expect(three!.title).toBe('Method');
    expect(three!.runIds).toEqual(['s0', 's1', 's2']);
    expect(three!.caught).toBe(7);
    const f1 = [1, 14 / 15, 12 / 14];
    const mean = (f1[0]! + f1[1]! + f1[2]!) / 3;
    expect(three!.f1).toEqual({ value: expect.closeTo(mean, 10) as number });
    const std = Math.sqrt(f1.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2);
    expect(three!.spread!.f1Std).toBeCloseTo(std, 10);
    const { vusPr } = three!.spread!;
    expect(three!.vusPr.value.value).toBeCloseTo((vusPr[0]! + vusPr[1]! + vusPr[2]!) / 3, 12);
    expect(vusPr[0]).toBeCloseTo(alone!.vusPr.value.value!, 12);

    expect(compare([good(), { ...good(), member: { projectId: null, runId: 'again' } }]).rows).toHaveLength(2);
  });

  it('share ranks while the intervals leave the order open, and say so', () => {
    const twin = run('twin', (row) => (inFault(row) ? 2 : noiseOf.other(row)), { labels: faults });
    const { rows, pairs, verdict } = compare([good(), twin, bad({ trainSeconds: 100 })]);
    expect(rows.map(({ rank }) => rank)).toEqual([
      { from: 1, to: 2 },
      { from: 1, to: 2 },
      { from: 3, to: 3 },
    ]);
    expect(pairs.map(({ a, b, standing }) => [a, b, standing])).toEqual([
      ['A', 'B', 'no-difference'],
      ['A', 'C', 'ahead'],
      ['B', 'C', 'ahead'],
    ]);
    expect(verdict).toContain('no significant difference with 8 events. Ranks that are ranges are inside the noise.');
  });

  it('keep all ranks open with a single event, and say that it cannot be told', () => {
    const labels = faults.slice(0, 1);
    const { rows, verdict } = compare([good({ labels }), bad({ labels })]);
    expect(rows.map(({ rank }) => rank)).toEqual([
      { from: 1, to: 2 },
      { from: 1, to: 2 },
    ]);
    expect(rows[0]!.vusPr.interval.low).toBeNull();
    expect(verdict).toMatch(/not to be told apart with 1 event\. No rank is sure/);
  });

  it('have no VUS-PR without a labelled anomaly, and a reason', () => {
    const { rows, verdict, events } = compare([good({ labels: [] }), bad({ labels: [] })]);
    expect(events).toBe(0);
    expect(rows[0]!.vusPr.value.value).toBeNull();
    expect(verdict).toMatch(/^Which is better cannot be told: no labelled anomaly/);
  });

  it('say which run keeps the only labelled anomaly from being judged', () => {
    const labels = faults.slice(0, 2);
    const blind = run('blind', (row) => (row >= 630 && row < 720 ? NaN : noiseOf.other(row)), { labels });
    const { verdict } = compare([good({ labels }), bad({ labels }), blind]);
    expect(verdict).toContain('L-01 and L-02 are not judged: B has no score to be judged there. Without it the others can be.');
  });

  it('tell a quicker training where the result is the same', () => {
    const twin = run('twin', (row) => (inFault(row) ? 2 : noiseOf.good(row)), { labels: faults, trainSeconds: 0.5 });
    const { verdict } = compare([good({ trainSeconds: 50 }), twin]);
    expect(verdict).toContain('no significant difference with 8 events; B trains 100 times quicker.');
  });

  it('are told in pairs up to six, then each against the best', () => {
    const many = (count: number): ComparedRun[] =>
      Array.from({ length: count }, (_, i) => run(`r${i}`, noise(10 + i), { labels: faults, params: { i } }));
    expect(compare(many(6)).pairs).toHaveLength(15);
    const seven = compare(many(7)).pairs;
    expect(seven.map(({ a }) => a)).toEqual(Array.from({ length: 6 }, () => 'A'));
  });

  it('are the same for the same runs in another order', () => {
    const runs = [good(), bad(), run('mid', (row) => (inFault(row) && row < 800 ? 2 : noiseOf.other(row)), { labels: faults })];
    expect(compare(runs.toReversed()).rows).toEqual(compare(runs).rows);
  });
});

it('tells event by event what each method found, then what is false', () => {
  const labels = faults.slice(0, 2);
  const first = run('a', (row) => ((row >= 643 && row < 650) || (row >= 680 && row < 690) || (row >= 900 && row < 905) ? 3 : 0.1), {
    labels,
  });
  const second = run('b', (row) => (row >= 680 && row < 690 ? 2 : row >= 903 && row < 908 ? 1.5 : row === 950 ? 1.2 : 0.2), {
    labels,
  });
  const { eventTable } = compare([first, second]);
  expect(eventTable.map(({ name, text, labelId, start, end }) => [name, text, labelId, start, end])).toEqual([
    ['L-01', 'fault 640', 'label-640', at(640), at(649)],
    ['L-02', 'fault 680', 'label-680', at(680), at(689)],
    ['F-01', 'no label', null, at(900), at(907)],
    ['F-02', 'no label', null, at(950), at(950)],
  ]);
  expect(eventTable.map(({ found }) => found.map(({ letter, state, delayMs }) => [letter, state, delayMs]))).toEqual([
    [
      ['A', 'caught', 3 * minute],
      ['B', 'missed', null],
    ],
    [
      ['A', 'caught', 0],
      ['B', 'caught', 0],
    ],
    [
      ['A', 'false', null],
      ['B', 'false', null],
    ],
    [
      ['A', 'none', null],
      ['B', 'false', null],
    ],
  ]);
  expect(eventTable[2]!.found.map(({ eventId }) => eventId)).toEqual(['a-2', 'b-1']);
});

it('draws each score in units of its own threshold', () => {
  const { scores } = compare([good({ threshold: { ...rule, value: 0.5 } }), bad()], { buckets: 1000 });
  const [a, b] = scores;
  // Row 640 is the 31st of the period: a score of 2 over 0.5.
  expect(a!.line.max[30]).toBeCloseTo(4, 6);
  expect(b!.line.max[30]).toBeCloseTo(noiseOf.bad(640), 6);
  expect(scores.map(({ runId }) => runId)).toEqual(['good', 'bad']);
});

it('puts settings side by side and says which differ', () => {
  const { settings } = compare([good(), bad({ threshold: { ...rule, mergeGapMs: 5 * minute } })]);
  const of = (name: string) => settings.find((setting) => setting.name === name);
  expect(of('Merge gap')).toEqual({ name: 'Merge gap', values: ['0 s', '5 min'], differs: true });
  expect(of('Guard')).toEqual({ name: 'Guard', values: ['10 min', '10 min'], differs: false });
  expect(of('Hysteresis')).toBeUndefined();
});

it('says why no referee stands beside the runs', () => {
  const { verdict, referee } = compare([good(), bad()], { referee: () => ({ ...none, problem: 'A chunk is damaged.' }) });
  expect(referee).toEqual([]);
  expect(verdict).toMatch(/^No one-line detector stands beside these runs: A chunk is damaged\. A against B/);
});

it('judges one run alone against the one-liner', () => {
  const { rows, pairs, verdict } = compare([bad()], {
    referee: (judged) => ({ oneLiner: { row: refereeRow, zones: perfectZones(judged.timestamps, judged.buffer) }, random: null }),
  });
  expect(rows).toHaveLength(1);
  expect(pairs).toEqual([]);
  expect(rows[0]!.againstOneLiner!.standing).toBe('behind');
  expect(verdict).toMatch(/^A is behind the best one-liner \(largest z\): −0\.\d+ VUS-PR \(95 % interval .*\), 8 events\.$/);
});

it('marks a row below the best one-liner, and judges the first row against it', () => {
  const { rows, verdict, referee } = compare([good(), bad()], {
    // The same score as that of the first row, so no row can be ahead of it.
    referee: (judged) => {
      const zones = perfectZones(judged.timestamps, judged.buffer);
      return { oneLiner: { row: refereeRow, zones }, random: null };
    },
  });
  expect(referee[0]!.title).toBe('Best one-liner: largest z');
  expect(rows.map(({ belowOneLiner }) => belowOneLiner)).toEqual([false, true]);
  // Equal scores differ by nothing on every draw; B is behind by its whole distance to A.
  expect(rows[0]!.againstOneLiner).toMatchObject({ standing: 'no-difference', difference: { value: { value: 0 }, events: 8 } });
  const [a, b] = rows.map(({ vusPr }) => vusPr.value.value!);
  expect(rows[1]!.againstOneLiner!.standing).toBe('behind');
  expect(rows[1]!.againstOneLiner!.difference.value.value).toBeCloseTo(b! - a!, 12);
  expect(verdict).toMatch(/^A is not shown to beat the best one-liner \(largest z\): /);
});

const refereeRow = {
  id: 'max-abs-z',
  title: 'Best one-liner: largest z',
  caught: 8,
  labels: 8,
  falseEventsPerDay: { value: 0 },
  medianDelayMs: { value: 0 },
  f1: { value: 1 },
  aucRoc: { value: 1 },
} as const;

function perfectZones(timestamps: Float64Array, buffer: number): VusZones {
  const row = (time: number): number => (time - at(0)) / minute;
  const score = Float32Array.from(timestamps, (time) => (inFault(row(time)) ? 2 : noiseOf.good(row(time))));
  return vusZones({ score, truth: Uint8Array.from(timestamps, (time) => (inFault(row(time)) ? 1 : 0)) }, buffer)!;
}
