import { expect, it } from 'vitest';
import { formatDuration, formatNumber, formatPeriod, formatRecent, formatTime, formatZone, offsetMinutes, plural } from './format';

const berlin = 'Europe/Berlin';
// Clocks in Berlin go from 02:00 to 03:00 on 29 March 2026, at 01:00 UTC.
const beforeSkip = Date.UTC(2026, 2, 29, 0, 59);
const afterSkip = Date.UTC(2026, 2, 29, 1, 0);

it('writes a time as the clock of the zone shows it, over the hour that does not exist', () => {
  expect(formatTime(beforeSkip, berlin)).toBe('2026-03-29 01:59');
  expect(formatTime(afterSkip, berlin)).toBe('2026-03-29 03:00');
  expect(offsetMinutes(afterSkip, berlin) - offsetMinutes(beforeSkip, berlin)).toBe(60);
});

it('names the zone with the offset it has at that time', () => {
  expect(formatZone(berlin, beforeSkip)).toBe('Europe/Berlin (UTC+01:00)');
  expect(formatZone(berlin, afterSkip)).toBe('Europe/Berlin (UTC+02:00)');
  expect(formatZone('America/St_Johns', Date.UTC(2026, 0, 1))).toBe('America/St_Johns (UTC−03:30)');
  expect(formatZone('UTC', 0)).toBe('UTC');
});

it('says today and yesterday by the calendar of the zone', () => {
  const now = Date.UTC(2026, 10, 22, 23, 30); // 00:30 of the 23rd in Berlin
  expect(formatRecent(Date.UTC(2026, 10, 22, 22, 0), now, berlin)).toBe('Yesterday 23:00');
  expect(formatRecent(Date.UTC(2026, 10, 22, 22, 0), now, 'UTC')).toBe('Today 22:00');
  expect(formatRecent(Date.UTC(2025, 4, 2), now, 'UTC')).toBe('2 May 2025');
});

it('leaves the year out where it is the same at both ends', () => {
  expect(formatPeriod(Date.UTC(2026, 2, 1), Date.UTC(2026, 5, 30), 'UTC')).toBe('1 Mar – 30 Jun 2026');
  expect(formatPeriod(Date.UTC(2020, 2, 9, 10, 14, 33), Date.UTC(2020, 2, 9, 10, 34, 32), 'UTC')).toBe('9 Mar 2020, 10:14 – 10:34');
  expect(formatPeriod(Date.UTC(2020, 2, 9, 10, 20, 42), Date.UTC(2020, 2, 9, 10, 21, 31), 'UTC')).toBe(
    '9 Mar 2020, 10:20:42 – 10:21:31',
  );
  expect(formatPeriod(Date.UTC(2025, 11, 2), Date.UTC(2026, 1, 19), 'UTC')).toBe('2 Dec 2025 – 19 Feb 2026');
});

it('shows what is not there as a dash, never as 0', () => {
  expect(formatNumber(null)).toBe('–');
  expect(formatNumber(NaN)).toBe('–');
  expect(formatDuration(null)).toBe('–');
  expect(formatNumber(0)).toBe('0');
});

it('counts one thing as one', () => {
  expect([plural(1, 'tag'), plural(0, 'tag'), plural(1200, 'entry', 'entries')]).toEqual(['1 tag', '0 tags', '1,200 entries']);
});
