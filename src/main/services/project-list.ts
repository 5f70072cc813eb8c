import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { readJson, writeAtomic } from '../atomic-file';

const entry = z.object({ file: z.string(), openedAt: z.number() });
const stored = z.object({ recent: z.array(z.unknown()), forgotten: z.array(z.string()).catch([]) });

/** Files that are shown on the list: the recent ones, newest first, then the others of the projects folder. */
export interface ProjectList {
  readonly folder: string;
  files(): readonly { readonly file: string; readonly openedAt: number }[];
  opened(file: string): void;
  forget(file: string): void;
  /** A path in the projects folder that does not exist yet, made from a name a person typed. */
  freePath(name: string): string;
}

const EXTENSION = '.faultline';
const LONGEST_LIST = 200;
const LONGEST_NAME = 60;

/** @param dataDir - holds `recent.json` and `projects/`. A broken list is an empty one: the projects folder is still read. */
export function createProjectList(dataDir: string, clock: () => number): ProjectList {
  const path = join(dataDir, 'recent.json');
  const folder = resolve(dataDir, 'projects');

  const read = (): { recent: z.infer<typeof entry>[]; forgotten: string[] } => {
    const list = stored.safeParse(readJson(path));
    if (!list.success) return { recent: [], forgotten: [] };
    const recent = list.data.recent.flatMap((item) => {
      const one = entry.safeParse(item);
      return one.success ? [one.data] : [];
    });
    return { recent, forgotten: list.data.forgotten };
  };
  const write = (recent: z.infer<typeof entry>[], forgotten: string[]): void => {
    writeAtomic(path, `${JSON.stringify({ recent: recent.slice(0, LONGEST_LIST), forgotten }, null, 2)}\n`);
  };

  return {
    folder,
    files() {
      const { recent, forgotten } = read();
      const known = new Set([...recent.map((item) => item.file), ...forgotten]);
      const others = listFolder(folder).filter((file) => !known.has(file));
      return [...recent, ...others.map((file) => ({ file, openedAt: 0 }))];
    },
    opened(file) {
      const { recent, forgotten } = read();
      write(
        [{ file: resolve(file), openedAt: clock() }, ...recent.filter((item) => item.file !== resolve(file))],
        forgotten.filter((other) => other !== resolve(file)),
      );
    },
    forget(file) {
      const { recent, forgotten } = read();
      write(
        recent.filter((item) => item.file !== file),
        [...new Set([...forgotten, file])],
      );
    },
    freePath(name) {
      const plain = fileNameOf(name);
      for (let number = 1; ; number++) {
        const file = join(folder, `${number === 1 ? plain : `${plain}-${number}`}${EXTENSION}`);
        if (!existsSync(file)) return file;
      }
    },
  };
}

/** Letters, digits, dot-free; never a reserved name of Windows, never empty. */
export function fileNameOf(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST_NAME);
  if (plain === '') return 'project';
  return /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain) ? `${plain}-project` : plain;
}

/** Id of a project for the hosts: that of its file, since a project copied by hand holds the inner id of its original. */
export function idOfFile(file: string): string {
  return `file-${createHash('sha256').update(resolve(file)).digest('hex').slice(0, 16)}`;
}

export function nameOfFile(file: string): string {
  return basename(file, EXTENSION);
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((item) => item.isFile() && item.name.endsWith(EXTENSION))
      .map((item) => join(resolve(folder), item.name))
      .sort();
  } catch {
    return [];
  }
}
