import { expect, it } from 'vitest';
import { partMarks } from './parts';

const split = { trainUntil: 100, calibrateUntil: 200, guardMs: 10 };

it('leaves the guard gaps to no part', () => {
  expect(partMarks(split, { start: 0, end: 300 })).toEqual([
    { part: 'train', start: 0, end: 100 },
    { part: 'calibration', start: 110, end: 200 },
    { part: 'test', start: 210, end: 300 },
  ]);
});

it('calls all of later data tested, from where it begins', () => {
  expect(partMarks(split, { start: 1000, end: 1300 })).toEqual([{ part: 'test', start: 1000, end: 1300 }]);
});
