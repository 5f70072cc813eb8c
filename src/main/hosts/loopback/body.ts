import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FaultlineError } from '../../../core/errors';

/** Disk that an upload must leave free. */
const reserveBytes = 256 * 2 ** 20;

/**
 * The whole body.
 *
 * @throws FaultlineError 'host/too-large' over `limit` bytes, 'host/refused' when it does not arrive within `timeoutMs`.
 */
export async function readBody(request: IncomingMessage, limit: number, timeoutMs: number): Promise<Buffer<ArrayBuffer>> {
  const tooLarge = (): FaultlineError =>
    new FaultlineError('host/too-large', `The request is larger than ${limit} bytes.`, { limit });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const late = setTimeout(
    () => request.destroy(new FaultlineError('host/refused', 'The request did not arrive in time.')),
    timeoutMs,
  );
  try {
    const parts: Buffer[] = [];
    let length = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > limit) throw tooLarge();
      parts.push(part);
    }
    return Buffer.concat(parts);
  } finally {
    clearTimeout(late);
  }
}

/**
 * Streams the body into a new file of `folder` that only this user can read.
 *
 * @returns its path; what was written of a failed upload is deleted.
 * @throws FaultlineError 'host/too-large' when it would not leave 256 MiB of the disk free.
 */
export async function receiveFile(request: IncomingMessage, folder: string): Promise<string> {
  const disk = await statfs(folder);
  const limit = disk.bavail * disk.bsize - reserveBytes;
  const tooLarge = (): FaultlineError =>
    new FaultlineError(
      'host/too-large',
      `The file does not fit: ${Math.max(0, Math.floor(limit / 2 ** 20))} MiB can be used in ${folder}. Free some disk space and try again.`,
      { limit },
    );
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  let length = 0;
  const counter = new Transform({
    transform(part: Buffer, _encoding, done) {
      length += part.length;
      if (length > limit) done(tooLarge());
      else done(null, part);
    },
  });
  const path = join(folder, `upload-${randomBytes(8).toString('hex')}`);
  try {
    await pipeline(request, counter, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (cause) {
    await rm(path, { force: true });
    if (cause instanceof FaultlineError) throw cause;
    throw new FaultlineError('file/write-failed', 'The file could not be taken over. Nothing was kept of it.', {}, { cause });
  }
  return path;
}
