import { expect, it } from 'vitest';
import { histogramModel, scoreHistogram } from './histogram';
import { niceTicks, powerTicks, xyScale } from './xy';

it('counts minutes by height of the score, apart for normal and labelled rows', () => {
  // Bins of width 1 up to 4; 9 falls into the last, NaN and masked rows nowhere; a row is 5 minutes.
  const histogram = scoreHistogram(
    Float32Array.of(0.5, 0.6, 1.5, 9, Number.NaN, 3.5, 0.1),
    Uint8Array.of(0, 0, 1, 1, 0, 2, 0),
    4,
    4,
    5,
  );
  expect(histogram.edges).toEqual([0, 1, 2, 3, 4]);
  expect(histogram.normal).toEqual([15, 0, 0, 0]);
  expect(histogram.labelled).toEqual([0, 5, 0, 5]);
});

it('keeps the smallest bar in sight on the logarithmic axis', () => {
  const model = histogramModel({ edges: [0, 1, 2], normal: [2000, 0], labelled: [0, 0.5] }, 400, 200);
  expect(model.y[0]).toBeCloseTo(0.07, 9);
  expect(model.y[1]).toBe(3200);
});

it('makes round ticks', () => {
  expect(niceTicks(0, 9, 5)).toEqual([0, 2, 4, 6, 8]);
  expect(niceTicks(0.13, 0.31, 4)).toEqual([0.15, 0.2, 0.25, 0.3]);
  expect(niceTicks(3, 3, 4)).toEqual([]);
  expect(powerTicks(0.7, 2500)).toEqual([1, 10, 100, 1000]);
});

it('maps values to pixels and back', () => {
  // Plot 50..386 wide for 0..8: 42 px a unit; plot 10..172 high for two decades: 81 px a decade.
  const scale = xyScale({ width: 400, height: 200, x: [0, 8], y: [1, 100], logY: true });
  expect(scale.x(2)).toBe(134);
  expect(scale.value(134)).toBe(2);
  expect(scale.y(10)).toBe(91);
  expect(scale.y(0)).toBe(172);
});
