import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { FaultlineError } from '../../core/errors';

/** A cell as SQLite gives it. Times and counts are numbers; blobs are buffers that only the caller holds. */
export type Cell = string | number | Buffer | null;
export type Row = Readonly<Record<string, Cell>>;

/** A statement whose errors are ours. */
export interface Statement {
  run(...params: readonly Cell[]): number;
  get(...params: readonly Cell[]): Row | undefined;
  all(...params: readonly Cell[]): readonly Row[];
}

/** What SQLite calls an error; `code` is its extended result code, e.g. SQLITE_IOERR_WRITE. */
interface SqliteFailure extends Error {
  readonly code: string;
}
export function isSqliteFailure(error: unknown): error is SqliteFailure {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_');
}

/** SQLite's error as one of ours; anything else is given back as it came. */
export function translate(error: unknown, file: string): unknown {
  if (!isSqliteFailure(error)) return error;
  const make = (
    code: 'store/full' | 'store/io' | 'store/read-only' | 'store/damaged' | 'store/locked',
    message: string,
  ): FaultlineError => new FaultlineError(code, message, { file, sqlite: error.code }, { cause: error });
  const is = (...names: readonly string[]): boolean =>
    names.some((name) => error.code === name || error.code.startsWith(`${name}_`));
  if (is('SQLITE_FULL')) {
    return make('store/full', `The disk is full: the last change was not saved to ${file}. Free some space, then try again.`);
  }
  if (is('SQLITE_READONLY')) {
    return make('store/read-only', `${file} cannot be written to. Save the project under another name or in another folder.`);
  }
  if (is('SQLITE_CORRUPT', 'SQLITE_NOTADB')) {
    return make(
      'store/damaged',
      `${file} is damaged: a part of it could not be read. Open a backup, or open it read-only and save a copy.`,
    );
  }
  if (is('SQLITE_BUSY', 'SQLITE_LOCKED')) {
    return make('store/locked', `${file} is being written to by another program. Close it there, then try again.`);
  }
  if (is('SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_NOMEM', 'SQLITE_PROTOCOL')) {
    return make(
      'store/io',
      `The disk could not read or write ${file} (${error.code}). Nothing more is written until it is opened again.`,
    );
  }
  return error;
}

interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
}
function identityOf(file: string): Identity | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found && { dev: found.dev, ino: found.ino };
}

/**
 * One open database: statements with our errors, and transactions that cannot leak.
 *
 * After SQLITE_FULL, IOERR or NOMEM SQLite may have rolled the whole transaction back by itself. A later write of the same act would
 * then be committed on its own; so a failed act is doomed as a whole, whatever its caller catches, and `inTransaction` decides whether
 * a ROLLBACK is due.
 */
export class Connection {
  private readonly identity: Identity | undefined;
  private depth = 0;
  private doom: { readonly error: unknown } | undefined;
  private broken: FaultlineError | undefined;
  private stamp: ((at: number) => void) | undefined;
  private rolledBack: (() => void)[] = [];
  savedAt = 0;

  constructor(
    readonly db: Database.Database,
    readonly file: string,
    readonly readOnly: boolean,
    readonly now: () => number,
  ) {
    this.identity = identityOf(file);
  }

  prepare(sql: string): Statement {
    const statement = this.guard(() => this.db.prepare<Cell[], Row>(sql));
    return {
      run: (...params) => this.guard(() => this.write(() => statement.run(...params).changes)),
      get: (...params) => this.guard(() => statement.get(...params)),
      all: (...params) => this.guard(() => statement.all(...params)),
    };
  }

  /** Called inside each transaction before its commit, to leave the time of the change in the file. */
  onCommit(stamp: (at: number) => void): void {
    this.stamp = stamp;
  }

  /** Called after a transaction was undone: whoever keeps a copy of rows in memory drops it. */
  onRollback(forget: () => void): void {
    this.rolledBack.push(forget);
  }

  transaction<T>(work: () => T): T {
    if (this.depth > 0) return this.join(work);
    this.assertWritable();
    this.guard(() => this.db.exec('BEGIN IMMEDIATE'));
    this.depth = 1;
    try {
      const value = work();
      if (this.doom) throw this.doom.error;
      const at = this.now();
      this.stamp?.(at);
      this.assertInTransaction();
      this.db.exec('COMMIT');
      this.savedAt = at;
      return value;
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      for (const forget of this.rolledBack) forget();
      throw this.noted(error);
    } finally {
      this.depth = 0;
      this.doom = undefined;
    }
  }

  private join<T>(work: () => T): T {
    if (this.doom) throw this.doom.error;
    try {
      return work();
    } catch (error) {
      this.doom ??= { error };
      throw error;
    }
  }

  private write<T>(work: () => T): T {
    if (this.depth === 0) throw new Error('A statement that writes must run inside a transaction.');
    if (this.doom) throw this.doom.error;
    this.assertInTransaction();
    try {
      return work();
    } catch (error) {
      this.doom ??= { error: this.noted(error) };
      throw error;
    }
  }

  private assertInTransaction(): void {
    if (!this.db.inTransaction)
      throw new FaultlineError('store/io', `The change to ${this.file} was undone by the database.`, { file: this.file });
  }

  private assertWritable(): void {
    if (this.broken) throw this.broken;
    if (this.readOnly) {
      throw new FaultlineError(
        'store/read-only',
        `${this.file} is open read-only. Save the project under another name to change it.`,
        {
          file: this.file,
        },
      );
    }
    const found = identityOf(this.file);
    if (found?.ino !== this.identity?.ino || found?.dev !== this.identity?.dev) {
      // Writes would go to a file that no longer has a name, and be lost with it.
      throw new FaultlineError(
        'store/io',
        `${this.file} was moved, deleted or replaced while it was open, so the change was not saved. Save the project under another name.`,
        { file: this.file },
      );
    }
  }

  private guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.noted(error);
    }
  }

  /** Ours, and remembered when nothing more may be written through this connection. */
  private noted(error: unknown): unknown {
    const ours = translate(error, this.file);
    if (ours instanceof FaultlineError && ours !== error && ours.code === 'store/io') this.broken = ours;
    return ours;
  }
}
