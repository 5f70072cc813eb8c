import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeFormats, type TimeFormat } from './recipe';
import { timeReader } from './times';
import { isDay, wallTime, zoneOf } from './zones';

const read = (format: TimeFormat, text: string, zone = 'UTC'): number => timeReader(format, zone).read(text);
const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** Writes an instant (whole ms) as a text of the format, in UTC. */
function write(format: TimeFormat, ms: number): string {
  const d = new Date(ms);
  const clock = `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}.${pad(d.getUTCMilliseconds(), 3)}`;
  const [year, month, day] = [pad(d.getUTCFullYear(), 4), pad(d.getUTCMonth() + 1), pad(d.getUTCDate())];
  switch (format) {
    case 'iso':
      return `${year}-${month}-${day}T${clock}Z`;
    case 'ymd':
      return `${year}/${month}/${day} ${clock}`;
    case 'dmy':
      return `${day}.${month}.${year} ${clock}`;
    case 'mdy':
      return `${month}/${day}/${year} ${clock}`;
    case 'epoch-s':
      return `${Math.floor(ms / 1000)}.${pad(ms % 1000, 3)}`;
    case 'epoch-ms':
      return String(ms);
    case 'epoch-us':
      return `${ms}000`;
    case 'epoch-ns':
      return `${ms}000000`;
    case 'excel-serial':
      return (ms / 86_400_000 + 25_569).toFixed(9);
  }
}

describe('timeReader', () => {
  it('reads back what was written, in every format', () => {
    // 1970 to 2199.
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7_258_118_399_999 }), fc.constantFrom(...timeFormats), (ms, format) => {
        // Excel serials are doubles of days: rounded to the nearest ms; seconds are written with a decimal fraction.
        expect(Math.abs(read(format, write(format, ms)) - ms)).toBeLessThanOrEqual(
          format === 'excel-serial' || format === 'epoch-s' ? 1 : 0,
        );
      }),
    );
  });

  it('reads back clock times of a zone with summer time, except in the hours the clock changes', () => {
    const zone = zoneOf('Europe/Berlin');
    fc.assert(
      fc.property(fc.integer({ min: 946_684_800, max: 2_051_222_400 }), (s) => {
        const ms = s * 1000;
        const text = new Date(ms + zone.offsetAt(ms)).toISOString().slice(0, 19);
        const reader = timeReader('iso', 'Europe/Berlin');
        const back = reader.read(text);
        if (reader.clockChange) expect([ms, ms - 3_600_000]).toContain(back);
        else expect(back).toBe(ms);
      }),
    );
  });

  it.each([
    ['iso', '2026-05-18 14:07', Date.UTC(2026, 4, 18, 14, 7)],
    ['iso', '2026-05-18', Date.UTC(2026, 4, 18)],
    ['iso', '2026-05-18T14:07:00+02:00', Date.UTC(2026, 4, 18, 12, 7)],
    ['iso', '2026-05-18T14:07:00.250-0330', Date.UTC(2026, 4, 18, 17, 37, 0, 250)],
    ['iso', '2024-02-29 00:00:00', Date.UTC(2024, 1, 29)],
    ['iso', '2026-05-18 24:00:00', Date.UTC(2026, 4, 19)],
    ['ymd', '20260518 14:07:00', Date.UTC(2026, 4, 18, 14, 7)],
    ['dmy', '18-May-26 14:07:00', Date.UTC(2026, 4, 18, 14, 7)],
    ['dmy', '3.Okt.2026 02:00', Date.UTC(2026, 9, 3, 2)],
    ['mdy', '5/18/2026 12:07:00 AM', Date.UTC(2026, 4, 18, 0, 7)],
    ['mdy', '5/18/99 2:07 PM', Date.UTC(1999, 4, 18, 14, 7)],
    ['epoch-ns', '1700000000123456789', 1_700_000_000_123.456789],
    // 45,000 days from 1899-12-30 are 2023-03-15 (Excel shows 15/03/2023 for 45000).
    ['excel-serial', '45000,5', Date.UTC(2023, 2, 15, 12)],
  ] as const)('%s reads %j', (format, text, expected) => {
    expect(read(format, text)).toBeCloseTo(expected, 3);
  });

  it.each([
    ['iso', '2026-02-29'],
    ['iso', '0000-01-01'],
    ['iso', '2026-13-01'],
    ['iso', '2026-01-01 25:00:00'],
    ['iso', '2026-01-01 12:60:00'],
    ['iso', '18.05.2026'],
    ['dmy', '31/02/2024 08:00'],
    ['mdy', '18/05/2026'],
    ['epoch-s', 'Bad'],
    ['epoch-ms', ''],
    ['epoch-s', '1e9'],
  ] as const)('%s refuses %j', (format, text) => {
    expect(read(format, text)).toBeNaN();
  });

  it('takes the years 1 and 9999 as they are', () => {
    // Date.UTC would read year 1 as 1901; ISO strings do not.
    expect(read('iso', '0001-01-01 00:00:00')).toBe(Date.parse('0001-01-01T00:00:00Z'));
    expect(read('iso', '9999-12-31 23:59:59')).toBe(Date.parse('9999-12-31T23:59:59Z'));
  });

  it('tells the two passes of the repeated hour apart by monotony', () => {
    // Berlin, 25 October 2026: 03:00 summer time becomes 02:00 winter time at 01:00 UTC.
    const reader = timeReader('iso', 'Europe/Berlin');
    const texts = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00'].map((t) => `2026-10-25 ${t}`);
    const changes: boolean[] = [];
    const times = texts.map((t) => {
      const time = reader.read(t);
      changes.push(reader.clockChange);
      return new Date(time).toISOString().slice(11, 16);
    });
    expect(times).toEqual(['23:30', '00:00', '00:30', '01:00', '01:30', '02:00']);
    expect(changes).toEqual([false, true, true, true, true, false]);
  });

  it('marks the hour that does not exist and reads it with the offset before', () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC; 02:30 with UTC+1 is 01:30 UTC.
    const reader = timeReader('iso', 'Europe/Berlin');
    expect(reader.read('2026-03-29 02:30')).toBe(Date.UTC(2026, 2, 29, 1, 30));
    expect(reader.clockChange).toBe(true);
  });
});

describe('calendar', () => {
  it('agrees with Date over four centuries', () => {
    fc.assert(
      fc.property(fc.integer({ min: -12_000_000, max: 12_000_000 }), (hours) => {
        const d = new Date(hours * 3_600_000);
        expect(wallTime(d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate(), d.getUTCHours(), 0, 0)).toBe(d.getTime());
        expect(isDay(d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate())).toBe(d.getUTCFullYear() >= 1);
      }),
    );
  });
});
