import { DuckDBInstance, type DuckDBDataChunk } from '@duckdb/node-api';
import { FaultlineError } from '../../../core/errors';
import type { Recipe } from '../../../core/ingest/recipe';
import { checkCancelled } from './files';

/** A strict delimited file as DuckDB reads it. */
export interface StrictFile {
  readonly path: string;
  readonly delimiter: Recipe['delimiter'];
  readonly newline: '\\n' | '\\r\\n';
  /** Lines above the rows. */
  readonly skip: number;
  /** Columns of the file; they are called c0, c1, …: no text of the file ever becomes part of a query. */
  readonly width: number;
  /** Longest line in bytes that must be expected. */
  readonly longLines: boolean;
  readonly tempFolder: string;
}

const MEMORY_LIMIT = '512MB';
/** Columns above which one thread reads, and only text, so that its chunks stay within the limit. */
export const WIDE = 300;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The file as a table expression. `$path` is bound. */
export function tableOf(file: StrictFile): string {
  const columns = Array.from({ length: file.width }, (_, i) => `'c${i}': 'VARCHAR'`).join(', ');
  const long = file.longLines ? ', max_line_size=40000000, buffer_size=80000000' : '';
  return (
    `read_csv($path, auto_detect=false, header=false, skip=${file.skip}, delim=${quoted(file.delimiter)}, quote='"', escape='"', ` +
    `new_line='${file.newline}', columns={${columns}}${long})`
  );
}

/**
 * Runs one query over one file in an instance of its own: in memory, without extensions, and with no file in reach but this one and
 * the folder for spilling. Chunks come in the order of the file.
 *
 * @throws FaultlineError 'import/unreadable' when DuckDB cannot read the file, 'job/cancelled'.
 */
export async function* queryChunks(file: StrictFile, sql: string, signal?: AbortSignal): AsyncGenerator<DuckDBDataChunk> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_unsigned_extensions: 'false',
    memory_limit: MEMORY_LIMIT,
    temp_directory: file.tempFolder,
    // A chunk holds 2,048 rows of every column at once, for each thread.
    threads: file.width > WIDE ? '1' : '2',
    preserve_insertion_order: 'true',
  });
  const connection = await instance.connect();
  const stop = (): void => connection.interrupt();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await connection.run(`SET allowed_paths=[${quoted(file.path)}]`);
    await connection.run('SET enable_external_access=false');
    await connection.run('SET lock_configuration=true');
    const result = await connection.stream(sql, { path: file.path });
    for (;;) {
      checkCancelled(signal);
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      yield chunk;
    }
  } catch (error) {
    checkCancelled(signal);
    if (error instanceof FaultlineError) throw error;
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new FaultlineError('import/unreadable', `The file cannot be read as a table: ${reason}`, {}, { cause: error });
  } finally {
    signal?.removeEventListener('abort', stop);
    connection.closeSync();
    instance.closeSync();
  }
}
