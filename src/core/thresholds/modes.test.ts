import { expect, it } from 'vitest';
import { modeName, modesOf } from './modes';

const rule = { channel: 'speed', edges: [500, 1200] };

it('holds the last sample at or before each row', () => {
  const rows = Float64Array.of(0, 10, 20, 30, 40, 50);
  // Samples at 10 (499.9), 15 (500), 20 (1,200), 35 (no number), 45 (1,199).
  const found = modesOf(rows, [10, 15, 20, 35, 45], [499.9, 500, 1200, NaN, 1199], rule);
  expect([...found]).toEqual([255, 0, 2, 2, 255, 1]);
});

it('finds edges half-open: at an edge the higher mode', () => {
  const at = Float64Array.of(0, 1, 2, 3);
  expect([...modesOf(at, at, [-1e9, 500, 1199.999, 1200], rule)]).toEqual([0, 1, 1, 2]);
});

it('has no mode for any row when the tag has no sample', () => {
  expect([...modesOf(Float64Array.of(1, 2), [], [], rule)]).toEqual([255, 255]);
});

it('names modes with their unit', () => {
  expect([0, 1, 2, 255].map((k) => modeName(rule, k, 'rpm'))).toEqual([
    'speed < 500 rpm',
    '500 to 1,200 rpm',
    'speed >= 1,200 rpm',
    'without a value of speed',
  ]);
  expect(modeName({ channel: 'level', edges: [-0.125] }, 1)).toBe('level >= −0.125');
});
