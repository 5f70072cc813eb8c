import { expect, it } from 'vitest';
import { unitOf } from './drift-units';

it.each([
  [500, 's'],
  [90_000, 's'],
  [120_000, 'min'],
  [2 * 3_600_000, 'h'],
  [47 * 3_600_000, 'h'],
  [48 * 3_600_000, 'd'],
])('%d ms is typed in %s', (ms, name) => {
  expect(unitOf(ms).name).toBe(name);
});
