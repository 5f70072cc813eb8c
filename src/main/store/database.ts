import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { FaultlineError } from '../../core/errors';
import { translate } from './connection';
import { isWritable, publish, removeDatabase } from './files';
import { applicationId, checkHeader, checkVersion, notAProject } from './header';
import type { Migration } from './migrations/index';
import { knownSchemaHash, schemaHash } from './schema';

const busyTimeoutMs = 5000;
/** Large blobs cost fewer overflow pages; a label still writes only a few of them. */
const pageSize = 8192;
/** After a big import the write-ahead log is cut back to this. */
const walLimitBytes = 64 * 2 ** 20;
/** Smaller files are checked whole at each opening (tens of milliseconds); larger ones after an unclean end, and without indexes. */
const wholeCheckBytes = 64 * 2 ** 20;

export interface OpenedDatabase {
  readonly db: Database.Database;
  /** What SQLite's check found; only ever not empty for a read-only opening. */
  readonly damage: readonly string[];
  /** The copy made before a migration, when there was one. */
  readonly backup: string | null;
}

/**
 * Opens an existing project file: header, schema and structure are checked before anything is read from its tables, then an older
 * version is copied beside itself and migrated.
 *
 * @throws FaultlineError 'project/not-found', 'store/not-a-project', 'store/newer-than-app', 'store/damaged', 'store/read-only'
 */
export function openDatabase(
  file: string,
  options: { readonly readOnly: boolean; readonly check: boolean; readonly migrations: readonly Migration[]; readonly now: number },
): OpenedDatabase {
  const { migrations, readOnly } = options;
  const newest = newestVersion(migrations);
  checkHeader(file, newest);
  const endedUncleanly = existsSync(`${file}-wal`) || existsSync(`${file}-journal`);
  const db = connect(file, readOnly);
  try {
    const version = userVersion(db);
    checkVersion(file, version, newest);
    if (schemaHash(db) !== knownSchemaHash(migrations, version)) {
      throw notAProject(file, 'its tables are not those of Faultline (it was changed by another program, or is damaged)');
    }
    const damage = options.check ? structuralDamage(db, file, endedUncleanly) : [];
    if (damage.length > 0 && !readOnly) {
      throw new FaultlineError(
        'store/damaged',
        `${file} is damaged (${damage[0]}). Open a backup, or open it read-only and save a copy of what is readable.`,
        { file, findings: damage },
      );
    }
    if (readOnly) {
      if (version < newest) {
        throw new FaultlineError(
          'store/read-only',
          `${file} is of an older version (${version}) and must be brought to version ${newest} first. Copy it to a place where it can be written to.`,
          { file, version, newestVersion: newest },
        );
      }
      return { db, damage, backup: null };
    }
    const backup = version < newest ? backUp(db, file, version, options.now) : null;
    migrate(db, migrations);
    db.pragma('journal_mode = WAL');
    db.pragma(`journal_size_limit = ${walLimitBytes}`);
    return { db, damage, backup };
  } catch (error) {
    db.close();
    throw translate(error, file);
  }
}

/** Makes a new, empty project file: complete at its place, or not there. `fill` writes the first rows. */
export function createDatabase(file: string, migrations: readonly Migration[], fill: (db: Database.Database) => void): void {
  if (!existsSync(dirname(file))) {
    throw new FaultlineError('file/write-failed', `There is no folder ${dirname(file)}. Choose another place for the project.`, {
      file,
    });
  }
  const temporary = temporaryBeside(file);
  try {
    const db = new Database(temporary);
    try {
      db.pragma(`page_size = ${pageSize}`);
      guard(db);
      db.pragma(`application_id = ${applicationId}`);
      migrate(db, migrations);
      fill(db);
    } finally {
      db.close();
    }
    publish(temporary, file);
  } catch (error) {
    removeDatabase(temporary);
    throw translate(error, file);
  }
}

/** A connection with every guard on, before it has read anything. */
export function connect(file: string, readOnly: boolean): Database.Database {
  // The driver trims names, and would open another file.
  if (file !== file.trim()) throw notAProject(file, 'its name ends with a space; rename it');
  try {
    const db = new Database(file, { readonly: readOnly, fileMustExist: true, timeout: busyTimeoutMs });
    try {
      guard(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw translate(error, file);
  }
}

/**
 * @see https://www.sqlite.org/security.html for files from elsewhere. Defensive mode is on in better-sqlite3's build; memory mapping is
 * off so that an I/O error is an error and not a signal.
 */
function guard(db: Database.Database): void {
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('mmap_size = 0');
  db.pragma('foreign_keys = ON');
  // What a person did must survive a loss of power at once; WAL's default would lose the last commits.
  db.pragma('synchronous = FULL');
}

/** Closes and, for a writer, leaves one single file that can be copied, mailed or opened from a read-only place. */
export function closeDatabase(db: Database.Database, readOnly: boolean): void {
  if (!db.open) return;
  try {
    if (!readOnly) {
      db.pragma('busy_timeout = 0');
      db.pragma('journal_mode = DELETE');
    }
  } catch {
    // A reader still has it open, or the disk is full: the log stays beside the file and is taken in at the next opening.
  } finally {
    db.close();
  }
}

/** Findings of SQLite's own check, [] when there are none. */
export function integrityOf(db: Database.Database): readonly string[] {
  const findings = db.pragma('integrity_check(10)', { simple: false }) as readonly { readonly integrity_check: string }[];
  return findings.map((row) => row.integrity_check).filter((text) => text !== 'ok');
}

function structuralDamage(db: Database.Database, file: string, endedUncleanly: boolean): readonly string[] {
  const small = statSync(file).size <= wholeCheckBytes;
  if (!small && !endedUncleanly) return [];
  try {
    if (small) return integrityOf(db);
    const findings = db.pragma('quick_check(10)') as readonly { readonly quick_check: string }[];
    return findings.map((row) => row.quick_check).filter((text) => text !== 'ok');
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function userVersion(db: Database.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

export function newestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/** Each step in a transaction of its own: after an interruption the file is of one version or the next, never between. */
function migrate(db: Database.Database, migrations: readonly Migration[]): void {
  const present = userVersion(db);
  for (const migration of migrations) {
    if (migration.version <= present) continue;
    db.transaction(() => {
      migration.up(db);
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  }
}

/** Copy of a project before its migration, beside it: `pump.v1-backup-2026-03-01.faultline`. @returns its path. */
function backUp(db: Database.Database, file: string, version: number, now: number): string {
  const day = new Date(now).toISOString().slice(0, 10);
  const stem = basename(file).replace(/\.faultline$/, '');
  const name = (n: number): string => join(dirname(file), `${stem}.v${version}-backup-${day}${n > 1 ? `-${n}` : ''}.faultline`);
  let n = 1;
  while (existsSync(name(n))) n++;
  const temporary = temporaryBeside(file);
  try {
    db.prepare('VACUUM INTO ?').run(temporary);
    publish(temporary, name(n));
  } catch (error) {
    removeDatabase(temporary);
    throw error;
  }
  return name(n);
}

/**
 * Name for a file in the making, in the same folder, so that a rename moves no bytes. What this process or one that has died left under
 * such a name is removed.
 */
export function temporaryBeside(file: string): string {
  const stem = `.${basename(file)}.`;
  for (const name of readdirSync(dirname(file))) {
    if (!name.startsWith(stem)) continue;
    const pid = /^(\d+)\.tmp$/.exec(name.slice(stem.length))?.[1];
    if (pid && (Number(pid) === process.pid || !isAlive(Number(pid)))) removeDatabase(join(dirname(file), name));
  }
  return join(dirname(file), `${stem}${process.pid}.tmp`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** True when SQLite can work on the file: it writes beside it, too. */
export function canWrite(file: string): boolean {
  return isWritable(file) && isWritable(dirname(file));
}
