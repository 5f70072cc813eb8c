import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessNumberMarks, parseNumber } from './numbers';
import type { Recipe } from './recipe';

const marks: readonly (readonly [Recipe['decimal'], Recipe['thousands']])[] = [
  ['.', ''],
  ['.', ','],
  ['.', ' '],
  ['.', "'"],
  [',', ''],
  [',', '.'],
  [',', ' '],
];

/** Writes a number the way a spreadsheet of that locale would. */
function write(value: number, digits: number, decimal: string, thousands: string): string {
  const [whole, fraction] = Math.abs(value).toFixed(digits).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, thousands);
  return (value < 0 ? '-' : '') + grouped + (fraction === undefined ? '' : decimal + fraction);
}

describe('parseNumber', () => {
  it('reads back what was written under the same marks', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom(...marks),
        (value, digits, [decimal, thousands]) => {
          expect(parseNumber(write(value, digits, decimal, thousands), decimal, thousands)).toBe(Number(value.toFixed(digits)));
        },
      ),
    );
  });

  it('reads back every finite double from its shortest text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // String(-0) is "0", hence + 0.
        expect(parseNumber(String(value), '.', '')).toBe(value + 0);
      }),
    );
  });

  it.each([
    ['1e999', '.', ''],
    ['NaN', '.', ''],
    ['inf', '.', ''],
    ['-', '.', ''],
    ['', '.', ''],
    ['1_000', '.', ''],
    ['0x10', '.', ''],
    ['12.5 bar', '.', ''],
    ['1,5', '.', ''],
    ['1.5', ',', ''],
    ['1,23,456', '.', ','],
    ['1.2345,6', ',', '.'],
    ['12 34', '.', ' '],
    ['--1', '.', ''],
    ['1e', '.', ''],
  ] as const)('refuses %j with decimal %j and thousands %j', (text, decimal, thousands) => {
    expect(parseNumber(text, decimal, thousands)).toBeNaN();
  });

  it('takes thin spaces between thousands and the true minus sign', () => {
    expect(parseNumber('\u22121\u202f234\u00a0567,5', ',', ' ')).toBe(-1234567.5);
  });
});

describe('guessNumberMarks', () => {
  it.each([
    [['1,5', '20,25'], ';', ',', '', false],
    [['1.234,5', '7,25'], ';', ',', '.', false],
    [['1,234.5', '7.25'], ';', '.', ',', false],
    [['1 234,5', '12,0'], ';', ',', ' ', false],
    [["1'234.5"], ';', '.', "'", false],
    [['1.234.567', '2.000.000'], ';', ',', '.', false],
    [['0.123', '12.456'], ';', '.', '', false],
    // Three digits behind the only mark: decimals or thousands, nobody can tell.
    [['1.234', '5.678'], ';', '.', '', true],
    [['1,5', '2.5'], ';', '.', '', true],
  ] as const)('%j with delimiter %j', (cells, delimiter, decimal, thousands, doubt) => {
    expect(guessNumberMarks(cells, delimiter)).toMatchObject({ decimal, thousands, doubt });
  });
});
