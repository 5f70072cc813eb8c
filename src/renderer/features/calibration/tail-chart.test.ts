import { expect, it } from 'vitest';
import { randomFrom } from '../../../core/random';
import { tailModel, tailView } from './tail-chart';

it('draws what was seen over what the fit expects, from the threshold of the tail on', () => {
  const random = randomFrom(7);
  // Exponential scores: the tail is a generalised Pareto with shape 0.
  const normal = Float32Array.from({ length: 4000 }, () => -Math.log(1 - random.next()));
  const { diagnostic } = tailView(normal, 0.999);
  const model = tailModel(diagnostic!, 400, 200);
  expect(model.x[0]).toBe(diagnostic!.fit.initial);
  expect(model.dots![0]!.points).toHaveLength(diagnostic!.points.length);
  const [x, y] = model.dots![0]!.points.at(-1)!;
  expect(x - model.x[0]).toBeCloseTo(diagnostic!.points.at(-1)!.model, 9);
  expect(y - model.x[0]).toBeCloseTo(diagnostic!.points.at(-1)!.seen, 9);
  expect(model.y[1]).toBeGreaterThanOrEqual(y);
  for (const [, low, high] of model.bands![0]!.points) expect(low).toBeLessThanOrEqual(high);
});
it('says why there is no tail to draw', () => {
  expect(tailView(Float32Array.of(1, 2, 3), 0.999)).toMatchObject({
    diagnostic: null,
    sentence: expect.stringContaining('10') as string,
  });
});
