import { open } from 'node:fs/promises';
import { FaultlineError } from '../../../core/errors';
import { bomLength } from '../../../core/ingest/encoding';
import type { Findings } from '../../../core/ingest/findings';
import { count } from '../../../core/ingest/numbers';
import type { Recipe } from '../../../core/ingest/recipe';
import { RecordLimit, RecordSplitter } from '../../../core/ingest/records';
import { BLOCK, blocks, fileError, lineText } from './files';
import { zeroByte } from './scan';

/** Longest row in characters, and most columns. */
export const MAX_RECORD = 16 * 1024 * 1024;
export const MAX_COLUMNS = 20_000;

/** Text of blocks of bytes; pieces may end anywhere. */
export interface Decoder {
  /** @throws TypeError for bytes that are not of the encoding. */
  push(bytes: Buffer): string;
  end(): string;
}

/** Decoder of an encoding, without the byte order mark. */
export function decoderOf(encoding: Recipe['encoding'], start: Uint8Array): Decoder {
  let skip = bomLength(start, encoding);
  const unmarked = (bytes: Buffer): Buffer => {
    const rest = bytes.subarray(Math.min(skip, bytes.length));
    skip -= bytes.length - rest.length;
    return rest;
  };
  // WHATWG reads the label "latin1" as Windows-1252; Buffer's latin1 is ISO 8859-1.
  if (encoding === 'latin-1') return { push: (bytes) => bytes.toString('latin1'), end: () => '' };
  const decoder = new TextDecoder(encoding, { fatal: encoding !== 'windows-1252', ignoreBOM: true });
  return { push: (bytes) => decoder.decode(unmarked(bytes), { stream: true }), end: () => decoder.decode() };
}

function field(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * Writes the used columns as strict CSV: UTF-8, one row a line, the 1-based line of the original first. What is not strict in the
 * original is put right and counted here, so that the reader behind never has to guess.
 *
 * @param columns - positions in the original, in the order of the copy.
 * @param limitBytes - only the beginning of the original, to the last whole row.
 * @returns number of rows.
 * @throws FaultlineError 'import/unreadable' (open quote), 'import/too-large' (row or columns beyond the limit), 'import/bad-encoding'.
 */
export async function normaliseFile(
  path: string,
  target: string,
  options: {
    readonly recipe: Pick<Recipe, 'encoding' | 'delimiter' | 'headerLine' | 'unitLine'>;
    readonly width: number;
    readonly columns: readonly number[];
    readonly findings: Findings;
    readonly limitBytes?: number;
    readonly signal?: AbortSignal | undefined;
    /** Bytes read so far. */
    readonly report: (bytes: number) => void;
  },
): Promise<number> {
  const { width, columns, findings } = options;
  const dataFrom = Math.max(options.recipe.headerLine, options.recipe.unitLine);
  let rows = 0;
  let bytes = 0;
  let pending: string[] = [];
  let pendingLength = 0;
  let lastLine = 1;
  const splitter = new RecordSplitter(
    options.recipe.delimiter,
    (cells, line) => {
      lastLine = line;
      if (line <= dataFrom) return;
      rows++;
      if (cells.length !== width) findings.ragged.add(line, '', `${count(cells.length)} cells instead of ${count(width)}`);
      let text = String(line);
      for (const c of columns) {
        const cell = cells[c];
        text += cell === undefined || cell === '' ? ',' : `,${field(cell)}`;
      }
      pending.push(text);
      pendingLength += text.length;
    },
    { maxRecord: MAX_RECORD, maxCells: MAX_COLUMNS },
  );

  try {
    const file = await open(target, 'wx', 0o600);
    try {
      const write = async (): Promise<void> => {
        if (pending.length === 0) return;
        await file.writeFile(pending.join('\n') + '\n');
        pending = [];
        pendingLength = 0;
      };
      let decoder: Decoder | undefined;
      for await (const block of blocks(path, options.signal, options.limitBytes)) {
        decoder ??= decoderOf(options.recipe.encoding, block);
        bytes += block.length;
        options.report(bytes);
        const text = decoder.push(block);
        if (text.includes('\0')) throw zeroByte(lastLine + 1);
        splitter.push(text);
        if (pendingLength > BLOCK) await write();
      }
      if (options.limitBytes === undefined) {
        splitter.push(decoder?.end() ?? '');
        splitter.end();
      }
      await write();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof RecordLimit) throw limitError(error);
    if (error instanceof TypeError) {
      throw new FaultlineError(
        'import/bad-encoding',
        `Near ${lineText(lastLine + 1)} the bytes are not ${options.recipe.encoding}. Choose another encoding.`,
        { line: lastLine + 1, encoding: options.recipe.encoding },
        { cause: error },
      );
    }
    throw fileError(error);
  }
  return rows;
}

function limitError(error: RecordLimit): FaultlineError {
  const { line } = error;
  switch (error.kind) {
    case 'unclosed-quote':
      return new FaultlineError(
        'import/unreadable',
        `A quote opened in ${lineText(line)} is never closed (or not within 16 million characters). Repair that line, or choose another delimiter.`,
        { line },
        { cause: error },
      );
    case 'too-long':
      return new FaultlineError(
        'import/too-large',
        `The row in ${lineText(line)} is longer than 16 million characters. Is this a text file with line breaks?`,
        { line, limit: MAX_RECORD },
        { cause: error },
      );
    case 'too-many-cells':
      return new FaultlineError(
        'import/too-large',
        `The row in ${lineText(line)} has more than ${count(MAX_COLUMNS)} columns. Export fewer tags at a time.`,
        { line, limit: MAX_COLUMNS },
        { cause: error },
      );
  }
}
