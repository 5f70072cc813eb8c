import { describe, expect, it } from 'vitest';
import { clampRange, goBack, goForward, moveBy, parseRange, parseTime, startHistory, visit, zoomAt } from './zoom';

const utc = (text: string): number => Date.parse(`${text}Z`);
const data = { start: 0, end: 1000 };

describe('zooming', () => {
  it('keeps the instant under the cursor in its place', () => {
    // 250 is a quarter of 0..1000; after halving, it is a quarter of 125..625.
    expect(zoomAt(data, 250, 0.5)).toEqual({ start: 125, end: 625 });
  });
  it('stays inside the data and does not shrink below the least span', () => {
    expect(clampRange({ start: -100, end: 100 }, data, 10)).toEqual({ start: 0, end: 200 });
    expect(clampRange(moveBy({ start: 900, end: 1000 }, 50), data, 10)).toEqual({ start: 900, end: 1000 });
    expect(clampRange({ start: 500, end: 502 }, data, 10)).toEqual({ start: 496, end: 506 });
    expect(clampRange({ start: -500, end: 5000 }, data, 10)).toEqual(data);
  });
});

describe('zoom history', () => {
  it('goes back and forward, and a new visit drops what was ahead', () => {
    const a = startHistory(data);
    const b = visit(a, { start: 0, end: 10 });
    const c = visit(b, { start: 0, end: 5 });
    expect(goBack(c).now).toEqual({ start: 0, end: 10 });
    expect(goForward(goBack(c)).now).toEqual({ start: 0, end: 5 });
    expect(goForward(visit(goBack(c), { start: 1, end: 2 })).now).toEqual({ start: 1, end: 2 });
    expect(goBack(a)).toBe(a);
  });
  it('remembers the steps of one gesture once', () => {
    const dragged = visit(
      visit(visit(startHistory(data), { start: 1, end: 9 }), { start: 2, end: 8 }, true),
      { start: 3, end: 7 },
      true,
    );
    expect(goBack(dragged).now).toEqual(data);
  });
});

describe('typed times', () => {
  it('are read in the zone', () => {
    expect(parseTime('2026-05-20 06:00', 'Europe/Berlin')).toBe(utc('2026-05-20T04:00'));
    expect(parseTime('2026-05-20', 'UTC')).toBe(utc('2026-05-20T00:00'));
    expect(parseTime('2026-02-30', 'UTC')).toBeNull();
    expect(parseTime('yesterday', 'UTC')).toBeNull();
  });
  it('make ranges', () => {
    const shown = { start: utc('2026-05-01T00:00'), end: utc('2026-05-02T00:00') };
    const all = { start: utc('2026-01-01T00:00'), end: utc('2026-06-01T00:00') };
    expect(parseRange('-8h', 'UTC', shown, all)).toEqual({ start: utc('2026-05-01T16:00'), end: shown.end });
    expect(parseRange('*-1d', 'UTC', shown, all)).toEqual({ start: utc('2026-05-31T00:00'), end: all.end });
    expect(parseRange('2026-05-18 06:00 to 2026-05-24', 'UTC', shown, all)).toEqual({
      start: utc('2026-05-18T06:00'),
      end: utc('2026-05-24T00:00'),
    });
    expect(parseRange('2026-03-01', 'UTC', shown, all)).toEqual({ start: utc('2026-03-01T00:00'), end: utc('2026-03-02T00:00') });
    expect(parseRange('2026-05-24 to 2026-05-18', 'UTC', shown, all)).toBeNull();
  });
});
