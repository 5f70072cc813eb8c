import { expect, it } from 'vitest';
import { presetOf, presetValues } from './presets';

const presets = [
  { id: 'fast', help: '', params: { steps: 100 } },
  { id: 'balanced', help: '', params: {} },
  { id: 'paper', help: '', params: { window: 90, steps: 4500 } },
] as const;
/** The window comes from the data. */
const start = { window: 24, steps: 1000, latent: 6 };

it('lays a preset over what the data propose', () => {
  expect(presetValues(presets[0], start)).toEqual({ window: 24, steps: 100, latent: 6 });
  expect(presetValues(presets[2], start)).toEqual({ window: 90, steps: 4500, latent: 6 });
});

it('recognises the preset that the values are, and none after a change by hand', () => {
  expect(presetOf(presets, start, start)?.id).toBe('balanced');
  expect(presetOf(presets, start, { ...start, steps: 100 })?.id).toBe('fast');
  expect(presetOf(presets, start, { ...start, steps: 101 })).toBeNull();
  expect(presetOf([], start, start)).toBeNull();
});
