import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { FaultlineError } from '../../core/errors';
import { Connection, translate } from './connection';
import { integrityOf, temporaryBeside } from './database';
import { publish, removeDatabase } from './files';
import { Meta } from './meta-repository';

/** Pages copied before other work gets its turn; about 16 MB. */
const pagesPerStep = 2048;

/**
 * Checked copy of an open project. The backup API copies through the connection that writes, so a change made meanwhile is in the
 * copy, and a live file is never copied byte by byte.
 */
export async function copyProject(
  db: Database.Database,
  file: string,
  target: string,
  options: { readonly name?: string; readonly replace?: boolean },
): Promise<void> {
  const refuse = (): void => {
    if (!options.replace && existsSync(target)) {
      throw new FaultlineError('project/exists', `There is a file at ${target} already. Choose another name.`, { file: target });
    }
  };
  if (target === file)
    throw new FaultlineError('project/exists', 'A project cannot be copied onto itself. Choose another name.', { file });
  refuse();
  if (!existsSync(dirname(target))) {
    throw new FaultlineError('file/write-failed', `There is no folder ${dirname(target)}. Choose another place for the copy.`, {
      file: target,
    });
  }
  const temporary = temporaryBeside(target);
  try {
    await db.backup(temporary, { progress: () => pagesPerStep });
    finish(temporary, options.name);
    refuse();
    publish(temporary, target);
  } catch (error) {
    removeDatabase(temporary);
    throw written(error, target);
  }
}

/** Makes the copy one single file, gives it its own identity, and checks it. */
function finish(temporary: string, name: string | undefined): void {
  const copy = new Database(temporary, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
    if (name !== undefined) {
      const connection = new Connection(copy, temporary, false, Date.now);
      const meta = new Meta(connection);
      connection.transaction(() => {
        meta.set('id', randomUUID());
        meta.set('name', name);
        meta.set('sample', false);
      });
    }
    const [damage] = integrityOf(copy);
    if (damage !== undefined) {
      throw new FaultlineError('store/damaged', `The copy was not made: the project is damaged (${damage}).`, { damage });
    }
  } finally {
    copy.close();
  }
}

function written(error: unknown, target: string): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return new FaultlineError('store/full', `The disk is full: no copy was made at ${target}.`, { file: target }, { cause: error });
  }
  return translate(error, target);
}
