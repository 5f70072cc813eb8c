import { expect, it } from 'vitest';
import { moveEdge, withGuard } from './split-edges';

// A period of 1000 ms keeps at least 20 ms for each part.
const period = { start: 0, end: 1000 };
const split = { trainUntil: 500, calibrateUntil: 700, guardMs: 50 };

it('moves an edge where it is free', () => {
  expect(moveEdge(split, 'trainUntil', 600, period)).toEqual({ ...split, trainUntil: 600 });
});

it('stops before the calibration part and its guard would vanish', () => {
  // 700 - 50 guard - 20 least.
  expect(moveEdge(split, 'trainUntil', 999, period).trainUntil).toBe(630);
});

it('keeps a train and a test part', () => {
  expect(moveEdge(split, 'trainUntil', -5, period).trainUntil).toBe(20);
  // 1000 - 50 guard - 20 least.
  expect(moveEdge(split, 'calibrateUntil', 2000, period).calibrateUntil).toBe(930);
});

it('limits the guard to the room there is', () => {
  // Between the edges lie 200 ms, 20 of which stay with the calibration part.
  expect(withGuard(split, 400, period).guardMs).toBe(180);
  expect(withGuard(split, -1, period).guardMs).toBe(0);
});
