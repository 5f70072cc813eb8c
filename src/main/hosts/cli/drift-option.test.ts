import { expect, it } from 'vitest';
import { isFaultline } from '../../../core/errors';
import { driftOption } from './drift-option';

const hour = 3_600_000;
const proposed = { halfLifeMs: hour, holdMs: 16 * hour, reach: 10 };

it('follows nothing unless asked, and what is proposed when asked', () => {
  expect(driftOption(undefined, proposed)).toBeUndefined();
  expect(driftOption('off', proposed)).toBeUndefined();
  expect(driftOption('follow', proposed)).toBe(proposed);
});

it('takes a half-life, and over it hold and reach', () => {
  expect(driftOption('6h', proposed)).toEqual({ halfLifeMs: 6 * hour, holdMs: 96 * hour, reach: 10 });
  expect(driftOption('1.5 h, hold=2d, reach=3', proposed)).toEqual({ halfLifeMs: 1.5 * hour, holdMs: 48 * hour, reach: 3 });
  expect(driftOption('6h, score', proposed)).toEqual({ halfLifeMs: 6 * hour, holdMs: 96 * hour, reach: 10, withScore: true });
  expect(driftOption('follow,score', proposed)).toEqual({ ...proposed, withScore: true });
  expect(driftOption('90s,reach=4', proposed)).toEqual({ halfLifeMs: 90_000, holdMs: 16 * 90_000, reach: 4 });
});

it.each([
  '',
  'on',
  '6',
  '6 weeks',
  '-6h',
  '0h',
  '6h,hold',
  '6h,hold=4',
  '6h,reach=0',
  '6h,speed=3',
  '6h,score=1',
  'follow,hold=2d',
])('refuses "%s"', (text) => {
  let error: unknown;
  try {
    driftOption(text, proposed);
  } catch (thrown) {
    error = thrown;
  }
  expect(isFaultline(error, 'cli/usage')).toBe(true);
});
