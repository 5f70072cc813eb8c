import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../random';
import { symmetricEigen } from './symmetric-eigen';

it('solves a matrix by hand', () => {
  // [[2, 1], [1, 2]]: 3 along (1, 1), 1 along (1, −1).
  const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
  expect(values[0]).toBeCloseTo(3, 14);
  expect(values[1]).toBeCloseTo(1, 14);
  const s = Math.SQRT1_2;
  [s, s].forEach((entry, j) => expect(vectors[j]).toBeCloseTo(entry, 14));
  expect(vectors[2]! * vectors[3]!).toBeCloseTo(-0.5, 14);
});

const matrices: readonly [string, number, (i: number, j: number, random: () => number) => number][] = [
  ['one entry', 1, () => 4],
  ['all zero', 5, () => 0],
  ['diagonal', 6, (i, j) => (i === j ? i - 2 : 0)],
  ['of rank 1', 12, (i, j) => (i + 1) * (j + 1)],
  ['random', 60, (_, __, random) => random()],
];

describe.each(matrices)('a matrix that is %s', (_, d, entry) => {
  const random = randomFrom(9);
  const a = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      a[i * d + j] = entry(i, j, () => random.normal());
      a[j * d + i] = a[i * d + j]!;
    }
  }
  const size = Math.max(1, ...a.map(Math.abs)) * d;

  it('is A v = λ v with orthonormal v, descending', () => {
    const { values, vectors } = symmetricEigen(a, d);
    const of = (i: number) => vectors.subarray(i * d, (i + 1) * d);
    for (let i = 0; i < d; i++) {
      if (i > 0) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!);
      for (let row = 0; row < d; row++) {
        const product = of(i).reduce((sum, v, j) => sum + a[row * d + j]! * v, 0);
        expect(Math.abs(product - values[i]! * of(i)[row]!)).toBeLessThan(1e-14 * size);
      }
      for (let k = 0; k <= i; k++) {
        const dot = of(i).reduce((sum, v, j) => sum + v * of(k)[j]!, 0);
        expect(Math.abs(dot - (i === k ? 1 : 0))).toBeLessThan(1e-13);
      }
    }
  });
});
