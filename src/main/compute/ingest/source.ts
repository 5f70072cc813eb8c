import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultlineError } from '../../../core/errors';
import type { Findings } from '../../../core/ingest/findings';
import { layoutOf, type Head } from '../../../core/ingest/layout';
import { count } from '../../../core/ingest/numbers';
import { usedColumns, type Recipe } from '../../../core/ingest/recipe';
import { isZone } from '../../../core/ingest/zones';
import { checkCancelled, firstBytes, regularFile } from './files';
import { decoderOf, MAX_COLUMNS, normaliseFile } from './normalise';
import type { StrictFile } from './reader';
import { scanFile } from './scan';

/** Bytes that a guess is made from. */
export const HEAD_BYTES = 2 << 20;
/** Tags of one dataset, a limit of the store and the screens. */
const MAX_TAGS = 2000;

/** A file made ready for strict reading. Positions are column numbers of `file`. */
export interface Source {
  readonly file: StrictFile;
  /** Rows that the reader must deliver. */
  readonly rows: number;
  readonly sha256: string;
  readonly bytes: number;
  /** Names of all columns of the original. */
  readonly columns: readonly string[];
  /** Position of the original's line numbers, or -1: then row r is line `firstLine + r`. */
  readonly lineColumn: number;
  readonly firstLine: number;
  /** -1 where the times are made from the order of the rows. */
  readonly timeColumn: number;
  /** -1 for a tag whose column the rows do not have. */
  readonly valueColumns: readonly number[];
  readonly labelColumn: number;
}

/** The beginning of a file as text, for guessing. */
export async function readHead(path: string, encoding: Recipe['encoding'], bytes: Buffer | undefined, size: number): Promise<Head> {
  const start = bytes ?? (await firstBytes(path, HEAD_BYTES));
  const partial = start.length < size;
  const decoder = decoderOf(encoding, start);
  let text: string;
  try {
    text = decoder.push(start);
  } catch {
    // The scan over the whole file reports the line; a guess is still made from what can be read.
    text = start.toString(encoding === 'utf-8' ? 'utf8' : 'utf16le');
  }
  return { text, partial, encoding };
}

/** @throws FaultlineError 'import/bad-recipe' for a recipe that contradicts itself. */
export function checkRecipe(recipe: Recipe): void {
  const refuse = (message: string): never => {
    throw new FaultlineError('import/bad-recipe', message);
  };
  if (!isZone(recipe.timeZone)) refuse(`The time zone "${recipe.timeZone}" is not known. Use a name such as Europe/Berlin.`);
  if (recipe.tags.length !== recipe.valueColumns.length)
    refuse('The recipe needs a name, unit and step flag for each column taken as a tag.');
  if (recipe.valueColumns.length === 0) refuse('The recipe takes no column as a tag. Choose at least one.');
  if (recipe.valueColumns.length > MAX_TAGS) {
    throw new FaultlineError(
      'import/too-large',
      `${count(recipe.valueColumns.length)} tags are more than the ${count(MAX_TAGS)} a dataset can hold. Choose fewer columns.`,
      { limit: MAX_TAGS },
    );
  }
  if ((recipe.timeColumn === null) !== (recipe.rowTimes !== undefined))
    refuse('The recipe needs either a time column or the interval of the rows.');
  const used = usedColumns(recipe);
  if (new Set(used).size !== used.length) refuse('The recipe uses one column twice (as time, tag or label).');
  if (new Set(recipe.tags.map((t) => t.name)).size !== recipe.tags.length) refuse('Two tags of the recipe have the same name.');
  if (recipe.decimal === recipe.thousands) refuse('Decimal mark and thousands mark are the same.');
}

/**
 * Scans the original and, unless it is clean, writes the strict copy, then hands the source to `use`; temporary files are gone after.
 *
 * @param limitBytes - read only the beginning of the file (the hash still covers the whole).
 */
export async function withSource<T>(
  path: string,
  recipe: Recipe,
  findings: Findings,
  options: {
    readonly signal?: AbortSignal | undefined;
    /** Bytes read so far, and in all. */
    readonly report: (phase: 'scan' | 'copy', bytes: number, totalBytes: number) => void;
    readonly limitBytes?: number | undefined;
  },
  use: (source: Source, tempFolder: string) => Promise<T>,
): Promise<T> {
  checkRecipe(recipe);
  checkCancelled(options.signal);
  const before = await regularFile(path);
  if (before.bytes === 0) throw new FaultlineError('import/empty', 'The file is empty. Choose a file with names and rows.');
  const layout = layoutOf(await readHead(path, recipe.encoding, undefined, before.bytes), recipe);
  if (layout.width > MAX_COLUMNS) {
    throw new FaultlineError(
      'import/too-large',
      `The rows have ${count(layout.width)} columns, more than the ${count(MAX_COLUMNS)} that can be read. Export fewer tags at a time.`,
      { limit: MAX_COLUMNS },
    );
  }
  const dataFrom = Math.max(recipe.headerLine, recipe.unitLine);
  const tempFolder = await mkdtemp(join(tmpdir(), 'faultline-import-'));
  try {
    const scan = await scanFile(path, {
      encoding: recipe.encoding,
      delimiter: recipe.delimiter,
      dataFrom,
      width: layout.width,
      signal: options.signal,
      report: (bytes) => options.report('scan', bytes, before.bytes),
    });
    const used = usedColumns(recipe);
    // DuckDB takes these characters in a path as a pattern; and very wide rows are cheaper without their unused columns.
    const direct =
      scan.clean && options.limitBytes === undefined && !/[*?[\]{}]/.test(path) && layout.width <= 4 * used.length + 50;
    const common = { sha256: scan.sha256, bytes: scan.bytes, columns: layout.columns };
    const position = (c: number): number => (c < layout.width ? c : -1);
    let source: Source;
    if (direct) {
      source = {
        ...common,
        file: {
          path,
          delimiter: recipe.delimiter,
          newline: scan.newline,
          skip: dataFrom,
          width: layout.width,
          longLines: false,
          tempFolder,
        },
        rows: scan.rows,
        lineColumn: -1,
        firstLine: dataFrom + 1,
        timeColumn: recipe.timeColumn ?? -1,
        valueColumns: recipe.valueColumns.map(position),
        labelColumn: recipe.labelColumn === null ? -1 : position(recipe.labelColumn),
      };
    } else {
      const copy = join(tempFolder, 'rows.csv');
      const rows = await normaliseFile(path, copy, {
        recipe,
        width: layout.width,
        columns: used,
        findings,
        signal: options.signal,
        report: (bytes) => options.report('copy', bytes, options.limitBytes ?? before.bytes),
        ...(options.limitBytes === undefined ? {} : { limitBytes: options.limitBytes }),
      });
      source = {
        ...common,
        file: { path: copy, delimiter: ',', newline: '\\n', skip: 0, width: used.length + 1, longLines: true, tempFolder },
        rows,
        lineColumn: 0,
        firstLine: 0,
        timeColumn: recipe.timeColumn === null ? -1 : 1,
        valueColumns: recipe.valueColumns.map((_, i) => i + (recipe.timeColumn === null ? 1 : 2)),
        labelColumn: recipe.labelColumn === null ? -1 : used.length,
      };
    }
    if (source.rows === 0) throw new FaultlineError('import/empty', 'The file has names but no rows. Choose a file with data.');
    const result = await use(source, tempFolder);
    const after = await regularFile(path);
    if (
      after.bytes !== before.bytes ||
      after.mtimeMs !== before.mtimeMs ||
      after.inode !== before.inode ||
      after.bytes !== scan.bytes
    ) {
      throw new FaultlineError(
        'import/unreadable',
        'The file changed while it was read; nothing was kept. Import it again when it is complete.',
      );
    }
    return result;
  } finally {
    await rm(tempFolder, { recursive: true, force: true });
  }
}
