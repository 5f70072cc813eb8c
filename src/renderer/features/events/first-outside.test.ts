import { expect, it } from 'vitest';
import { firstOutside } from './first-outside';

const times = Float64Array.from({ length: 8 }, (_, i) => i * 10);
const line = (values: number[]) => ({ time: times, min: Float32Array.from(values), max: Float32Array.from(values), raw: true });
const band = { channel: 'a', time: times, low: new Float32Array(8).fill(0), high: new Float32Array(8).fill(2) };

it('finds when a tag left its band to stay out', () => {
  expect(firstOutside(line([1, 5, 1, 1, 3, 3, 3, 1]), band, 0)).toBe(40);
  expect(firstOutside(line([5, 5, 5, 1, 1, -1, -2, -3]), band, 30)).toBe(50);
});
it('gives nothing for single samples, gaps and unknown bands', () => {
  expect(firstOutside(line([1, 5, 1, 5, 1, 5, 1, 5]), band, 0)).toBeNull();
  expect(firstOutside(line([5, 5, Number.NaN, 5, 5, Number.NaN, 5, 5]), band, 0)).toBeNull();
  expect(
    firstOutside(
      line([5, 5, 5, 5, 5, 5, 5, 5]),
      { ...band, high: new Float32Array(8).fill(Number.NaN), low: new Float32Array(8).fill(Number.NaN) },
      0,
    ),
  ).toBeNull();
});
