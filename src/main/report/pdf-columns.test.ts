import { expect, it } from 'vitest';
import { cellPadding, columnsOf } from './pdf-columns';

const columns = [
  { title: 'Method', weight: 1 },
  { title: 'Interval', weight: 1, align: 'right' as const },
];
const table = (rows: readonly (readonly string[])[]): Parameters<typeof columnsOf>[0] => ({ columns, rows });
/** A letter is one wide, and lines break at blanks. */
const measure =
  (rows: readonly (readonly string[])[]) =>
  (i: number, r: number, oneLine: boolean): number => {
    const text = r < 0 ? columns[i]!.title : rows[r]![i]!;
    return Math.max(...(oneLine ? [text] : text.split(' ')).map((piece) => piece.length));
  };
const widths = (rows: readonly (readonly string[])[], room: number): ReturnType<typeof columnsOf> =>
  columnsOf(table(rows), room, measure(rows));

it('shares the room by weight while every word has its place', () => {
  expect(widths([['a b', '1 to 2']], 100)).toEqual({ widths: [50, 50], oneLine: true });
});

it('gives a figure its line, and the rest to the words beside it', () => {
  // 14 letters and 12 of padding are more than half of 40; the 14 that are left are 70 % of the 20 that the words would have.
  expect(widths([['a b', '0.123 to 0.456']], 40)).toEqual({ widths: [14, 26], oneLine: true });
  // By weight 80, 10, 10; the interval needs 26, the last 17, and the 57 that are left are more than 60 % of 66.
  const three = { columns: [{ title: 'A', weight: 8 }, columns[1]!, columns[1]!], rows: [['a', '0.123 to 0.456', '7']] };
  const found = columnsOf(three, 100, (i, r, oneLine) => (r < 0 ? 4 : i === 1 && oneLine ? 14 : 5));
  expect(found).toEqual({ widths: [100 - 14 - cellPadding - 5 - cellPadding, 14 + cellPadding, 5 + cellPadding], oneLine: true });
});

it('breaks figures where their lines would leave nothing to the words, and hashes anywhere', () => {
  expect(widths([['a b', '0.123 to 0.456']], 36)).toEqual({ widths: [18, 18], oneLine: false });
  expect(widths([['x'.repeat(90), '1']], 100).widths).toEqual([50, 50]);
});

it('goes by weight where the words of all are wider than the table', () => {
  expect(widths([['abcdefgh', 'abcdefgh']], 10).widths).toEqual([5, 5]);
});
