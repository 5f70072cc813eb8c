import { expect, it } from 'vitest';
import { keySteps, moveEdge, withGuard } from './split-edges';

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

it('moves by an hour on long periods, by whole samples of a short one', () => {
  expect(keySteps({ start: 0, end: 42 * 86_400_000 }, 300_000)).toEqual({ fine: 3_600_000, coarse: 86_400_000 });
  // 1199 s: 1 % are 12 samples of 1 s, 10 % are 120.
  expect(keySteps({ start: 0, end: 1_199_000 }, 1000)).toEqual({ fine: 12_000, coarse: 120_000 });
  // A step longer than 1 % of the period still moves.
  expect(keySteps({ start: 0, end: 1_000_000 }, 60_000)).toEqual({ fine: 60_000, coarse: 120_000 });
});
