import { expect, it } from 'vitest';
import { keepsSample, troubleOf } from './monitor';

it('calls windows that are all alike a collapse, and a discriminator that is sure of all hopeless', () => {
  expect(troubleOf({ spread: 0.09, generated: 0.4 })).toMatch(/collapsed.*0\.090 times/);
  expect(troubleOf({ spread: 0.9, generated: 0.001 })).toMatch(/D\(G\(z\)\) 0\.0010/);
  expect(troubleOf({ spread: 0.2, generated: 0.1 })).toBeNull();
});

it('keeps about a dozen samples whatever the number of steps, the last one among them', () => {
  const kept = (steps: number): number[] =>
    Array.from({ length: steps }, (_, i) => i + 1).filter((step) => keepsSample(step, 25, steps));
  // 180 records, every fifteenth: 12.
  expect(kept(4500)).toEqual(Array.from({ length: 12 }, (_, i) => 375 * (i + 1)));
  expect(kept(60)).toEqual([25, 50, 60]);
  expect(kept(100_000).length).toBeLessThanOrEqual(13);
});
