import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { FaultlineError } from '../../core/errors';

/** `PRAGMA application_id` of a project: "FLTL" in ASCII, so that file(1) and other programs can tell it. */
export const applicationId = 0x464c544c;

/** Bytes of SQLite's database header. @see https://www.sqlite.org/fileformat.html section 1.3 */
const headerBytes = 100;
const magic = 'SQLite format 3\0';

/** Files that this process has open as databases. */
const openHere = new Map<string, number>();

/**
 * Remembers that this process has a database open. Closing any descriptor of a file drops all POSIX locks that the process holds on
 * it, so while SQLite has a file open nothing else here may open and close it.
 */
export function noteOpen(file: string): () => void {
  const path = realpathSync(file);
  openHere.set(path, (openHere.get(path) ?? 0) + 1);
  return () => {
    const left = (openHere.get(path) ?? 1) - 1;
    if (left === 0) openHere.delete(path);
    else openHere.set(path, left);
  };
}

/**
 * Refuses what is not a project, from its kind and its first 100 bytes alone, before SQLite touches it.
 *
 * @throws FaultlineError 'project/not-found', 'file/unreadable', 'store/not-a-project', 'store/newer-than-app'
 */
export function checkHeader(file: string, newestVersion: number): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found)
    throw new FaultlineError('project/not-found', `There is no project at ${file}. It was moved, renamed or deleted.`, { file });
  // A pipe or a device would block or never end.
  if (!found.isFile()) throw notAProject(file, found.isDirectory() ? 'it is a folder' : 'it is not a regular file');
  if (openHere.has(realpathSync(file))) return;
  if (found.size === 0) throw notAProject(file, 'it is empty');
  const header = firstBytes(file);
  if (header.length < headerBytes || header.toString('latin1', 0, 16) !== magic)
    throw notAProject(file, 'it is another kind of file');
  const pageSize = header.readUInt16BE(16);
  const sane =
    (pageSize === 1 || (pageSize >= 512 && (pageSize & (pageSize - 1)) === 0)) &&
    [18, 19].every((at) => header[at] === 1 || header[at] === 2) &&
    header[21] === 64 &&
    header[22] === 32 &&
    header[23] === 32 &&
    header.readUInt32BE(56) === 1;
  if (!sane) throw notAProject(file, 'its header is damaged');
  if (header.readUInt32BE(68) !== applicationId) throw notAProject(file, 'it is a database of another program');
  checkVersion(file, header.readUInt32BE(60), newestVersion);
}

/** @throws FaultlineError 'store/newer-than-app', or 'store/not-a-project' for a version that never was. */
export function checkVersion(file: string, version: number, newestVersion: number): void {
  if (version < 1) throw notAProject(file, 'it has no version');
  if (version > newestVersion) {
    throw new FaultlineError(
      'store/newer-than-app',
      `${file} was made by a newer Faultline (project version ${version}; this Faultline knows versions up to ${newestVersion}). Update Faultline to open it.`,
      { file, version, newestVersion },
    );
  }
}

/** Error for a file that is no project; `why` ends the sentence. */
export function notAProject(file: string, why: string): FaultlineError {
  return new FaultlineError(
    'store/not-a-project',
    `${file} is not a Faultline project: ${why}. Choose a file that ends in .faultline.`,
    {
      file,
      why,
    },
  );
}

function firstBytes(file: string): Buffer {
  const header = Buffer.alloc(headerBytes);
  try {
    const descriptor = openSync(file, 'r');
    try {
      return header.subarray(0, readSync(descriptor, header, 0, headerBytes, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new FaultlineError('file/unreadable', `${file} could not be read. Check its permissions.`, { file }, { cause: error });
  }
}
