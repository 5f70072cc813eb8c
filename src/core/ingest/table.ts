import { FaultlineError } from '../errors';
import { RecordLimit, RecordSplitter } from './records';

/** A small delimited file as text: names and cells. */
export interface TextTable {
  /** Trimmed; "" for a column without a name. null where the file has no line of names. */
  readonly names: readonly string[] | null;
  readonly rows: readonly { readonly cells: readonly string[]; readonly line: number }[];
  /** ';' files write decimals with a comma. */
  readonly delimiter: ',' | ';' | '\t';
}

/** Cells that begin a line of data: numbers, times, missing values. */
const data = /^\s*(?:[+-]?[.\d]|nan$|null$|na$|[+-]?inf(?:inity)?$|true$|false$|$)/i;

/**
 * Reads a CSV or TSV whole. The first line is names unless every cell of it could be data.
 *
 * @throws FaultlineError 'import/empty', 'import/unreadable' with the line.
 */
export function readTable(text: string): TextTable {
  const bare = text.replace(/^\ufeff/, '');
  const head = bare.slice(0, 100_000).split(/\r\n|\r|\n/, 1)[0] ?? '';
  const delimiter = ([';', '\t'] as const).find((mark) => head.includes(mark)) ?? ',';
  const rows: { cells: string[]; line: number }[] = [];
  try {
    const splitter = new RecordSplitter(delimiter, (cells, line) => {
      rows.push({ cells, line });
    });
    splitter.push(bare);
    splitter.end();
  } catch (error) {
    if (!(error instanceof RecordLimit)) throw error;
    throw new FaultlineError('import/unreadable', `Line ${error.line} cannot be read as a line of a table (${error.kind}).`, {
      line: error.line,
    });
  }
  const first = rows[0];
  if (!first) throw new FaultlineError('import/empty', 'The file is empty.');
  const named = !first.cells.every((cell) => data.test(cell)) || first.cells.every((cell) => cell.trim() === '');
  if (!named) return { names: null, rows, delimiter };
  if (rows.length === 1) throw new FaultlineError('import/empty', 'The file has a line of names and no data.');
  return { names: first.cells.map((cell) => cell.trim()), rows: rows.slice(1), delimiter };
}

const missing = /^(?:nan|null|none|na|n\/a|-)?$/i;
const infinite = /^([+-]?)inf(?:inity)?$/i;
const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A cell as a 64-bit number: NaN where it says that there is none, undefined where it is not a number. */
export function numberCell(text: string, delimiter: TextTable['delimiter']): number | undefined {
  if (plain.test(text)) return Number(text);
  const cell = text.trim();
  if (missing.test(cell)) return NaN;
  const value = delimiter === ';' ? cell.replace(',', '.') : cell;
  if (plain.test(value)) return Number(value);
  const match = infinite.exec(cell);
  return match ? (match[1] === '-' ? -Infinity : Infinity) : undefined;
}
