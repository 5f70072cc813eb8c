import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { PreviewResult } from '../../../core/ingest/preview';
import type { Recipe, RowTimes } from '../../../core/ingest/recipe';
import { fileError, regularFile } from '../ingest/files';
import { importFile, type ImportBatch, type ImportProgress, type ImportResult } from '../ingest/import-file';
import { previewFile } from '../ingest/preview-file';
import type { TaskContext } from '../protocol';

export interface PreviewInput {
  readonly path: string;
  readonly recipe?: Recipe;
  readonly labelColumnName?: string;
  readonly rowTimes?: RowTimes;
  readonly show?: 'first' | 'problem' | 'last';
}

/** How a file would be read; nothing is stored. */
export function previewData({ path, ...options }: PreviewInput, context: TaskContext): Promise<PreviewResult> {
  return previewFile(path, { ...options, signal: context.signal });
}

/** SHA-256 and size of a file. @throws FaultlineError 'file/not-found', 'file/unreadable'. */
export async function hashFile({ path }: { readonly path: string }): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const { bytes } = await regularFile(path);
  const hash = createHash('sha256');
  try {
    for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(block as Buffer);
  } catch (error) {
    throw fileError(error);
  }
  return { sha256: hash.digest('hex'), bytes };
}

export interface ImportInput {
  readonly path: string;
  readonly recipe: Recipe;
}

/** Rows for main to store, in order; the next ones are read when these are on disk. */
export type ImportDelivery = Pick<ImportBatch, 'timestamps' | 'columns' | 'quality'>;

const phases: Readonly<Record<ImportProgress['phase'], string>> = {
  scan: 'Checking the file',
  copy: 'Making a clean copy',
  read: 'Reading the rows',
  write: 'Storing the rows',
};

/** Reads a file under a recipe and hands its rows to main. */
export function importData({ path, recipe }: ImportInput, context: TaskContext): Promise<ImportResult> {
  return importFile(
    path,
    recipe,
    ({ timestamps, columns, quality }) => context.deliver({ timestamps, columns, quality } satisfies ImportDelivery),
    {
      signal: context.signal,
      report: ({ phase, rows, totalRows, bytes, totalBytes }) => {
        const stage = phases[phase];
        if (totalRows > 0) context.report({ stage, done: rows, total: totalRows, unit: 'rows' });
        else context.report({ stage, done: bytes, total: totalBytes, unit: 'bytes' });
      },
    },
  );
}
