import { expect, it } from 'vitest';
import { parseDuration } from './duration-text';

it('reads durations as engineers write them', () => {
  expect(parseDuration('12 min')).toBe(720_000);
  expect(parseDuration('2 h 30 min')).toBe(9_000_000);
  expect(parseDuration('45s')).toBe(45_000);
  expect(parseDuration('1 d')).toBe(86_400_000);
  expect(parseDuration('1.5')).toBe(90_000);
  expect(parseDuration('0 s')).toBe(0);
});
it('refuses what is no duration', () => {
  for (const text of ['', 'soon', '3 weeks', '12 min or so', '-5 min']) expect(parseDuration(text)).toBeNull();
});
