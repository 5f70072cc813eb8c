import { FaultlineError } from '../errors';
import { clip } from './findings';
import { guessTime } from './guess-time';
import type { TimeFormat } from './recipe';
import { numberCell, readTable, type TextTable } from './table';
import { timeReader, utcText } from './times';

/** Where the rows of a file stand. */
export interface RowAxis {
  /** [n] ms, strictly increasing; of numbered rows 1 s apart, row r at r · 1000. */
  readonly timestamps: Float64Array;
  /** First row number where the rows have numbers instead of times. */
  readonly rowNumbersFrom: number | undefined;
  readonly timeFormat: TimeFormat | undefined;
  /** The column, -1 where the rows are numbered by their order. */
  readonly column: number;
}

/** Scores of any program. */
export interface ScoreFile extends RowAxis {
  /** [n] 64 bit, NaN where there is none. */
  readonly score: Float64Array;
  /** First value of a column `threshold`. */
  readonly threshold: number | undefined;
  readonly table: TextTable;
}

/** Names of a column that counts rows, so that its numbers are no times. */
const indexName = /^(?:index|idx|row|rows|i|unnamed: 0)$/i;
const axisName = /^(?:time|times|timestamp|date|datetime|index|idx|row|rows|i|t|ts|unnamed: 0)?$/i;

/**
 * Reads `timestamp,score[,threshold,…]`, `index,score` (rows numbered from 0 or 1) or a single column of scores.
 *
 * @throws FaultlineError 'threshold/no-scores' for no such column, a cell that is no number, or no score at all; 'import/bad-timestamp'.
 */
export function readScores(text: string): ScoreFile {
  const table = readTable(text);
  const { names, rows, delimiter } = table;
  const width = Math.max(...rows.slice(0, 100).map(({ cells }) => cells.length));
  const column = scoreColumn(names, width);
  const score = new Float64Array(rows.length);
  rows.forEach(({ cells, line }, i) => {
    const value = numberCell(cells[column] ?? '', delimiter);
    if (value === undefined) {
      throw new FaultlineError('threshold/no-scores', `Line ${line}: "${clip(cells[column] ?? '')}" is not a number.`, { line });
    }
    score[i] = value;
  });
  if (score.every(Number.isNaN)) throw new FaultlineError('threshold/no-scores', 'No row of the file has a score.');
  const limit = names?.findIndex((name) => /^threshold$/i.test(name)) ?? -1;
  const threshold = limit < 0 ? undefined : rows.map(({ cells }) => numberCell(cells[limit] ?? '', delimiter)).find(isFinite);
  return { ...readAxis(table, new Set([column])), score, threshold, table };
}

function scoreColumn(names: readonly string[] | null, width: number): number {
  if (names === null) {
    if (width <= 2) return width - 1;
    throw new FaultlineError(
      'threshold/no-scores',
      `The file has ${width} columns and no names; name the one with the scores "score".`,
    );
  }
  const exact = names.findIndex((name) => /^scores?$/i.test(name));
  if (exact >= 0) return exact;
  const like = names.flatMap((name, i) => (/score/i.test(name) ? [i] : []));
  if (like.length === 1) return like[0]!;
  const has = names.map((name) => clip(name)).join(', ');
  throw new FaultlineError('threshold/no-scores', `The file of scores has no column "score"; it has ${has}.`);
}

const isFinite = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);

/**
 * The rows' times or numbers: the column that is named as one, else the first that is nothing else.
 *
 * @param taken - columns that are something else.
 * @throws FaultlineError 'import/bad-timestamp' with the line.
 */
export function readAxis(table: TextTable, taken: ReadonlySet<number>): RowAxis {
  const { names, rows } = table;
  const named = names?.findIndex((name, i) => !taken.has(i) && axisName.test(name)) ?? -1;
  const column = named >= 0 ? named : names === null && !taken.has(0) ? 0 : -1;
  if (column < 0) return numbered(rows.length, 0, -1);
  const cell = (i: number): string => rows[i]!.cells[column] ?? '';
  const first = cell(0).trim();
  if (/^[01](?:\.0*)?$/.test(first)) {
    for (let i = 0; i < rows.length; i++) {
      if (Number(cell(i)) === Number(first) + i) continue;
      throw new FaultlineError(
        'import/bad-timestamp',
        `Line ${rows[i]!.line}: row number "${clip(cell(i))}" does not follow; ${Number(first) + i} was expected.`,
        { line: rows[i]!.line },
      );
    }
    return numbered(rows.length, Number(first), column);
  }
  if (/^\d+(?:\.0*)?$/.test(first) && indexName.test(names?.[column] ?? '')) {
    throw new FaultlineError(
      'import/bad-timestamp',
      `Line ${rows[0]!.line}: row numbers begin with 0 or 1, these with ${clip(first)}. A column of times needs the name "timestamp".`,
      { line: rows[0]!.line },
    );
  }
  // The name tells the guess that this is the column of times: epoch counts need it.
  const sample = rows.slice(0, 200).map(({ cells }) => [cells[column] ?? '']);
  const guess = guessTime([['time'], ...sample], 0);
  if (!guess) {
    throw new FaultlineError(
      'import/bad-timestamp',
      `Line ${rows[0]!.line}: "${clip(first)}" is neither a time nor the row number 0 or 1.`,
      { line: rows[0]!.line },
    );
  }
  const reader = timeReader(guess.format, 'UTC');
  const timestamps = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const { line } = rows[i]!;
    const time = reader.read(cell(i));
    if (Number.isNaN(time)) {
      throw new FaultlineError('import/bad-timestamp', `Line ${line}: "${clip(cell(i))}" is not a time like the others.`, { line });
    }
    if (i > 0 && time <= timestamps[i - 1]!) {
      const what = time === timestamps[i - 1] ? 'is the time of the row before' : 'is before the row before';
      throw new FaultlineError('import/bad-timestamp', `Line ${line}: ${utcText(time)} ${what}. Sort the file by time.`, { line });
    }
    timestamps[i] = time;
  }
  return { timestamps, rowNumbersFrom: undefined, timeFormat: guess.format, column };
}

function numbered(n: number, from: number, column: number): RowAxis {
  const timestamps = Float64Array.from({ length: n }, (_, i) => (from + i) * 1000);
  return { timestamps, rowNumbersFrom: from, timeFormat: undefined, column };
}
