import { expect, it } from 'vitest';
import { resolveParams } from '../params';
import { collapseGradient, expandLatent, latentShape } from './latent';
import { specs } from './params';

const shape = latentShape(resolveParams(specs, { window: 4, latent: 3, constantShare: 0.67 }));

it('holds two of three latent numbers constant over the window', () => {
  expect(shape).toEqual({ steps: 4, constant: 2, free: 1, width: 6 });
  // All free, as published, and all constant.
  expect(latentShape(resolveParams(specs, { window: 4, latent: 3, constantShare: 0 })).width).toBe(12);
  expect(latentShape(resolveParams(specs, { window: 4, latent: 3, constantShare: 1 })).width).toBe(3);
});

it('lays latent rows out sample by sample, and sums gradients of constants', () => {
  // Two windows: constants, then the free number of each sample.
  const rows = Float32Array.of(1, 2, 10, 11, 12, 13, 3, 4, 20, 21, 22, 23);
  const input = expandLatent(shape, rows);
  expect([...input]).toEqual([1, 2, 10, 3, 4, 20, 1, 2, 11, 3, 4, 21, 1, 2, 12, 3, 4, 22, 1, 2, 13, 3, 4, 23]);
  // Gradient equal to the input: each constant stands four times.
  expect([...collapseGradient(shape, input)]).toEqual([4, 8, 10, 11, 12, 13, 12, 16, 20, 21, 22, 23]);
});
