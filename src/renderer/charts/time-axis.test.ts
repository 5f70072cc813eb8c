import { describe, expect, it } from 'vitest';
import { timeTicks } from './time-axis';
import { instantOf, instantsOf, offsetName, stamp } from './zone';

const utc = (text: string): number => Date.parse(`${text}Z`);

describe('ticks in the zone', () => {
  it('fall on round hours of the local clock, with the date at midnight', () => {
    // Berlin in May is UTC+2, so local midnight of the 20th is 22:00 UTC of the 19th. 24 h on 620 px, 62 px apart: steps of 3 h.
    const ticks = timeTicks({ start: utc('2026-05-19T16:00'), end: utc('2026-05-20T16:00') }, 'Europe/Berlin', 620);
    expect(ticks.map((t) => t.text)).toEqual(['18:00', '21:00', '00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00']);
    expect(ticks[2]).toMatchObject({ time: utc('2026-05-19T22:00'), major: true, date: 'Wed 20 May' });
  });

  it('show the repeated hour of autumn twice', () => {
    // Berlin falls back on 25 October 2026 at 01:00 UTC: 02:00 exists at 00:00 and at 01:00 UTC.
    const ticks = timeTicks({ start: utc('2026-10-24T23:00'), end: utc('2026-10-25T03:00') }, 'Europe/Berlin', 310);
    expect(ticks.map((t) => t.text)).toEqual(['01:00', '02:00', '02:00', '03:00', '04:00']);
    expect(ticks.map((t) => t.time - utc('2026-10-24T23:00'))).toEqual([0, 1, 2, 3, 4].map((h) => h * 3_600_000));
  });

  it('leave out the hour that spring skips', () => {
    const ticks = timeTicks({ start: utc('2026-03-28T23:00'), end: utc('2026-03-29T03:00') }, 'Europe/Berlin', 310);
    expect(ticks.map((t) => t.text)).toEqual(['00:00', '01:00', '03:00', '04:00', '05:00']);
  });

  it('keep local midnight across a change of the clock on day steps', () => {
    const ticks = timeTicks({ start: utc('2026-03-27T23:00'), end: utc('2026-03-31T22:00') }, 'Europe/Berlin', 300);
    expect(ticks.map((t) => t.text)).toEqual(['28 Mar', '29 Mar', '30 Mar', '31 Mar', '1 Apr']);
  });

  it('name months and years on long axes', () => {
    const ticks = timeTicks({ start: utc('2024-02-10T00:00'), end: utc('2026-03-01T00:00') }, 'UTC', 600);
    expect(ticks.map((t) => t.text)).toEqual([
      'Apr 2024',
      'Jul 2024',
      'Oct 2024',
      'Jan 2025',
      'Apr 2025',
      'Jul 2025',
      'Oct 2025',
      'Jan 2026',
    ]);
    expect(timeTicks({ start: utc('1990-01-01T00:00'), end: utc('2030-01-01T00:00') }, 'UTC', 620)[0]?.text).toBe('1990');
  });

  it('give milliseconds on short axes and nothing on an empty range', () => {
    expect(timeTicks({ start: 1000, end: 1010 }, 'UTC', 400)[1]?.text).toBe('00:00:01.002');
    expect(timeTicks({ start: 5, end: 5 }, 'UTC', 400)).toEqual([]);
  });
});

describe('clock of a zone', () => {
  it('gives one, two or no instant for a clock reading', () => {
    expect(instantsOf(utc('2026-06-01T12:00'), 'Europe/Berlin')).toEqual([utc('2026-06-01T10:00')]);
    expect(instantsOf(utc('2026-10-25T02:30'), 'Europe/Berlin')).toEqual([utc('2026-10-25T00:30'), utc('2026-10-25T01:30')]);
    expect(instantsOf(utc('2026-03-29T02:30'), 'Europe/Berlin')).toEqual([]);
    // The skipped 02:30 is read with the offset before the change: 01:30 UTC, which the clock shows as 03:30.
    expect(instantOf(utc('2026-03-29T02:30'), 'Europe/Berlin')).toBe(utc('2026-03-29T01:30'));
  });

  it('writes stamps and offsets', () => {
    expect(stamp(utc('2026-05-20T03:42'), 'Europe/Berlin', 'short')).toBe('20 May 05:42');
    expect(stamp(utc('2026-05-20T03:42'), 'UTC', 'iso')).toBe('2026-05-20 03:42');
    expect(offsetName(utc('2026-05-20T03:42'), 'Europe/Berlin')).toBe('UTC+02:00');
    expect(offsetName(utc('2026-05-20T03:42'), 'America/St_Johns')).toBe('UTC\u221202:30');
  });
});
