import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultlineError } from '../core/errors';

/** A file behind a token. */
export interface TokenFile {
  readonly path: string;
  /** Name to show and to offer when saving; never used to build a path. */
  readonly name: string;
  /** `project.open` may create the file (command line: `--project P` for a new P). */
  readonly create: boolean;
  /** Deleted when the application closes. */
  readonly temporary: boolean;
}

/**
 * Files a host handed over, and files made for it, known to the renderer by an unguessable token only: what was not chosen in a
 * dialog, uploaded or given as an argument cannot be named.
 */
export interface FileTokens {
  /**
   * @param options - temporary: the file is deleted when the application closes; create: see {@link TokenFile}.
   * @returns token of 128 random bits, as hexadecimal text.
   */
  add(path: string, name: string, options?: { readonly temporary?: boolean; readonly create?: boolean }): string;
  /** @throws FaultlineError 'file/token-unknown'. */
  resolve(token: string): TokenFile;
  /** A private folder for uploads and outputs, made on first use and removed on close. */
  temporaryFolder(): Promise<string>;
  close(): Promise<void>;
}

export function createFileTokens(): FileTokens {
  const files = new Map<string, TokenFile>();
  const temporary = new Set<string>();
  let folder: Promise<string> | undefined;

  return {
    add(path, name, options = {}) {
      const token = randomBytes(16).toString('hex');
      files.set(token, { path, name, create: options.create ?? false, temporary: options.temporary ?? false });
      if (options.temporary === true) temporary.add(path);
      return token;
    },
    resolve(token) {
      const file = files.get(token);
      if (!file) throw new FaultlineError('file/token-unknown', 'This file is no longer known here. Choose it again.');
      return file;
    },
    temporaryFolder() {
      // mkdtemp makes it readable by this user alone.
      folder ??= mkdtemp(join(tmpdir(), 'faultline-'));
      return folder;
    },
    async close() {
      files.clear();
      await Promise.all([...temporary].map((path) => rm(path, { force: true })));
      temporary.clear();
      if (folder) await rm(await folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}
