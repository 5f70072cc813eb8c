import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../contract/types';
import { eventLines, filterLines } from './event-cells';
import { colourOf, placeOf } from './letters';
import { proposeMembers, runGroups, type RunSource } from './run-choices';
import { scoreAxisOf, scoresAt, timeAtX, xAtTime } from './score-chart';
import { keepParams, sharedRule } from './threshold-rule';
import { caughtText, metricText, refereeTitle, settingGroups, tableRows, titleOfPage, tooShortForRate } from './table-rows';
import { scaledLine } from './scaled-line';
import { example } from './test-comparison';
import { intervalText, placeOn, whiskerAxis } from './whiskers';

const minute = 60_000;

describe('rows of the table', () => {
  const rows = tableRows(example, 'Pump');

  it('give ranks as ranges inside the noise and call nothing best that is not', () => {
    expect(rows.map((r) => [r.letter, r.rank, r.rankSure, r.best])).toEqual([
      ['A', '1 to 2', false, false],
      ['B', '1 to 2', false, false],
      ['C', '3', true, false],
      [null, '', false, false],
      [null, '', false, false],
    ]);
  });

  it('call a row best only when rank 1 is sure and there is another one', () => {
    const first = { ...example.rows[0]!, rank: { from: 1, to: 1 } };
    expect(tableRows({ rows: [first, example.rows[2]!], referee: [] }, 'Pump')[0]!.best).toBe(true);
    expect(tableRows({ rows: [first], referee: [] }, 'Pump')[0]!.best).toBe(false);
  });

  it('say the seeds, and the project where it is another one', () => {
    expect(rows[0]!.second).toBe('3 seeds');
    expect(rows[1]!.second).toBe('of Other pump');
    expect(rows[0]!.std).toBe(0.012);
  });

  it('name the one-liner as such and leave random its name', () => {
    expect(rows[3]!.title).toBe('Best one-liner: robust z');
    expect(rows[4]!.title).toBe('Random, same event rate');
    expect(refereeTitle({ id: 'max-abs-z', title: 'Largest z (one-liner)' })).toBe('Best one-liner: largest z');
    expect(refereeTitle({ id: 'robust-z', title: 'Best one-liner: robust z' })).toBe('Best one-liner: robust z');
  });

  it('show a dash with its reason where there is no figure', () => {
    expect(metricText({ value: null, reason: 'no event' }, String)).toEqual({ text: '–', reason: 'no event' });
    expect(metricText({ value: 0 }, String)).toEqual({ text: '0', reason: '' });
  });

  it('leave settings that only one method has to the end', () => {
    const setting = (name: string, ...values: (string | null)[]) => ({ name, values, differs: true });
    const all = [setting('Window', '24', null), setting('Threshold', '3', '4'), setting('Rate', null, '1')];
    expect(settingGroups(all).map((g) => g.map((s) => s.name))).toEqual([['Threshold'], ['Window', 'Rate']]);
  });

  it('call no one-liner the best where there is no figure', () => {
    expect(refereeTitle({ id: 'max-abs-z', title: 'Largest z (one-liner)' }, false)).toBe('One-liner: largest z');
    expect(refereeTitle({ id: 'robust-z', title: 'Best one-liner: robust z' }, false)).toBe('One-liner: robust z');
    expect(caughtText({ caught: 0, labels: 0 })).toBe('–');
  });

  it('say how many were caught, of random draws the mean', () => {
    expect([caughtText({ caught: 3, labels: 4 }), caughtText({ caught: 3.74, labels: 4 })]).toEqual(['3 of 4', '3.7 of 4']);
  });

  it('tell no rate per day of less than a day of normal time', () => {
    const row = (falseEvents: number, value: number) => ({ falseEvents, falseEventsPerDay: { value } });
    // One event in half a day, two in two days.
    expect([tooShortForRate([row(0, 0), row(1, 2)]), tooShortForRate([row(0, 0), row(2, 1)])]).toEqual([true, false]);
  });

  it('count the runs in the heading', () => {
    expect([0, 1, 2, 4, 13].map(titleOfPage)).toEqual([
      'Compare runs',
      'Compare runs',
      'Compare two runs',
      'Compare four runs',
      'Compare 13 runs',
    ]);
  });
});

describe('the axis of the whiskers', () => {
  it('ends at a tick beyond the farthest interval and never above 1', () => {
    // Farthest end 0.8: steps of 0.2 (four of them), so it ends at 0.8; 0.97 ends at 1.
    expect(whiskerAxis([example.rows[0]!.vusPr])).toEqual({ high: 0.8, ticks: [0, 0.2, 0.4, 0.6, 0.8] });
    expect(whiskerAxis([{ value: { value: 0.9 }, interval: { low: 0.8, high: 0.97 } }]).high).toBe(1);
  });

  it('widens for small figures, so that they can be told apart', () => {
    expect(whiskerAxis([{ value: { value: 0.03 }, interval: { low: 0.01, high: 0.04 } }]).high).toBeCloseTo(0.06, 9);
  });

  it('is the whole range where there is nothing to draw', () => {
    const none = { value: { value: null, reason: 'no label' }, interval: { low: null, reason: 'no label' } } as const;
    expect(whiskerAxis([none])).toEqual({ high: 1, ticks: [0, 0.5, 1] });
  });

  it('takes a value without interval and the seeds into account', () => {
    const none = { value: { value: 0.3 }, interval: { low: null, reason: 'one event' } } as const;
    expect(whiskerAxis([none], [0.55]).high).toBeCloseTo(0.6, 9);
    expect(intervalText(none, String)).toBe('no interval: one event');
  });

  it('leaves room for the marks at both ends', () => {
    const axis = { high: 0.8, ticks: [] };
    // 2 % on either side: 0 at 2 %, half at 50 %, the end at 98 %, and beyond it stays there.
    expect([0, 0.4, 0.8, 2].map((v) => placeOn(axis, v))).toEqual(['2.000%', '50.000%', '98.000%', '98.000%']);
  });
});

describe('event by event', () => {
  const lines = eventLines(example);

  it('says who found what', () => {
    expect(lines.map((l) => l.foundBy)).toEqual(['all', 'A B', 'B C', 'none']);
    expect(lines[1]!.cells.map((c) => c.text)).toEqual(['18 min', '18 min', 'missed']);
    expect(lines[2]!.cells.map((c) => c.words)).toEqual(['A: nothing found here', 'B: false event', 'C: false event']);
  });

  it('filters by where methods differ, what was missed and what is false', () => {
    const names = (filter: 'differ' | 'missed' | 'false'): string[] => filterLines(lines, filter).map((l) => l.event.name);
    expect(names('differ')).toEqual(['L-2', 'false']);
    expect(names('missed')).toEqual(['L-2', 'L-3']);
    expect(names('false')).toEqual(['false']);
    expect(filterLines(lines, 'all')).toBe(lines);
  });
});

describe('the score chart', () => {
  const range = example.period!;

  it('is between 1.5 and 4 thresholds high and says when it cuts', () => {
    expect(scoreAxisOf(example.scores, range)).toEqual({ high: 1.5, cut: false });
    const high = { letter: 'B', line: { ...example.scores[0]!.line, max: Float32Array.of(9, 1, NaN, 1) } };
    expect(scoreAxisOf([high], range)).toEqual({ high: 4, cut: true });
  });

  it('reads the highest score of the bucket at the cursor, nothing in a gap', () => {
    expect(scoresAt(example.scores, range.start + 150 * minute).get('A')).toBe(1.25);
    expect(scoresAt(example.scores, range.start + 250 * minute).get('A')).toBeNull();
  });

  it('finds the time under a pixel', () => {
    const model = { width: 652, range };
    // 600 px of plot between margins of 40 and 12: a minute each.
    expect(timeAtX(model, 40 + 60)).toBe(range.start + 60 * minute);
    expect(xAtTime(model, range.end)).toBe(640);
  });
});

describe('letters', () => {
  it('have eight colours in order, then the first again', () => {
    expect(['A', 'H', 'I'].map(colourOf)).toEqual(['signal-1', 'signal-8', 'signal-1']);
    expect(['A', 'Z', 'AA'].map(placeOf)).toEqual([0, 25, 26]);
  });
});

describe('runs to choose from', () => {
  const run = (id: string, modelId: string, createdAt: number, kept = true, datasetId = 'd'): RunSummary =>
    ({ id, modelId, datasetId, title: id, createdAt, threshold: kept ? { value: 3 } : null, eventCount: 0 }) as RunSummary;
  const model = (id: string, window: number, seed: number): RunSource['models'][number] => ({
    id,
    detectorId: 'robust-z',
    params: { window },
    seed,
    split: { trainUntil: 1, calibrationUntil: 2, guardMs: 0 } as unknown as RunSource['models'][number]['split'],
  });
  const source: RunSource = {
    projectId: null,
    datasets: [
      { id: 'd', name: 'Pump' },
      { id: 'e', name: 'Empty' },
    ],
    models: [model('m1', 10, 1), model('m2', 10, 2), model('m3', 20, 1)],
    runs: [run('a', 'm1', 1), run('b', 'm2', 2), run('c', 'm3', 3), run('d', 'm3', 4), run('e', 'm1', 5, false)],
  };

  it('are grouped by dataset, newest first, with why one cannot be chosen', () => {
    const groups = runGroups(source, [{ projectId: null, runId: 'a' }]);
    expect(groups.map((g) => g.dataset)).toEqual(['Pump']);
    expect(groups[0]!.runs.map((r) => [r.title, r.chosen, r.reason])).toEqual([
      ['e', false, 'no threshold kept yet'],
      ['d', false, ''],
      ['c', false, ''],
      ['b', false, ''],
      ['a', true, ''],
    ]);
  });

  it('begin with the newest settings, all their seeds, none of them twice', () => {
    // m3 is the newest setting (run d replaces c, the same seed again); m1 and m2 are one setting with two seeds.
    expect(proposeMembers(source, 'd').map((m) => m.runId)).toEqual(['d', 'b', 'a']);
    expect(proposeMembers(source, 'e')).toEqual([]);
  });

  it('begin with one split, since runs of two splits cannot be compared', () => {
    const other = { ...model('m4', 30, 1), split: { trainUntil: 5 } as unknown as RunSource['models'][number]['split'] };
    const more = { ...source, models: [...source.models, other], runs: [...source.runs, run('f', 'm4', 9)] };
    expect(proposeMembers(more, 'd').map((m) => m.runId)).toEqual(['d', 'b', 'a']);
    expect(proposeMembers({ ...more, runs: [run('f', 'm4', 9)] }, 'd')).toEqual([]);
  });
});

it('scales a zoomed line by the threshold and keeps its gaps', () => {
  const line = example.scores[0]!.line;
  const scaled = scaledLine(line, 0.5);
  expect([...scaled.max]).toEqual([1, 2.5, NaN, 1.5]);
  expect(scaled.time).toBe(line.time);
});

describe('a rule for runs without a threshold', () => {
  const kept = (id: string, createdAt: number, kind: 'f1' | 'manual', datasetId = 'd'): RunSummary =>
    ({
      id,
      title: id,
      datasetId,
      createdAt,
      threshold: { value: 3, objective: { kind }, minDurationMs: 60, mergeGapMs: 120 },
    }) as unknown as RunSummary;

  it('is that of the newest run of the dataset that has one', () => {
    const runs = [kept('old', 1, 'f1'), kept('by hand', 2, 'manual'), kept('elsewhere', 3, 'f1', 'e')];
    expect(sharedRule(runs, 'd')).toEqual({
      objective: { kind: 'f1' },
      minDurationMs: 60,
      mergeGapMs: 120,
      words: 'by the rule of “old”',
    });
  });

  it('is the best F1 where only numbers set by hand are there', () => {
    expect(sharedRule([kept('by hand', 2, 'manual')], 'd')).toMatchObject({ objective: { kind: 'f1' }, words: 'by the best F1' });
  });

  it('is kept without fields that are not there', () => {
    const choice = { value: 3, objective: { kind: 'f1' }, minDurationMs: 0, mergeGapMs: 0, from: 'x', achieved: 0.5 } as const;
    expect(Object.keys(keepParams('r', choice)).sort()).toEqual(
      ['achieved', 'from', 'mergeGapMs', 'minDurationMs', 'objective', 'runId', 'value'].sort(),
    );
  });
});
