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
import { addDataset, addRun, codeOf, newModel, temporaryFolder } from './fixtures';

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

const newest = migrations.length;

describe('a migration', () => {
  const steps: string[] = [];
  /** From the newest version with rows in it: a column with a default and a table filled from the former one. */
  const second: Migration = {
    version: newest + 1,
    up(db) {
      db.exec('CREATE TABLE author (name TEXT PRIMARY KEY NOT NULL) STRICT');
      db.exec('INSERT INTO author SELECT DISTINCT origin FROM label');
      steps.push('second');
    },
  };
  const failing: Migration = {
    version: newest + 2,
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
    expect(store.recovery).toContain(`pump.v${newest}-backup-2026-11-22.faultline`);
    store.close();
    expect(versionOf(file)).toBe(newest + 1);
    const db = new Database(file);
    expect(db.prepare('SELECT name FROM author').all()).toEqual([{ name: 'user' }]);
    db.close();
    const backup = openProject(folder.file(`pump.v${newest}-backup-2026-11-22.faultline`));
    expect(backup.labels.list(id).labels).toMatchObject([label]);
    backup.close();
    expect(openProject(file, { migrations: [...migrations, second] }).close()).toBeUndefined();
    expect(readdirSync(folder.path).filter((name) => name.includes('backup'))).toHaveLength(1);
  });

  it('that fails leaves the version before it, with all its rows', () => {
    const id = prepare();
    expect(() => openProject(file, { migrations: [...migrations, second, failing] })).toThrow('out of luck');
    expect(versionOf(file)).toBe(newest + 1);
    const store = openProject(file, { migrations: [...migrations, second] });
    expect(store.labels.list(id).labels).toMatchObject([label]);
    store.close();
    // To this version the file is of a newer Faultline: it has to be refused, and the copy opens.
    expect(codeOf(() => openProject(file))).toBe('store/newer-than-app');
  });

  it('is not run for a reading: an older file is not changed by it', () => {
    prepare();
    expect(codeOf(() => openProject(file, { readOnly: true, migrations: [...migrations, second] }))).toBe('store/read-only');
    expect(versionOf(file)).toBe(newest);
  });
});

describe('version 2', () => {
  const choice = {
    value: 3.5,
    minDurationMs: 60_000,
    mergeGapMs: 0,
    objective: { kind: 'f1' },
    from: 'best F1',
    achieved: 0.8,
  } as const;
  const contract = { falseEvents: 1, days: 3, confidence: 0.95, mustCatch: 'all', withinMs: 60_000, mode: null } as const;

  it('keeps runs and thresholds of version 1, and adds contracts, comparisons, trials and review scores', () => {
    let store = openProject(file, { create: true });
    const dataset = addDataset(store, ['flow'], 50);
    const model = store.models.create(newModel(dataset.id, ['flow']));
    const run = addRun(store, dataset, model.id, 50);
    const { threshold } = store.thresholds.save(run.id, choice, store.labels.list(dataset.id), []);
    store.close();
    // Taken back to version 1: no more than its tables, with the rows in them.
    const db = new Database(file);
    db.exec('DROP TABLE threshold_rule; DROP TABLE comparison; DROP TABLE sweep_trial; DROP TABLE run_review_chunk');
    db.pragma('user_version = 1');
    expect(schemaOf(db)).toBe(schemaOfVersion(1));
    db.close();

    store = openProject(file);
    expect(store.recovery).toContain('.v1-backup-');
    expect(store.thresholds.current(run.id)).toEqual(threshold);
    expect(store.runs.review(run.id)).toBeUndefined();
    expect(store.runs.score(run.id)[49]).toBe(Math.fround(49 / 50));
    expect(addRun(store, dataset, model.id, 50).parts.review).toBe(true);
    const further = {
      hysteresis: 0.25,
      deadTimeMs: 5000,
      modes: { channel: 'flow', edges: [1], values: [null, 4] },
      suppress: [{ channel: 'flow', minShare: 0.5, reason: 'calibrated weekly' }],
      contract,
      calibratedOn: { start: 10, end: 20 },
    };
    store.thresholds.save(run.id, { ...choice, ...further }, store.labels.list(dataset.id), []);
    const members = [{ projectId: null, runId: run.id }];
    const comparison = store.comparisons.save('both', members, true);
    const job = store.jobs.create({ kind: 'sweep', title: 'sweep', params: {}, seed: 1 });
    const trial = { setting: 0, params: { window: 5 }, seed: 1, rung: 0, share: 1, vusPr: { value: 0.5 }, seconds: 2, error: '' };
    store.sweeps.append(job.id, trial);
    store.close();

    store = openProject(file);
    expect(store.thresholds.current(run.id)).toMatchObject({ ...choice, ...further });
    expect(store.thresholds.history(run.id)[1]).toEqual(threshold);
    expect(store.comparisons.list()).toEqual([comparison]);
    expect(store.sweeps.trials(job.id)).toEqual([trial]);
    store.comparisons.remove(comparison.id);
    expect(codeOf(() => store.comparisons.remove(comparison.id))).toBe('comparison/not-found');
    expect(store.comparisons.list()).toEqual([]);
    store.close();
  });
});

function schemaOfVersion(version: number): string {
  const db = new Database(':memory:');
  for (const migration of migrations.slice(0, version)) migration.up(db);
  const schema = schemaOf(db);
  db.close();
  return schema;
}

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
