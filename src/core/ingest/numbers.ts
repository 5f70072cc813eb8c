import type { Recipe } from './recipe';

/** Plain ASCII number with a decimal point; the only form that `Number` is given. */
const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Spaces used between thousands: space, no-break, thin, narrow no-break. */
const anySpace = /[ \u00a0\u2009\u202f]/g;

const grouped: Record<string, RegExp> = {
  '.': /^[+-]?\d{1,3}(?:\.\d{3})+(?![\d.])/,
  ',': /^[+-]?\d{1,3}(?:,\d{3})+(?![\d,])/,
  ' ': /^[+-]?\d{1,3}(?: \d{3})+(?![\d ])/,
  "'": /^[+-]?\d{1,3}(?:'\d{3})+(?![\d'])/,
};

/**
 * A cell as a number under the column rule of the recipe.
 *
 * @returns NaN when the text is not a number, or is too large for one ("1e999"). Thousands marks must part groups of three.
 */
export function parseNumber(text: string, decimal: Recipe['decimal'], thousands: Recipe['thousands']): number {
  if (decimal === '.' && plain.test(text)) return finite(Number(text));
  let t = text.trim();
  if (t.charCodeAt(0) === 0x2212) t = '-' + t.slice(1);
  if (thousands !== '') {
    if (thousands === ' ') t = t.replace(anySpace, ' ');
    else if (thousands === "'") t = t.replaceAll('\u2019', "'");
    const match = grouped[thousands]!.exec(t);
    if (match !== null) t = match[0].replaceAll(thousands, '') + t.slice(match[0].length);
  }
  if (decimal === ',') {
    if (t.includes('.')) return NaN;
    t = t.replace(',', '.');
  }
  if (!plain.test(t)) return NaN;
  return finite(Number(t));
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN;
}

export interface NumberMarks {
  readonly decimal: Recipe['decimal'];
  readonly thousands: Recipe['thousands'];
  readonly evidence: string;
  readonly doubt: boolean;
}

/**
 * Decimal and thousands marks from the cells of all candidate columns, by counting. "1.234" alone says nothing: only a group that is
 * not of three digits, a leading zero, four digits before the mark, or both marks in one cell are evidence.
 */
export function guessNumberMarks(cells: Iterable<string>, delimiter: string): NumberMarks {
  let comma = 0;
  let point = 0;
  let unclear = 0;
  let unclearMark: '.' | ',' = '.';
  const thousands = new Map<Recipe['thousands'], number>();
  const sawThousands = (mark: Recipe['thousands']): void => void thousands.set(mark, (thousands.get(mark) ?? 0) + 1);

  for (const cell of cells) {
    let t = cell.trim().replace(/^[+\u2212-]/, '');
    if (!/^\d/.test(t) && !/^[.,]\d/.test(t)) continue;
    if (/^\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d*)?$/.test(t)) {
      sawThousands(' ');
      t = t.replace(anySpace, '');
    } else if (/^\d{1,3}(?:['\u2019]\d{3})+(?:[.,]\d*)?$/.test(t)) {
      sawThousands("'");
      t = t.replace(/['\u2019]/g, '');
    }
    const match = /^(\d*)((?:[.,]\d*)+)(?:[eE][+-]?\d+)?$/.exec(t);
    if (match === null) continue;
    const marks = match[2]!.replace(/\d/g, '');
    const last = marks[marks.length - 1] as '.' | ',';
    if (marks.length === 1) {
      const fraction = match[2]!.length - 1;
      const whole = match[1]!;
      if (fraction === 3 && whole.length >= 1 && whole.length <= 3 && whole !== '0') {
        unclear++;
        unclearMark = last;
      } else if (last === ',') comma++;
      else point++;
    } else if (new Set(marks).size === 1) {
      // The same mark twice can only part thousands.
      sawThousands(last);
      if (last === ',') point++;
      else comma++;
    } else {
      sawThousands(marks[0] as '.' | ',');
      if (last === ',') comma++;
      else point++;
    }
  }

  const decimal: Recipe['decimal'] =
    comma > point || (comma === 0 && point === 0 && unclearMark === ',' && delimiter !== ',') ? ',' : '.';
  let best: Recipe['thousands'] = '';
  let bestCount = 0;
  for (const [mark, count] of thousands) {
    if (mark !== decimal && count > bestCount) {
      best = mark;
      bestCount = count;
    }
  }
  const name = decimal === ',' ? 'comma' : 'point';
  const onlyUnclear = comma === 0 && point === 0 && unclear > 0;
  const conflict = Math.min(comma, point) > 0;
  const evidence = onlyUnclear
    ? `${count(unclear)} cells like 1${unclearMark}234 could be decimals or thousands; read as decimals`
    : conflict
      ? `decimal ${name}: ${count(Math.max(comma, point))} cells for it, ${count(Math.min(comma, point))} against it`
      : comma + point > 0
        ? `decimal ${name}: ${count(comma + point)} cells show it, none speaks against it`
        : 'no cell has a decimal mark';
  return { decimal, thousands: best, evidence, doubt: onlyUnclear ? delimiter !== ',' : conflict };
}

/** Whole number with thousands commas, for sentences. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
