import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FaultlineError } from '../../core/errors';

/**
 * Hands a file over: writes beside the target and renames, so that the old file or the new one is there, never a half. The result has
 * the permissions of any new file of the user; what it is copied from is private.
 *
 * @throws FaultlineError 'file/write-failed'.
 */
export async function copyWhole(source: string, target: string): Promise<void> {
  const partial = join(dirname(target), `.${randomBytes(6).toString('hex')}.partial`);
  try {
    await pipeline(createReadStream(source), createWriteStream(partial, { flags: 'wx', flush: true }));
    await rename(partial, target);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new FaultlineError(
      'file/write-failed',
      `"${target}" could not be written. Check that its folder exists, may be written, and has room.`,
      {},
      { cause },
    );
  }
}
