import { describe, expect, it } from 'vitest';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatLength,
  formatNumber,
  formatPercent,
  formatScore,
  formatSeconds,
  signed,
  timeFormatter,
} from './format';

const minute = 60_000;
const hour = 60 * minute;

describe('numbers', () => {
  it('have three significant digits and never lose digits before the point', () => {
    expect([3.4159, 0.04512, 98.94, 12345.6, 9.996, 0, 1, 999.6].map((v) => formatNumber(v))).toEqual([
      '3.42',
      '0.0451',
      '98.9',
      '12,346',
      '10.0',
      '0',
      '1.00',
      '1,000',
    ]);
    expect(formatScore(2.19792)).toBe('2.198');
    expect(formatNumber(-2.5)).toBe('−2.50');
    expect(formatNumber(0.0000123)).toBe('1.23e−5');
    expect(formatNumber(6.02e23)).toBe('6.02e23');
    expect(formatCount(1234567)).toBe('1,234,567');
    expect([0.0451, -0.66, 0.0004, -0.0004].map(signed)).toEqual(['+0.045', '−0.660', '0.000', '0.000']);
    expect([0.04, 0.1, 9.94, 12.4, null].map(formatSeconds)).toEqual(['< 0.1 s', '0.1 s', '9.9 s', '12 s', '–']);
  });
  it('are shares in percent, finer at both ends', () => {
    expect([0, 0.004, 0.4, 0.989, 0.995, 1].map(formatPercent)).toEqual(['0 %', '0.4 %', '40 %', '99 %', '99.5 %', '100 %']);
  });
  it('are sizes', () => {
    expect([12, 1234, 99_000_000].map(formatBytes)).toEqual(['12 B', '1.23 kB', '99.0 MB']);
  });
  it('are counts in words', () => {
    expect([0, 1, 3].map((n) => countOf(n, 'event'))).toEqual(['no event', '1 event', '3 events']);
  });
});

it('writes durations in the units that matter', () => {
  expect([32 * hour + 39 * minute, 45 * minute, 2.5 * minute, 0, 250, 24 * hour, -hour, 59.6 * 1000].map(formatDuration)).toEqual([
    '1 d 8 h 39 min',
    '45 min',
    '2 min 30 s',
    '0 s',
    '250 ms',
    '1 d',
    '−1 h',
    '1 min',
  ]);
});

describe('times', () => {
  const berlin = timeFormatter('Europe/Berlin');
  it('are in the zone, with its offset at that time', () => {
    const summer = Date.UTC(2026, 4, 20, 3, 42);
    expect(berlin.time(summer)).toBe('20 May 2026 05:42');
    expect(berlin.short(summer)).toBe('20 May 05:42');
    expect(berlin.iso(summer)).toBe('2026-05-20T05:42:00+02:00');
    expect(berlin.iso(Date.UTC(2026, 0, 20, 3, 42, 7))).toBe('2026-01-20T04:42:07+01:00');
    expect(berlin.zone(summer)).toBe('Europe/Berlin (UTC+02:00)');
    expect(timeFormatter('UTC').zone(summer)).toBe('UTC');
    expect(timeFormatter('America/St_Johns').iso(Date.UTC(2026, 0, 1))).toBe('2025-12-31T20:30:00-03:30');
  });
  it('tell the two hours of autumn apart', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30);
    expect([first, first + hour].map(berlin.iso)).toEqual(['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00']);
  });
});

it('gives a single sample no length in time', () => {
  expect([formatLength({ start: 0, end: 90 * minute }), formatLength({ start: hour, end: hour })]).toEqual([
    '1 h 30 min',
    'one sample',
  ]);
});
