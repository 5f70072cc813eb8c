import { expect, it } from 'vitest';
import type { EpochRecord } from '../../../core/detectors/detector';
import { curveOf, lossColours } from './loss-chart';

const record = (stage: string, step: number, losses: Record<string, number>): EpochRecord => ({
  stage,
  step,
  losses,
  learningRate: 0.001,
  gradientNorm: 1,
});

it('lets each stage begin where the one before ended', () => {
  const curve = curveOf([
    record('vae', 10, { reconstruction: 2 }),
    record('vae', 20, { reconstruction: 1 }),
    record('lstm', 5, { sequence: 3 }),
  ]);
  expect(curve.stages).toEqual([
    { name: 'vae', start: 0, end: 20 },
    { name: 'lstm', start: 20, end: 25 },
  ]);
  expect(curve.losses.get('sequence')).toEqual([[25, 3]]);
});

it('leaves out what a logarithmic axis cannot show', () => {
  const curve = curveOf([record('a', 1, { kl: 0 }), record('a', 2, { kl: NaN }), record('a', 3, { kl: 0.5 })]);
  expect(curve.losses.get('kl')).toEqual([[3, 0.5]]);
});

it('takes the best validation of the last stage only: losses of two stages do not compare', () => {
  const curve = curveOf([
    record('a', 1, { validation: 0.1 }),
    record('b', 1, { validation: 5 }),
    record('b', 2, { validation: 4 }),
    record('b', 3, { validation: 4.5 }),
  ]);
  expect(curve.best).toEqual({ x: 3, step: 2, stage: 'b', value: 4 });
});

it('gives every loss a colour of its own', () => {
  const colours = lossColours(['kl', 'validation', 'reconstruction', 'other']);
  expect(new Set(colours.values()).size).toBe(4);
  expect(colours.get('validation')).toBe('signal-7');
});
