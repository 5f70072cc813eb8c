import { readFileSync, readdirSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultlineError } from '../../src/core/errors';
import { Connection } from '../../src/main/store/connection';
import { closeDatabase, openDatabase } from '../../src/main/store/database';
import { Labels, LabelSets } from '../../src/main/store/label-repository';
import { migrations, type Migration } from '../../src/main/store/migrations/index';
import { openProject } from '../../src/main/store/project-store';
import { schemaOf } from '../../src/main/store/schema';
import { addDataset, codeOf, temporaryFolder } from './fixtures';

let folder: ReturnType<typeof temporaryFolder>;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = folder.file('pump.faultline');
});
afterEach(() => folder.remove());

const label = { start: 10, end: 20, class: 'anomaly', comment: 'seal', channels: [] } as const;

describe('the schema', () => {
  it('is the one of the snapshot', () => {
    const db = new Database(':memory:');
    for (const migration of migrations) migration.up(db);
    expect(schemaOf(db)).toBe(
      readFileSync(new URL('../../src/main/store/migrations/schema.snapshot.sql', import.meta.url), 'utf8'),
    );
    expect(migrations.map((migration) => migration.version)).toEqual(migrations.map((_, i) => i + 1));
  });
});

describe('a migration', () => {
  const steps: string[] = [];
  /** From version 1 with rows in it: a column with a default and a table filled from the former one. */
  const second: Migration = {
    version: 2,
    up(db) {
      db.exec('CREATE TABLE author (name TEXT PRIMARY KEY NOT NULL) STRICT');
      db.exec('INSERT INTO author SELECT DISTINCT origin FROM label');
      steps.push('second');
    },
  };
  const failing: Migration = {
    version: 3,
    up(db) {
      db.exec('DELETE FROM label');
      throw new Error('out of luck');
    },
  };
  const prepare = (): string => {
    const store = openProject(file, { create: true });
    const { id } = addDataset(store, ['flow'], 100);
    store.labels.apply(id, { add: [label] });
    store.close();
    return id;
  };
  const versionOf = (path: string): unknown => {
    const db = new Database(path, { readonly: true });
    try {
      return db.pragma('user_version', { simple: true });
    } finally {
      db.close();
    }
  };

  it('keeps the rows and leaves a copy of the former version beside the file', () => {
    const id = prepare();
    const now = (): number => Date.UTC(2026, 10, 22);
    const store = openProject(file, { migrations: [...migrations, second], now });
    expect(store.labels.list(id).labels).toMatchObject([label]);
    expect(store.recovery).toContain('pump.v1-backup-2026-11-22.faultline');
    store.close();
    expect(versionOf(file)).toBe(2);
    const db = new Database(file);
    expect(db.prepare('SELECT name FROM author').all()).toEqual([{ name: 'user' }]);
    db.close();
    const backup = openProject(folder.file('pump.v1-backup-2026-11-22.faultline'));
    expect(backup.labels.list(id).labels).toMatchObject([label]);
    backup.close();
    expect(openProject(file, { migrations: [...migrations, second] }).close()).toBeUndefined();
    expect(readdirSync(folder.path).filter((name) => name.includes('backup'))).toHaveLength(1);
  });

  it('that fails leaves the version before it, with all its rows', () => {
    const id = prepare();
    expect(() => openProject(file, { migrations: [...migrations, second, failing] })).toThrow('out of luck');
    expect(versionOf(file)).toBe(2);
    const store = openProject(file, { migrations: [...migrations, second] });
    expect(store.labels.list(id).labels).toMatchObject([label]);
    store.close();
    // To this version, which knows 1, the file is of a newer Faultline: it has to be refused, and the copy opens.
    expect(codeOf(() => openProject(file))).toBe('store/newer-than-app');
  });

  it('is not run for a reading: an older file is not changed by it', () => {
    prepare();
    expect(codeOf(() => openProject(file, { readOnly: true, migrations: [...migrations, second] }))).toBe('store/read-only');
    expect(versionOf(file)).toBe(1);
  });
});

describe('a full disk', () => {
  it('undoes the act, says so, lets nothing of it through, and works again once there is space', () => {
    const store = openProject(file, { create: true });
    const { id } = addDataset(store, ['flow'], 10);
    store.close();
    const { db } = openDatabase(file, { readOnly: false, check: true, migrations, now: 0 });
    const connection = new Connection(db, file, false, Date.now);
    const labels = new Labels(connection, new LabelSets(connection), () => undefined);
    labels.apply(id, { add: [label] });
    const pages = db.pragma('page_count', { simple: true }) as number;
    db.pragma(`max_page_count = ${pages + 2}`);
    const large = { ...label, comment: 'x'.repeat(100_000) };
    expect(codeOf(() => labels.apply(id, { add: [large] }))).toBe('store/full');
    expect(db.inTransaction).toBe(false);
    // SQLite has rolled back by itself: a write after that, in the same act, must not be committed on its own.
    const stubborn = (): void =>
      connection.transaction(() => {
        try {
          labels.apply(id, { add: [large] });
        } catch (error) {
          expect(error).toBeInstanceOf(FaultlineError);
        }
        labels.apply(id, { add: [{ ...label, comment: 'leaked' }] });
      });
    expect(codeOf(stubborn)).toBe('store/full');
    expect(labels.list(id)).toMatchObject({ revision: 1, labels: [{ comment: 'seal' }] });
    db.pragma('max_page_count = 100000');
    expect(labels.apply(id, { add: [large] }).revision).toBe(2);
    closeDatabase(db, false);
  });
});
