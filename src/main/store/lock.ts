import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { FaultlineError } from '../../core/errors';
import { isSqliteFailure } from './connection';

/**
 * The lock of a project: a tiny database beside it on which the owner holds SQLite's RESERVED lock for as long as it has the project
 * open. The operating system drops the lock with the process, however it ends, so a crash leaves nothing to clean up; and while it is
 * held others can still read the row that says who has it.
 */
export interface ProjectLock {
  release(): void;
}

interface Owner {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  readonly since: number;
}

/** Long enough for another process that only looks (`isLockedElsewhere`) to be done. */
const patienceMs = 300;
const attempts = 5;

export function lockFileOf(file: string): string {
  return `${file}-lock`;
}

/** @throws FaultlineError 'store/locked' naming process, computer and since when. */
export function acquireLock(file: string, now: number): ProjectLock {
  const path = lockFileOf(file);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const db = openLock(path);
    const owner: Owner = { token: randomUUID(), pid: process.pid, host: hostname(), since: now };
    try {
      if (tryOwn(db, owner) && readOwner(path)?.token === owner.token) {
        return {
          release() {
            // Removed while it is held: after that nobody can tell our file from that of the next owner. Windows removes no open file,
            // and none that the next owner has open.
            if (process.platform !== 'win32') rmSync(path, { force: true });
            db.close();
            if (process.platform === 'win32') removeIfFree(path);
          },
        };
      }
      // The former owner removed the file between our opening and our locking it: take the new one.
      db.close();
    } catch (error) {
      db.close();
      if (!isSqliteFailure(error) || !error.code.startsWith('SQLITE_BUSY')) throw error;
      throw locked(file, readOwner(path));
    }
  }
  throw locked(file, readOwner(path));
}

/** True while another process, or another store of this one, has the project open for writing. */
export function isLockedElsewhere(file: string): boolean {
  const path = lockFileOf(file);
  if (!existsSync(path)) return false;
  try {
    const db = new Database(path, { timeout: 0, fileMustExist: true });
    try {
      db.exec('BEGIN IMMEDIATE; ROLLBACK');
      return false;
    } finally {
      db.close();
    }
  } catch (error) {
    return isSqliteFailure(error) && error.code.startsWith('SQLITE_BUSY');
  }
}

/** True when this process holds the lock itself. */
export function isLockedHere(file: string): boolean {
  const owner = readOwner(lockFileOf(file));
  return owner?.pid === process.pid && owner.host === hostname();
}

function openLock(path: string): Database.Database {
  const open = (): Database.Database => {
    const db = new Database(path, { timeout: patienceMs });
    try {
      // Nothing in it outlives its owner: no need to wait for the disk.
      db.pragma('synchronous = OFF');
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  };
  try {
    return open();
  } catch (error) {
    if (!isSqliteFailure(error) || error.code !== 'SQLITE_NOTADB') throw error;
    rmSync(path, { force: true });
    return open();
  }
}

function removeIfFree(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The next owner has it.
  }
}

/** @returns false when another one came in between. @throws SQLITE_BUSY when it is held. */
function tryOwn(db: Database.Database, owner: Owner): boolean {
  db.exec('BEGIN IMMEDIATE');
  db.exec('CREATE TABLE IF NOT EXISTS owner (token TEXT, pid INTEGER, host TEXT, since REAL); DELETE FROM owner');
  db.prepare('INSERT INTO owner VALUES (?, ?, ?, ?)').run(owner.token, owner.pid, owner.host, owner.since);
  // Only what is committed can be read by those who want to know the owner; between the two another one may come in.
  db.exec('COMMIT; BEGIN IMMEDIATE');
  return db.prepare<[], Owner>('SELECT * FROM owner').get()?.token === owner.token;
}

/** Through a connection of its own: it reads the file that has the name now. */
function readOwner(path: string): Owner | undefined {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: patienceMs });
    try {
      return db.prepare<[], Owner>('SELECT * FROM owner').get();
    } finally {
      db.close();
    }
  } catch (error) {
    if (isSqliteFailure(error)) return undefined;
    throw error;
  }
}

function locked(file: string, owner: Owner | undefined): FaultlineError {
  const who = owner
    ? owner.pid === process.pid && owner.host === hostname()
      ? `in this Faultline already, since ${new Date(owner.since).toISOString()}`
      : `in another Faultline (process ${owner.pid} on ${owner.host}) since ${new Date(owner.since).toISOString()}`
    : 'in another Faultline';
  return new FaultlineError('store/locked', `${file} is open ${who}. Close it there, or open it read-only.`, {
    file,
    pid: owner?.pid ?? null,
    host: owner?.host ?? null,
    since: owner?.since ?? null,
  });
}
