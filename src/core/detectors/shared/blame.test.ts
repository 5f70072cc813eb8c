import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { invertedTransposedCholesky, Whitener } from './whitening';
import { Blame } from './blame';

it('is what the squared distance loses when a tag becomes what the others make of it', async () => {
  await tf.setBackend('cpu');
  // One row of two tags with variance 1 and covariance 0.6: C⁻¹ = [[1, −0.6], [−0.6, 1]] / 0.64.
  const covariance = Float64Array.of(1, 0.6, 0.6, 1);
  const whitening = {
    mean: new Float32Array(2),
    inverse: Float32Array.from(invertedTransposedCholesky(covariance, 2)),
    variance: Float32Array.of(1, 1),
  };
  const whitener = new Whitener(tf, whitening);
  // x = (0, 2): y = C⁻¹x = (−1.875, 3.125), so 1.875² · 0.64 = 2.25 and 3.125² · 0.64 = 6.25. The second alone: x'C⁻¹x = 6.25, and with
  // the second tag at 0.6 · 0 nothing is left. With the first at 0.6 · 2 = 1.2, (1.2, 2) has 4: 6.25 − 4 = 2.25.
  const parts = new Blame(tf, whitening, 2).parts(whitener.apply(Float32Array.of(0, 2)));
  whitener.dispose();
  expect(parts[0]).toBeCloseTo(2.25, 5);
  expect(parts[1]).toBeCloseTo(6.25, 5);
});

it('takes all rows of a tag together', async () => {
  await tf.setBackend('cpu');
  // Two rows of two tags; the rows of a tag are correlated by 0.9, the tags are independent: the whole distance is one tag's.
  const c = Float64Array.of(1, 0, 0.9, 0, 0, 1, 0, 0.9, 0.9, 0, 1, 0, 0, 0.9, 0, 1);
  const whitening = {
    mean: new Float32Array(4),
    inverse: Float32Array.from(invertedTransposedCholesky(c, 4)),
    variance: new Float32Array(4).fill(1),
  };
  const whitener = new Whitener(tf, whitening);
  const whitened = whitener.apply(Float32Array.of(0, 3, 0, 3));
  whitener.dispose();
  const parts = new Blame(tf, whitening, 2).parts(whitened);
  // (3, 3) under [[1, .9], [.9, 1]]: 9 · 2 / 1.9.
  expect(parts[0]).toBeCloseTo(0, 5);
  expect(parts[1]).toBeCloseTo(18 / 1.9, 3);
});
