import { expect, it } from 'vitest';
import type { JobStatus, JobSummary, QueueEntry, QueueResult } from '../../../contract/types';
import type { PairedDifference } from '../../../core/referee/report';
import { countText } from '../compare/table-rows';
import { example as comparison } from '../compare/test-comparison';
import type { PlanOf } from '../model/usePlans';
import { jobGroups } from '../training/job-groups';
import { familyOf, refusalOf, settingsWord, totalSeconds } from './queue-form';
import { openEntries, progressText, queueRows, usualSorting } from './queue-rows';

const entry = (id: string, change: Partial<QueueEntry> = {}): QueueEntry => ({
  jobId: `job-${id}`,
  detectorId: id,
  title: `Detector ${id}`,
  seed: 1,
  status: 'succeeded',
  problem: null,
  error: null,
  resumable: false,
  runId: `run-${id}`,
  ...change,
});
const error = { code: 'detector/too-little-data', kind: 'input', message: 'Too few rows.', details: {} } as const;
const difference = (value: number): PairedDifference => ({
  metric: 'VUS-PR',
  value: { value },
  interval: { low: value - 0.1, high: value + 0.1 },
  events: 7,
  resamples: 1000,
});
const standings = { A: 'ahead', B: 'no-difference', C: 'behind' } as const;
const result: QueueResult = {
  id: 'q',
  title: '5 detectors on Pump',
  datasetId: 'd',
  rule: 'best F1',
  entries: [
    entry('C'),
    entry('A'),
    entry('B'),
    entry('D', { status: 'failed', runId: null, error }),
    entry('E', { problem: 'No label.' }),
  ],
  comparison: {
    ...comparison,
    rows: comparison.rows.map((row, i) => ({
      ...row,
      trainSeconds: 10 - i,
      againstOneLiner: {
        difference: difference([0.2, 0.0001, -0.3][i] ?? 0),
        standing: standings[row.letter as keyof typeof standings],
      },
    })),
  },
  common: false,
};

it('puts detectors and null models into one order, by any figure, what has none last', () => {
  const byValue = queueRows(result, usualSorting);
  const values = byValue.map(({ vusPr }) => vusPr.value.value!);
  expect(values).toEqual([...values].sort((a, b) => b - a));
  expect(byValue.filter(({ letter }) => letter === null)).toHaveLength(comparison.referee.length);
  expect(
    queueRows(result, { key: 'trainSeconds', descending: false })
      .map(({ key }) => key)
      .slice(0, 3),
  ).toEqual(['C', 'B', 'A']);
  for (const descending of [true, false]) {
    const rows = queueRows(result, { key: 'difference', descending }).map(({ letter }) => letter);
    expect(rows.slice(0, 3)).toEqual(descending ? ['A', 'B', 'C'] : ['C', 'B', 'A']);
    expect(rows.slice(3)).toEqual(comparison.referee.map(() => null));
  }
});

it('says what each detector is worth beside the best one-liner, under its own name', () => {
  const rows = queueRows(result, { key: 'title', descending: false }).filter(({ letter }) => letter !== null);
  expect(rows.map(({ title, standing, difference: by }) => [title, standing, by])).toEqual([
    ['Detector A', 'better', '+0.200'],
    ['Detector B', 'cannot tell', '0.000'],
    ['Detector C', 'worse', '−0.300'],
  ]);
  expect(rows[0]!.differenceText).toBe('+0.20 VUS-PR (95 % interval 0.10 to 0.30, 7 events)');
  expect(queueRows({ ...result, comparison: { ...comparison, refused: 'no' } }, usualSorting)).toEqual([]);
});

it('keeps those without figures in the table, with the reason and as they are now', () => {
  const now = new Map([['job-D', { status: 'queued' as const, resumable: false, error: null }]]);
  expect(openEntries(result, new Map()).map(({ title, text }) => [title, text])).toEqual([
    ['Detector D', 'Too few rows.'],
    ['Detector E', 'No threshold: No label.'],
  ]);
  expect(openEntries(result, now)[0]).toMatchObject({ status: 'queued', text: 'waits for its turn' });
  // Without a comparison nobody has a line yet.
  expect(openEntries({ ...result, comparison: null }, new Map())).toHaveLength(5);
});

it('counts what is done, failed and left', () => {
  const statuses: JobStatus[] = ['succeeded', 'failed', 'cancelled', 'interrupted', 'queued', 'running'];
  expect(progressText(statuses)).toBe('1 of 6 done, 1 failed, 2 left');
  expect(progressText(['succeeded', 'succeeded'])).toBe('2 of 2 done');
  expect([countText(3), countText(0.25), countText(null)]).toEqual(['3', '0.3', '–']);
});

it('shows the jobs of a queue together, in the order of their turn', () => {
  const job = (id: string, queue: string | null): JobSummary =>
    ({ id, queue: queue === null ? null : { id: queue, title: 'Q' } }) as JobSummary;
  const groups = jobGroups([job('5', null), job('4', 'q'), job('3', 'q'), job('2', null), job('1', 'q')]);
  expect(groups.map(({ key, jobs }) => [key, jobs.map(({ id }) => id)])).toEqual([
    ['5', ['5']],
    ['q', ['1', '3', '4']],
    ['2', ['2']],
  ]);
});

it('knows a network by its steps, and says why a detector is left out', () => {
  const number = { kind: 'integer', default: 1, min: 1, max: 9, title: '', help: '' } as const;
  expect(familyOf({ steps: { ...number, unit: 'steps' }, window: { ...number, unit: 'samples' } })).toBe('network');
  expect(familyOf({ window: { ...number, unit: 'samples' } })).toBe('windows');
  expect(familyOf({})).toBe('rows');
  expect(refusalOf({ channels: 'multi', trainable: true }, undefined, 1)).toBe('Needs several tags; the data have one.');
  expect(refusalOf({ channels: 'any', trainable: false }, undefined, 1)).toMatch(/^Too slow to train/);
  expect(refusalOf({ channels: 'multi', trainable: true }, undefined, 2)).toBe('');
  const fast = { id: 'fast', help: '', params: { k: 1 } } as const;
  expect(settingsWord({ presets: [fast] }, { k: 5 }, { k: 1 })).toBe('fast');
  expect(settingsWord({ presets: [fast] }, { k: 5 }, { k: 3 })).toBe('own');
  expect(settingsWord({ presets: [] }, {}, {})).toBe('proposed');
});

it('adds the time of all trainings once every one is measured', () => {
  const plan = (seconds: number): Pick<PlanOf, 'estimate'> => ({ estimate: { seconds } as NonNullable<PlanOf['estimate']> });
  expect(totalSeconds([plan(2), plan(3)], 2)).toBe(10);
  expect(totalSeconds([plan(2), undefined], 1)).toBeNull();
});
