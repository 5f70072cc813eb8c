import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { FaultlineError } from '../core/errors';

/**
 * Replaces a file so that a crash leaves the old or the new text, never half: written beside it, flushed, then renamed over it.
 *
 * @throws FaultlineError 'file/write-failed'.
 */
export function writeAtomic(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const handle = openSync(beside, 'w', 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw new FaultlineError('file/write-failed', `"${path}" could not be written: ${reasonOf(cause)}.`, {}, { cause });
  }
}

/** The JSON in a file; undefined when the file is missing, unreadable or broken. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** What the system said, without the path. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const words: Record<string, string> = {
    ENOSPC: 'the disk is full',
    EACCES: 'access is denied',
    EPERM: 'access is denied',
    EROFS: 'the disk is read-only',
    ENOENT: 'it does not exist',
    EISDIR: 'it is a folder',
    EMFILE: 'too many files are open',
  };
  return words[code] ?? cause.message;
}
