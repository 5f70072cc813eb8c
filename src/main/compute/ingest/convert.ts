import type { DuckDBDataChunk, DuckDBDoubleVector, DuckDBVarCharVector } from '@duckdb/node-api';
import { FaultlineError } from '../../../core/errors';
import { cellKinds, cellReader, type Cell, type CellKind } from '../../../core/ingest/cells';
import { clip, type Findings } from '../../../core/ingest/findings';
import { count, parseNumber } from '../../../core/ingest/numbers';
import type { Recipe } from '../../../core/ingest/recipe';
import { rowTime } from '../../../core/ingest/row-times';
import { timeReader, utcText } from '../../../core/ingest/times';
import { lineText } from './files';
import { queryChunks, tableOf, WIDE } from './reader';
import type { Source } from './source';
import type { RowSpool } from './spool';

/** Kind and quality of a cell in one byte of the spool: kind in the upper half, quality in the lower. */
export function cellCode(cell: Pick<Cell, 'kind' | 'quality'>): number {
  return (cellKinds.indexOf(cell.kind) << 4) | cell.quality;
}
export function kindOf(code: number): CellKind {
  return cellKinds[code >> 4]!;
}
export function qualityOf(code: number): number {
  return code & 15;
}

/**
 * The query: time as text, then for each tag its number where the text is a plain one, and its text where it is not.
 *
 * DuckDB parses only what our own rules (core/ingest/numbers) parse alike: no underscore, no infinity, and for a decimal comma no
 * point. Everything else comes as text and is judged by those rules alone. Of very wide files everything comes as text, because the
 * two columns a tag would not fit into the memory of one chunk.
 */
export function conversionQuery(source: Source, recipe: Pick<Recipe, 'decimal' | 'timeFormat' | 'timeZone' | 'rowTimes'>): string {
  const { decimal } = recipe;
  const inner: string[] = [source.timeColumn < 0 ? 'CAST(NULL AS VARCHAR) AS t' : `c${source.timeColumn} AS t`];
  const outer: string[] = ['t'];
  if (knowsTimes(recipe)) {
    inner.push(
      `CASE WHEN regexp_full_match(c${source.timeColumn}, '${PLAIN_ISO}') THEN epoch_ms(TRY_CAST(c${source.timeColumn} AS TIMESTAMP))::DOUBLE END AS e`,
    );
    outer[0] = 'CASE WHEN e IS NULL THEN t END';
    outer.push('e');
  }
  if (source.lineColumn >= 0) {
    inner.push(`CAST(c${source.lineColumn} AS DOUBLE) AS l`);
    outer.push('l');
  }
  if (source.labelColumn >= 0) {
    inner.push(`c${source.labelColumn} AS y`);
    outer.push('y');
  }
  source.valueColumns.forEach((c, i) => {
    if (isWide(source)) {
      inner.push(c < 0 ? `CAST(NULL AS VARCHAR) AS s${i}` : `c${c} AS s${i}`);
      outer.push(`s${i}`);
      return;
    }
    if (c < 0) {
      outer.push('CAST(NULL AS DOUBLE)', 'CAST(NULL AS VARCHAR)');
      return;
    }
    const number =
      decimal === ','
        ? `CASE WHEN contains(c${c}, '_') OR contains(c${c}, '.') THEN NULL ELSE TRY_CAST(replace(c${c}, ',', '.') AS DOUBLE) END`
        : `CASE WHEN contains(c${c}, '_') THEN NULL ELSE TRY_CAST(c${c} AS DOUBLE) END`;
    inner.push(`c${c} AS s${i}`, `${number} AS d${i}`);
    outer.push(`d${i}`, `CASE WHEN d${i} IS NULL OR NOT isfinite(d${i}) THEN s${i} END`);
  });
  return `SELECT ${outer.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${tableOf(source.file)})`;
}

/** ISO times without fraction and offset, 1900 to 2199, with a possible time of day; of the day the cast decides as we do. */
const PLAIN_ISO = '(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]';

/** True when DuckDB may read the plainest times itself: only where a clock time is UTC. */
function knowsTimes(recipe: Pick<Recipe, 'timeFormat' | 'timeZone' | 'rowTimes'>): boolean {
  return recipe.rowTimes === undefined && recipe.timeFormat === 'iso' && recipe.timeZone === 'UTC';
}

function isWide(source: Source): boolean {
  return source.file.width > WIDE;
}

/** What the rows were like, apart from single cells. */
export interface Converted {
  readonly fileRows: number;
  /** Rows with a time. */
  readonly timed: number;
}

/** Reads every row of the source into the spool, in the order of the file, and notes what was not simply a value. */
export async function convert(
  source: Source,
  recipe: Recipe,
  findings: Findings,
  spool: RowSpool,
  options: { readonly signal?: AbortSignal | undefined; readonly report: (rows: number) => void },
): Promise<Converted> {
  const times = timeReader(recipe.timeFormat, recipe.timeZone);
  const cells = cellReader(recipe);
  const names = recipe.tags.map((t) => t.name);
  const { rowTimes } = recipe;
  const timeName = source.columns[recipe.timeColumn ?? -1] ?? '';
  const wide = isWide(source);
  const epochs = knowsTimes(recipe) ? 1 : 0;
  const first = 1 + epochs + (source.lineColumn >= 0 ? 1 : 0) + (source.labelColumn >= 0 ? 1 : 0);
  const missingCode = cellCode(cells.read(''));
  let fileRows = 0;
  let timed = 0;
  let latest = -Infinity;

  for await (const chunk of queryChunks(source.file, conversionQuery(source, recipe), options.signal)) {
    const rows = chunk.rowCount;
    const timeTexts = texts(chunk, 0);
    const lines = source.lineColumn >= 0 ? numbers(chunk, 1 + epochs) : null;
    const known = epochs === 1 ? numbers(chunk, 1) : null;
    const labels = source.labelColumn >= 0 ? texts(chunk, first - 1) : null;
    const values = wide ? [] : names.map((_, i) => numbers(chunk, first + 2 * i));
    const rests = names.map((_, i) => texts(chunk, wide ? first + i : first + 2 * i + 1));
    for (let r = 0; r < rows; r++) {
      const line = lines === null ? source.firstLine + fileRows : lines.getItem(r)!;
      fileRows++;
      const knownTime = known === null ? null : known.getItem(r);
      const timeText = (): string => (knownTime === null ? (timeTexts.getItem(r) ?? '') : utcText(knownTime));
      const time = rowTimes ? rowTime(rowTimes, fileRows - 1) : (knownTime ?? times.read(timeText()));
      if (Number.isNaN(time)) {
        findings.badTime.add(line, timeName, timeText());
        continue;
      }
      timed++;
      if (knownTime === null && times.clockChange) findings.clockChange.add(line, timeName, timeText());
      if (time < latest) findings.outOfOrder.add(line, timeName, timeText());
      else latest = time;
      if (spool.full) await spool.flush();
      const row = spool.next(time, line);
      for (let i = 0; i < names.length; i++) {
        const value = wide ? null : values[i]!.getItem(r);
        let cell: Cell | null = null;
        if (value !== null && Number.isFinite(value)) {
          cell = cells.readNumber(value);
          if (cell === null) {
            row.numbers[row.at + 2 + i] = value;
            row.codes[row.codeAt + i] = 0;
            continue;
          }
          findings.status.add(line, names[i]!, String(value));
        } else {
          const text = rests[i]!.getItem(r);
          if (text === null) {
            row.numbers[row.at + 2 + i] = NaN;
            row.codes[row.codeAt + i] = missingCode;
            findings.missing.add(line, names[i]!, '');
            continue;
          }
          cell = cells.read(text);
          if (cell.kind === 'missing') findings.missing.add(line, names[i]!, text);
          else if (cell.kind === 'status') findings.status.add(line, names[i]!, text);
          else if (cell.kind === 'unreadable') findings.addUnreadable(line, names[i]!, text);
        }
        row.numbers[row.at + 2 + i] = cell.value;
        row.codes[row.codeAt + i] = cellCode(cell);
      }
      row.codes[row.codeAt + names.length] = labels !== null && isMarked(labels.getItem(r)) ? 1 : 0;
    }
    options.report(fileRows);
  }
  if (fileRows !== source.rows) {
    throw new FaultlineError(
      'import/unreadable',
      `${count(source.rows)} rows were counted but ${count(fileRows)} could be read; nothing was kept. Did the file change meanwhile?`,
      {
        counted: source.rows,
        read: fileRows,
      },
    );
  }
  if (timed === 0) {
    const place = findings.badTime.finding().first[0];
    throw new FaultlineError(
      'import/bad-timestamp',
      `No row has a readable time. ${place === undefined ? '' : `In ${lineText(place.line)} it is "${clip(place.text)}". `}Choose the time column and its format.`,
      { column: timeName, format: recipe.timeFormat, line: place?.line ?? 0, text: place?.text ?? '' },
    );
  }
  return { fileRows, timed };
}

function isMarked(text: string | null): boolean {
  if (text === null) return false;
  const value = parseNumber(text, '.', '');
  return Number.isNaN(value) ? /^(true|yes|anomaly|attack|fault)$/i.test(text.trim()) : value !== 0;
}

// The types of the columns follow from the query above: DOUBLE or VARCHAR.
function numbers(chunk: DuckDBDataChunk, column: number): DuckDBDoubleVector {
  return chunk.getColumnVector(column) as DuckDBDoubleVector;
}
function texts(chunk: DuckDBDataChunk, column: number): DuckDBVarCharVector {
  return chunk.getColumnVector(column) as DuckDBVarCharVector;
}
