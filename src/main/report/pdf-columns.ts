import type { TableBlock } from '../../core/report/model';

/** Space beside the text of a cell, both sides together. */
export const cellPadding = 12;
/** A left column may lose this share of its width to figures that stay on one line. */
const mostLost = 0.4;
/** No word claims more of the table: a hash is broken. */
const mostClaimed = 0.3;

export interface Columns {
  /** In the unit of `room`. */
  readonly widths: readonly number[];
  /** Cells of a right-aligned column stay on one line. */
  readonly oneLine: boolean;
}

/**
 * Widths of the columns by their weights, each at least as wide as its longest word; where there is room for it, what is aligned to the
 * right (a figure, an interval, a duration) stays on one line.
 *
 * @param measure - width of the longest piece of a cell that a line may not break; r is -1 for the head.
 */
export function columnsOf(
  { columns, rows }: Pick<TableBlock, 'columns' | 'rows'>,
  room: number,
  measure: (column: number, r: number, oneLine: boolean) => number,
): Columns {
  const widest = (i: number, oneLine: boolean): number =>
    Math.max(...rows.map((_, r) => measure(i, r, oneLine)), oneLine ? 0 : measure(i, -1, false)) + cellPadding;
  const words = columns.map((_, i) => Math.min(mostClaimed * room, widest(i, false)));
  const lines = columns.map(({ align }, i) => (align === 'right' ? Math.max(words[i]!, widest(i, true)) : words[i]!));
  const weights = columns.map(({ weight }) => weight);
  const plain =
    share(weights, room, words) ??
    share(
      weights,
      room,
      weights.map(() => 0),
    )!;
  const wide = share(weights, room, lines);
  return wide && columns.every(({ align }, i) => align === 'right' || wide[i]! >= (1 - mostLost) * plain[i]!)
    ? { widths: wide, oneLine: true }
    : { widths: plain, oneLine: false };
}

/** The room by weight, nobody below its least; nothing where that is more than there is. */
function share(weights: readonly number[], room: number, least: readonly number[]): readonly number[] | undefined {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  if (sum(least) > room) return undefined;
  const all = weights.map((_, i) => i);
  let free = all;
  for (;;) {
    const left = room - sum(all.filter((i) => !free.includes(i)).map((i) => least[i]!));
    const each = left / sum(free.map((i) => weights[i]!));
    const enough = free.filter((i) => each * weights[i]! >= least[i]!);
    if (enough.length === free.length) return all.map((i) => (free.includes(i) ? each * weights[i]! : least[i]!));
    free = enough;
  }
}
