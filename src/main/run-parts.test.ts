import { expect, it } from 'vitest';
import { splitOfRun } from './run-parts';

const split = { trainUntil: 100, calibrateUntil: 200, guardMs: 10 };

it('takes the parts of the model on its own dataset', () => {
  expect(splitOfRun({ datasetId: 'a', start: 0, end: 300 }, { datasetId: 'a', split })).toBe(split);
});

it('calibrates on the first half of another dataset, where nothing was trained', () => {
  const other = splitOfRun({ datasetId: 'b', start: 1000, end: 3000 }, { datasetId: 'a', split });
  // Calibration begins one guard after `trainUntil`: at the first row.
  expect(other).toEqual({ trainUntil: 990, calibrateUntil: 2000, guardMs: 10 });
});
