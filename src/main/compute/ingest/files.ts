import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { count } from '../../../core/ingest/numbers';
import { FaultlineError } from '../../../core/errors';

/** Bytes read in one go. */
export const BLOCK = 1 << 20;

export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new FaultlineError('job/cancelled', 'The import was cancelled; nothing was kept.');
}

/** Size and time of change of a regular file; anything else (folder, pipe, device) is refused before it is opened. */
export async function regularFile(
  path: string,
): Promise<{ readonly bytes: number; readonly mtimeMs: number; readonly inode: number }> {
  try {
    const info = await stat(path);
    if (!info.isFile())
      throw new FaultlineError('file/unreadable', 'This is not a file but a folder or a device. Choose a text file.');
    return { bytes: info.size, mtimeMs: info.mtimeMs, inode: info.ino };
  } catch (error) {
    throw fileError(error);
  }
}

/** An error of the file system as one of ours. */
export function fileError(error: unknown): Error {
  if (!(error instanceof Error) || error instanceof FaultlineError || !('code' in error) || typeof error.code !== 'string') {
    return error instanceof Error ? error : new Error(String(error));
  }
  switch (error.code) {
    case 'ENOENT':
      return new FaultlineError('file/not-found', 'The file is not there any more. Choose it again.', {}, { cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new FaultlineError(
        'store/full',
        'The disk is full: the import needs room for a temporary copy. Free some space and try again.',
        {},
        { cause: error },
      );
    default:
      return new FaultlineError(
        'file/unreadable',
        `The file cannot be read (${error.code}). Check its permissions, or whether another program holds it.`,
        { code: error.code },
        { cause: error },
      );
  }
}

/** The first bytes of a file. */
export async function firstBytes(path: string, most: number): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(most);
      let length = 0;
      while (length < most) {
        const { bytesRead } = await file.read(buffer, length, most - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.subarray(0, length);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error);
  }
}

/** The blocks of a file, in order. @throws FaultlineError 'job/cancelled' between two blocks. */
export async function* blocks(path: string, signal: AbortSignal | undefined, end = Infinity): AsyncGenerator<Buffer> {
  const stream = createReadStream(path, { highWaterMark: BLOCK, ...(Number.isFinite(end) ? { end: end - 1 } : {}) });
  try {
    for await (const block of stream) {
      checkCancelled(signal);
      yield block as Buffer;
    }
  } catch (error) {
    throw fileError(error);
  } finally {
    stream.destroy();
  }
}

/** "line 1,204" */
export function lineText(line: number): string {
  return `line ${count(line)}`;
}
