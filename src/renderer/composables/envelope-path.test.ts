import { expect, it } from 'vitest';
import { envelopePath } from './envelope-path';

const line = (time: number[], min: number[], max: number[]) => ({
  time: Float64Array.from(time),
  min: Float32Array.from(min),
  max: Float32Array.from(max),
  raw: false,
});
const box = { start: 0, end: 100, width: 100, height: 12 };

it('draws a stroke from the smallest to the largest value of each bucket', () => {
  // By hand: values 0..10 over 10 px above a margin of 1, so y = 11 - value.
  expect(envelopePath(line([0, 50], [0, 5], [10, 5]), box)).toBe('M0.0 11.0L0.0 1.0L50.0 6.0');
});

it('breaks the line where there is no value', () => {
  expect(envelopePath(line([0, 50, 80], [0, NaN, 10], [1, NaN, 10]), box)).toBe('M0.0 11.0L0.0 10.0M80.0 1.0h0.1');
});

it('draws a flat line through the middle', () => {
  expect(envelopePath(line([0, 50], [7, 7], [7, 7]), box)).toBe('M0.0 6.0h0.1L50.0 6.0');
});

it('draws nothing when there is nothing', () => {
  expect(envelopePath(line([0], [NaN], [NaN]), box)).toBe('');
});
