import fc from 'fast-check';
import { expect, it } from 'vitest';
import { guessRecipe } from './guess';
import { defaultRowTimes, firstRowOf, rowIntervalOf, rowIntervalText, rowTime, rowTimesText } from './row-times';

const rowTimes = { firstMs: Date.UTC(2026, 0, 1), stepMs: 600_000 };
const guess = (text: string, options = {}) => guessRecipe({ text, partial: false, encoding: 'utf-8' }, options);

it('gives row i the first time plus i intervals', () => {
  expect(rowTime(rowTimes, 0)).toBe(Date.parse('2026-01-01T00:00:00Z'));
  // 150 times ten minutes are a day and an hour.
  expect(rowTime(rowTimes, 150)).toBe(Date.parse('2026-01-02T01:00:00Z'));
  expect(rowTime({ firstMs: 0, stepMs: 3.2e11 }, 1000)).toBeNaN();
});

it('grows strictly over any two rows, down to a microsecond', () => {
  const step = fc.double({ min: 0.001, max: 10_000_000, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), step, (row, stepMs) => {
      const at = { firstMs: rowTimes.firstMs, stepMs };
      expect(rowTime(at, row + 1)).toBeGreaterThan(rowTime(at, row));
    }),
  );
});

it.each([
  ['1s', 1000, '1 s'],
  ['1.5 s', 1500, '1.5 s'],
  ['500ms', 500, '500 ms'],
  ['0.05 ms', 0.05, '0.05 ms'],
  ['1 h 1 min 1 s', 3_661_000, '3661 s'],
  ['90 min', 5_400_000, '1.5 h'],
])('reads the interval %s and writes it so that it is read again', (text, ms, written) => {
  expect(rowIntervalOf(text)).toBe(ms);
  expect(rowIntervalText(ms)).toBe(written);
  expect(rowIntervalOf(written)).toBe(ms);
});

it('takes no interval without a unit, of nothing, or of more than ten years', () => {
  for (const text of ['1', '0 s', '-1 s', '', 'soon', '4000 d']) expect(rowIntervalOf(text)).toBeNull();
});

it('reads the first time in UTC, or with its offset', () => {
  expect(firstRowOf('2026-01-01T00:00')).toBe(rowTimes.firstMs);
  expect(firstRowOf('2026-01-01 01:00:00+01:00')).toBe(rowTimes.firstMs);
  expect(firstRowOf('yesterday')).toBeNull();
  expect(rowTimesText(defaultRowTimes)).toBe('1 s apart, the first at 2000-01-01 00:00:00 UTC');
});

const numbered = (n: number): string => Array.from({ length: n }, (_, i) => `${i + 7},${i % 5},${Number(i > 90)}\n`).join('');

it('refuses a file without times until it is told the interval, and says how', () => {
  expect(() => guess(`row,a,label\n${numbered(100)}`)).toThrow(/No column can be read as times.*--row-interval 1s/);
  const { recipe, evidence } = guess(`row,a,label\n${numbered(100)}`, { rowTimes });
  expect(recipe).toMatchObject({ timeColumn: null, rowTimes, timeZone: 'UTC', headerLine: 1, valueColumns: [1], labelColumn: 2 });
  const said = evidence.map(({ text }) => text);
  expect(said).toContain('times are made from the order of the rows: 10 min apart, the first at 2026-01-01 00:00:00 UTC');
  expect(said).toContain('row only counts the rows; left out of the tags');
});

it('takes the first row for data where it holds a number, and doubts a time column that is not used', () => {
  expect(guess('1,tcp,5\n4,udp,6\n2,tcp,7\n', { rowTimes }).recipe).toMatchObject({ headerLine: 0, valueColumns: [0, 2] });
  const timed = guess('time,a\n2024-01-01 00:00,1\n2024-01-01 00:01,2\n', { rowTimes });
  expect(timed.recipe).toMatchObject({ timeColumn: null, valueColumns: [1] });
  expect(timed.evidence).toContainEqual({ choice: 'timeColumn', text: 'time reads as times, but is not used', doubt: true });
});
