import { describe, expect, it } from 'vitest';
import { Adam, clipGlobalNorm, cosineRate } from './optimiser';

describe('Adam', () => {
  it('takes two steps as in the paper', () => {
    const adam = new Adam(1);
    const weights = Float32Array.of(1);
    adam.update(weights, Float32Array.of(2), 0.1);
    // By hand: m 0.2, v 0.004; corrected 2 and 4; step 0.1 * 2 / 2.
    expect(weights[0]).toBeCloseTo(0.9, 6);
    adam.update(weights, Float32Array.of(-1), 0.1);
    // m 0.18 - 0.1 = 0.08, over 1 - 0.81: 0.421053; v 0.003996 + 0.001 = 0.004996, over 1 - 0.998001: 2.499250, root 1.580902;
    // step 0.1 * 0.421053 / 1.580902 = 0.026634.
    expect(weights[0]).toBeCloseTo(0.873366, 5);
  });

  it('starts afresh after a reset', () => {
    const [used, fresh] = [new Adam(2), new Adam(2)];
    used.update(Float32Array.of(1, 1), Float32Array.of(3, -3), 0.1);
    used.reset();
    expect(used).toEqual(fresh);
  });
});

it('the cosine rate starts at the rate, is half of it in the middle and ends at 0', () => {
  expect(cosineRate(0.2, 0, 100)).toBe(0.2);
  expect(cosineRate(0.2, 50, 100)).toBeCloseTo(0.1, 12);
  expect(cosineRate(0.2, 100, 100)).toBeCloseTo(0, 12);
});

describe('clipGlobalNorm', () => {
  it('shortens a long gradient to the limit and keeps its direction', () => {
    const gradient = Float32Array.of(3, 4);
    expect(clipGlobalNorm(gradient, 1)).toBe(5);
    expect(gradient[0]).toBeCloseTo(0.6, 6);
    expect(gradient[1]).toBeCloseTo(0.8, 6);
  });

  it('leaves a short one as it is, and tells one that is not finite', () => {
    const gradient = Float32Array.of(0.3, 0.4);
    clipGlobalNorm(gradient, 1);
    expect([...gradient]).toEqual([Math.fround(0.3), Math.fround(0.4)]);
    expect(clipGlobalNorm(Float32Array.of(1, Number.NaN), 1)).toBeNaN();
  });
});
