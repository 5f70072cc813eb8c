import { describe, expect, it } from 'vitest';
import { printable, table } from './text';

describe('text for a terminal', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', '\\u{1b}[31mred\\u{1b}[0m'],
    ['a\nb\rc\td', 'a\\u{a}b\\u{d}c\\u{9}d'],
    ['\u009b2J', '\\u{9b}2J'],
    ['tag\u202egat', 'tag\\u{202e}gat'],
    ['\ud800', '\\u{d800}'],
    ['Durchfluß m³/h 流量 🌡', 'Durchfluß m³/h 流量 🌡'],
  ])('shows %j as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('aligns columns, numbers to the right, and lets no cell break a line', () => {
    expect(
      table(
        ['Tag', 'Rows'],
        [
          ['flow', '7'],
          ['a\nb', '1000'],
        ],
        new Set([1]),
      ),
    ).toEqual(['Tag      Rows', 'flow        7', 'a\\u{a}b  1000']);
  });
});
