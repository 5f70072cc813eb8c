import type Database from 'better-sqlite3';

/** One step of the schema, run in a transaction of its own. A shipped one is never edited. */
export interface Migration {
  /** `PRAGMA user_version` after it. */
  readonly version: number;
  up(db: Database.Database): void;
}
