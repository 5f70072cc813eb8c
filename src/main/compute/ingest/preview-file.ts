import type { DuckDBVarCharVector } from '@duckdb/node-api';
import { FaultlineError } from '../../../core/errors';
import { cellReader } from '../../../core/ingest/cells';
import { guessEncoding } from '../../../core/ingest/encoding';
import { clip, type Findings } from '../../../core/ingest/findings';
import { guessRecipe, type Guess, type GuessOptions } from '../../../core/ingest/guess';
import { layoutOf, type Head } from '../../../core/ingest/layout';
import type { Evidence, PreviewedRow, PreviewResult } from '../../../core/ingest/preview';
import { usedColumns, type Recipe, type RowTimes } from '../../../core/ingest/recipe';
import { rowTime } from '../../../core/ingest/row-times';
import { timeReader } from '../../../core/ingest/times';
import { qualities } from '../../../core/series/series';
import { firstBytes, regularFile } from './files';
import { readFile } from './import-file';
import { queryChunks, tableOf } from './reader';
import { HEAD_BYTES, readHead, type Source } from './source';

export interface PreviewOptions {
  /** Choices of the user; absent: guess everything. */
  readonly recipe?: Recipe;
  /** Column of 0/1 labels to leave out of the tags when guessing. */
  readonly labelColumnName?: string;
  /** Make the times from the order of the rows when guessing. */
  readonly rowTimes?: RowTimes;
  readonly show?: 'first' | 'problem' | 'last';
  readonly signal?: AbortSignal;
}

/** Files up to this size are read whole for the preview, of larger ones only this much of the beginning. */
const WHOLE_BYTES = 32 << 20;
const BEGINNING_BYTES = 8 << 20;
const SHOWN_ROWS = 60;
const ROWS_BEFORE_PROBLEM = 4;
const RAW_LINES = 12;
const RAW_LENGTH = 1000;

/**
 * How the file would be read: recipe with evidence, first raw lines, rows under the recipe, and the report. Nothing is stored.
 *
 * With a recipe its choices are kept; only when its columns cannot belong to the file any more (another delimiter or line of names was
 * chosen) are the columns, names and formats guessed anew under that delimiter and line.
 *
 * @throws FaultlineError as `importFile` and `guessRecipe`.
 */
export async function previewFile(path: string, options: PreviewOptions = {}): Promise<PreviewResult> {
  const { bytes: size } = await regularFile(path);
  if (size === 0) throw new FaultlineError('import/empty', 'The file is empty. Choose a file with names and rows.');
  const start = await firstBytes(path, HEAD_BYTES);
  const encodingGuess = guessEncoding(start, start.length < size);
  const head = await readHead(path, options.recipe?.encoding ?? encodingGuess.encoding, start, size);
  const { recipe, evidence } = choose(head, options, encodingGuess);

  const whole = size <= WHOLE_BYTES;
  let rows: readonly PreviewedRow[] = [];
  const result = await readFile(path, recipe, () => undefined, {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    limitBytes: whole ? undefined : BEGINNING_BYTES,
    inspect: async (source, findings) => {
      rows = await shownRows(source, recipe, findings, options.show ?? 'first', options.signal);
    },
  });
  return {
    bytes: result.bytes,
    sha256: result.sha256,
    recipe,
    evidence,
    rawLines: rawLines(head.text),
    rows,
    columns: result.columns,
    report: result.report,
    complete: whole,
  };
}

function choose(
  head: Head,
  options: PreviewOptions,
  encodingGuess: Evidence & { readonly encoding: Recipe['encoding'] },
): { recipe: Recipe; evidence: readonly Evidence[] } {
  const label = options.labelColumnName === undefined ? {} : { labelColumnName: options.labelColumnName };
  const rows = options.rowTimes === undefined ? {} : { rowTimes: options.rowTimes };
  const encoding: Evidence =
    head.encoding === encodingGuess.encoding
      ? { choice: 'encoding', text: encodingGuess.text, doubt: encodingGuess.doubt && options.recipe === undefined }
      : { choice: 'encoding', text: `chosen; the bytes suggest ${encodingGuess.encoding}`, doubt: false };
  const given = options.recipe;
  if (given === undefined) {
    const guess = guessRecipe(head, { ...label, ...rows });
    return { recipe: guess.recipe, evidence: [encoding, ...guess.evidence] };
  }
  const layout = layoutOf(head, given);
  const width = Math.max(layout.width, layout.header.length);
  const used = usedColumns(given);
  const names = new Set(layout.columns);
  const fits = used.every((c) => c < width) && (given.tags.some((t) => names.has(t.name)) || given.headerLine === 0);
  const settled: GuessOptions = {
    delimiter: given.delimiter,
    headerLine: given.headerLine,
    unitLine: given.unitLine,
    timeZone: given.timeZone,
    ...(given.rowTimes && { rowTimes: given.rowTimes }),
    ...label,
  };
  if (!fits) {
    const guess = guessRecipe(head, settled);
    return { recipe: { ...guess.recipe, statusTexts: given.statusTexts }, evidence: [encoding, ...guess.evidence] };
  }
  return { recipe: given, evidence: [encoding, ...evidenceFor(head, given, settled)] };
}

/** The evidence of a guess, with "chosen" where the user decided otherwise. What the user has seen and kept is no doubt any more. */
function evidenceFor(head: Head, given: Recipe, settled: GuessOptions): readonly Evidence[] {
  let guess: Guess;
  try {
    guess = guessRecipe(head, settled);
  } catch (error) {
    if (error instanceof FaultlineError) return [];
    throw error;
  }
  const same = (choice: string): boolean =>
    !(choice in guess.recipe) ||
    JSON.stringify(guess.recipe[choice as keyof Recipe]) === JSON.stringify(given[choice as keyof Recipe]);
  return guess.evidence.map((e) =>
    same(e.choice) ? { ...e, doubt: false } : { choice: e.choice, text: `chosen; the file suggests: ${e.text}`, doubt: false },
  );
}

function rawLines(text: string): PreviewResult['rawLines'] {
  const lines = text.split(/\r\n|\r|\n/, RAW_LINES + 1).slice(0, RAW_LINES);
  return lines
    .map((line, i) => ({ line: i + 1, text: line.length > RAW_LENGTH ? `${line.slice(0, RAW_LENGTH)}…` : line }))
    .filter((l, i) => l.text !== '' || i < lines.length - 1);
}

/** Line of the first thing that needs a look. */
function firstProblem(findings: Findings): number {
  const firsts = [
    findings.badTime,
    findings.unreadable,
    findings.status,
    findings.repeated,
    findings.outOfOrder,
    findings.ragged,
    findings.clockChange,
    findings.missing,
  ].map((f) => f.finding().first[0]?.line ?? Infinity);
  return Math.min(...firsts);
}

async function shownRows(
  source: Source,
  recipe: Recipe,
  findings: Findings,
  show: 'first' | 'problem' | 'last',
  signal: AbortSignal | undefined,
): Promise<readonly PreviewedRow[]> {
  const problem = firstProblem(findings);
  let where = '';
  let offset = 0;
  if (show === 'last') offset = Math.max(0, source.rows - SHOWN_ROWS);
  else if (show === 'problem' && Number.isFinite(problem)) {
    if (source.lineColumn < 0) offset = Math.max(0, problem - source.firstLine - ROWS_BEFORE_PROBLEM);
    else where = ` WHERE CAST(c${source.lineColumn} AS BIGINT) >= ${Math.max(1, problem - ROWS_BEFORE_PROBLEM)}`;
  }
  const { rowTimes } = recipe;
  const columns = [source.lineColumn, source.timeColumn, ...source.valueColumns].map((c) =>
    c < 0 ? 'CAST(NULL AS VARCHAR)' : `c${c}`,
  );
  let table = tableOf(source.file);
  if (rowTimes) {
    // Numbered before any row is left out, so that a row has the time it will be stored with.
    columns[1] = 'CAST(number AS VARCHAR)';
    table = `(SELECT *, row_number() OVER () - 1 AS number FROM ${table})`;
  }
  const sql = `SELECT ${columns.join(', ')} FROM ${table}${where} LIMIT ${SHOWN_ROWS} OFFSET ${offset}`;
  const times = timeReader(recipe.timeFormat, recipe.timeZone);
  const cells = cellReader(recipe);
  const rows: PreviewedRow[] = [];
  for await (const chunk of queryChunks(source.file, sql, signal)) {
    const vectors = columns.map((_, i) => chunk.getColumnVector(i) as DuckDBVarCharVector);
    for (let r = 0; r < chunk.rowCount; r++) {
      const text = (i: number): string => vectors[i]!.getItem(r) ?? '';
      const timeText = rowTimes ? '' : text(1);
      const time = rowTimes ? rowTime(rowTimes, Number(text(1))) : times.read(timeText);
      rows.push({
        line: source.lineColumn < 0 ? source.firstLine + offset + rows.length : Number(text(0)),
        time: Number.isNaN(time) ? null : time,
        timeText: clip(timeText),
        cells: source.valueColumns.map((_, i) => {
          const cell = cells.read(text(2 + i));
          return {
            text: clip(text(2 + i)),
            value: Number.isNaN(cell.value) ? null : cell.value,
            quality: qualities[cell.quality]!,
          };
        }),
        problem: Number.isNaN(time) ? 'bad-time' : '',
      });
    }
  }
  const dropped = new Set(findings.repeated.finding().first.map((f) => f.line));
  const lastOf = new Map<number, number>();
  for (const row of rows) if (row.time !== null) lastOf.set(row.time, row.line);
  return rows.map((row) =>
    row.time !== null && (dropped.has(row.line) || lastOf.get(row.time) !== row.line) ? { ...row, problem: 'repeated' } : row,
  );
}
