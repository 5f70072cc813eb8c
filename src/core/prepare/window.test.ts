import { expect, it } from 'vitest';
import { randomFrom } from '../random';
import { autocorrelation, proposeWindow, windowLimits } from './window';

const random = randomFrom(3);
const column = (n: number, value: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => value(i));
const propose = (values: Float64Array): number => proposeWindow({ columns: [values], channels: ['x'] }).windowSamples;

it('is 1 at lag 0 and falls like the process does', () => {
  // AR(1) with 0.8: correlation 0.8^lag.
  let state = 0;
  const values = autocorrelation(column(20_000, () => (state = 0.8 * state + random.normal())));
  expect(values[0]).toBe(1);
  expect(values[1]).toBeCloseTo(0.8, 1);
  expect(values[3]).toBeCloseTo(0.512, 1);
});

it('takes one season, or an equal part of a long one', () => {
  expect(propose(column(2000, (i) => Math.sin((2 * Math.PI * i) / 24) + 0.1 * random.normal()))).toBe(24);
  // A day of five minutes: 288 = 12 x 24.
  expect(propose(column(6000, (i) => Math.sin((2 * Math.PI * i) / 288) + 0.1 * random.normal()))).toBe(24);
});

it('takes the decay to 1/e where there is no season, within its limits', () => {
  let state = 0;
  // 0.95^lag = 1/e at lag 19.5.
  const slow = propose(column(20_000, () => (state = 0.95 * state + random.normal())));
  expect(slow).toBeGreaterThanOrEqual(15);
  expect(slow).toBeLessThanOrEqual(25);
  expect(propose(column(1000, () => random.normal()))).toBe(windowLimits.min);
  expect(propose(column(4000, (i) => i))).toBe(windowLimits.max);
});

it('leaves missing values out and has an answer for a flat tag', () => {
  const values = column(2000, (i) => (i % 7 === 0 ? NaN : Math.sin((2 * Math.PI * i) / 20)));
  expect(propose(values)).toBe(20);
  expect(proposeWindow({ columns: [new Float64Array(100)], channels: ['flat'] })).toEqual({
    channel: 'flat',
    values: [1],
    windowSamples: windowLimits.min,
  });
});
