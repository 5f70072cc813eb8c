import { expect, it } from 'vitest';
import { partAt } from '../core/prepare/seen';
import { partsOfRun, splitOfRun } from './run-parts';

const split = { trainUntil: 100, calibrateUntil: 200, guardMs: 10 };
const carried = { objective: { kind: 'carried' as const }, calibratedOn: { start: 110, end: 199 } };
const datasets = { get: () => ({ start: 0 }) } as unknown as Parameters<typeof partsOfRun>[0]['datasets'];

it('takes the parts of the model on its own dataset', () => {
  const run = { datasetId: 'a', start: 0, end: 300 };
  expect(splitOfRun(run, { datasetId: 'a', split }, null)).toBe(split);
  expect(splitOfRun(run, { datasetId: 'a', split }, carried)).toBe(split);
});

it('calibrates on the first half of another dataset, where nothing was trained', () => {
  const other = splitOfRun({ datasetId: 'b', start: 1000, end: 3000 }, { datasetId: 'a', split }, null);
  // Calibration begins one guard after `trainUntil`: at the first row.
  expect(other).toEqual({ trainUntil: 990, calibrateUntil: 2000, guardMs: 10 });
});

it('tests a carried threshold on all of another dataset', () => {
  const run = { datasetId: 'b', start: 1000, end: 3000 };
  const parts = partsOfRun({ datasets }, run, { datasetId: 'a', split }, carried);
  expect([1000, 1001, 2000, 3000].map((time) => partAt(parts, time))).toEqual(['test', 'test', 'test', 'test']);
});

it('leaves out time of another dataset that the model or the threshold has seen, with a guard gap around it', () => {
  const run = { datasetId: 'b', start: 50, end: 400 };
  const parts = partsOfRun({ datasets }, run, { datasetId: 'a', split }, carried);
  // Trained until 100; calibrated on 110 to 199; 10 around each.
  expect([50, 99, 100, 109, 110, 199, 200, 209, 210, 400].map((time) => partAt(parts, time))).toEqual([
    'train',
    'train',
    'guard',
    'guard',
    'calibration',
    'calibration',
    'guard',
    'guard',
    'test',
    'test',
  ]);
});
