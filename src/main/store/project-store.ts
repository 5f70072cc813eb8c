import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type Database from 'better-sqlite3';
import { FaultlineError } from '../../core/errors';
import { Comparisons } from './comparison-repository';
import { Connection } from './connection';
import { copyProject } from './copy';
import { canWrite, closeDatabase, createDatabase, newestVersion, openDatabase } from './database';
import { Datasets } from './dataset-repository';
import { Events } from './event-repository';
import { checkHeader, noteOpen } from './header';
import { Jobs } from './job-repository';
import { Labels, LabelSets } from './label-repository';
import { acquireLock } from './lock';
import { Meta } from './meta-repository';
import { migrations as released, type Migration } from './migrations/index';
import { Models } from './model-repository';
import { Runs } from './run-repository';
import { scoreStrip } from './score-strip';
import { StoredSeries } from './series-repository';
import { Sweeps } from './sweep-repository';
import { Thresholds } from './threshold-repository';
import type { ContractFact, OpenOptions, ProjectReader, ProjectStore, StageFact, StoredJob, StoredThreshold } from './types';

/** `migrations` is for tests of the migration machinery; the product always uses the released ones. */
type Options = OpenOptions & { readonly migrations?: readonly Migration[] };

/**
 * Opens a project file for this process alone, or makes a new one. A file that cannot be written to is opened read-only by itself.
 *
 * @throws FaultlineError 'project/not-found', 'project/exists', 'store/not-a-project', 'store/newer-than-app', 'store/locked',
 * 'store/damaged', 'store/full', 'store/io'
 */
export function openProject(path: string, options: Options = {}): ProjectStore {
  const given = resolve(path);
  const now = options.now ?? Date.now;
  if (options.create) {
    if (existsSync(given))
      throw new FaultlineError('project/exists', `There is a file at ${given} already. Choose another name.`, { file: given });
    create(given, options, now);
  }
  // Symbolic links lead to the same lock.
  const file = existsSync(given) ? realpathSync(given) : given;
  const readOnly = options.readOnly ?? (existsSync(file) && !canWrite(file));
  return readOnly ? openUnlocked(file, options, now) : openLocked(file, options, now);
}

/**
 * Read side for the compute process: no lock, no migration, no check of the whole file (the application did both). Sees what was
 * committed at the time of each call.
 */
export function openReader(path: string): ProjectReader {
  const file = realpathSync(resolve(path));
  const { db } = openDatabase(file, { readOnly: true, check: false, migrations: released, now: 0 });
  return new Project(db, file, true, Date.now, () => undefined);
}

function openUnlocked(file: string, options: Options, now: () => number): ProjectStore {
  const { db, damage } = openDatabase(file, {
    readOnly: true,
    check: true,
    migrations: options.migrations ?? released,
    now: now(),
  });
  const project = new Project(db, file, true, now, () => undefined);
  if (damage.length > 0) project.recovery = `This file is damaged (${damage[0]}). What is readable is shown; save a copy of it.`;
  return project;
}

function openLocked(file: string, options: Options, now: () => number): ProjectStore {
  // First, so that a file that is no project is refused without a lock file beside it.
  checkHeader(file, newestVersion(options.migrations ?? released));
  const lock = acquireLock(file, now());
  try {
    const { db, backup } = openDatabase(file, {
      readOnly: false,
      check: true,
      migrations: options.migrations ?? released,
      now: now(),
    });
    const project = new Project(db, file, false, now, () => lock.release());
    try {
      project.recover(backup);
      return project;
    } catch (error) {
      closeDatabase(db, false);
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

function create(file: string, options: Options, now: () => number): void {
  const name = options.name ?? basename(file).replace(/\.faultline$/, '');
  createDatabase(file, options.migrations ?? released, (db) => {
    const connection = new Connection(db, db.name, false, now);
    const meta = new Meta(connection);
    connection.transaction(() => {
      meta.set('id', randomUUID());
      meta.set('name', name);
      meta.set('sample', options.sample ?? false);
      meta.set('createdAt', now());
      meta.set('savedAt', now());
    });
  });
}

class Project implements ProjectStore {
  readonly datasets: Datasets;
  readonly series: StoredSeries;
  readonly labels: Labels;
  readonly jobs: Jobs;
  readonly models: Models;
  readonly runs: Runs;
  readonly thresholds: Thresholds;
  readonly events: Events;
  readonly comparisons: Comparisons;
  readonly sweeps: Sweeps;
  recovery = '';
  private readonly connection: Connection;
  private readonly meta: Meta;
  private readonly forgetOpen: () => void;

  constructor(
    private readonly db: Database.Database,
    readonly file: string,
    readonly readOnly: boolean,
    now: () => number,
    private readonly release: () => void,
  ) {
    this.forgetOpen = noteOpen(file);
    const connection = new Connection(db, file, readOnly, now);
    this.connection = connection;
    this.meta = new Meta(connection);
    const labelSets = new LabelSets(connection);
    this.datasets = new Datasets(connection, labelSets);
    this.series = new StoredSeries(connection, this.datasets);
    this.labels = new Labels(connection, labelSets, (datasetId) => this.datasets.layout(datasetId));
    this.jobs = new Jobs(connection);
    this.models = new Models(connection);
    this.events = new Events(connection);
    this.thresholds = new Thresholds(connection, this.events, (threshold, count) => this.summarize(threshold, count));
    this.runs = new Runs(connection, this.thresholds);
    this.comparisons = new Comparisons(connection);
    this.sweeps = new Sweeps(connection);
    connection.savedAt = this.meta.get('savedAt', 0);
    connection.onCommit((at) => this.meta.set('savedAt', at));
  }

  get id(): string {
    return this.meta.get('id', '');
  }

  get name(): string {
    return this.meta.get('name', '');
  }

  get sample(): boolean {
    return this.meta.get('sample', false);
  }

  get savedAt(): number {
    return this.connection.savedAt;
  }

  rename(name: string): void {
    this.transaction(() => this.meta.set('name', name));
  }

  setStages(stages: readonly StageFact[]): void {
    this.transaction(() => this.meta.set('stages', stages));
  }

  setLastResult(text: string): void {
    this.transaction(() => this.meta.set('lastResult', text));
  }

  contractFact(thresholdId: string): ContractFact | null {
    return this.meta.get('contractFacts', {})[thresholdId] ?? null;
  }

  setContractFact(thresholdId: string, fact: ContractFact | null): void {
    this.transaction(() => {
      // Only of the newest thresholds of the runs: nobody asks for the older ones.
      const current = new Set(this.runs.list().map(({ threshold }) => threshold?.id));
      const kept = Object.entries(this.meta.get('contractFacts', {})).filter(([id]) => id !== thresholdId && current.has(id));
      this.meta.set('contractFacts', Object.fromEntries(fact ? [...kept, [thresholdId, fact]] : kept));
    });
  }

  get reportedThresholdId(): string {
    return this.meta.get('reported', '');
  }

  setReported(thresholdId: string): void {
    this.transaction(() => this.meta.set('reported', thresholdId));
  }

  transaction<T>(work: () => T): T {
    return this.connection.transaction(work);
  }

  copyTo(path: string, options: { readonly name?: string; readonly replace?: boolean } = {}): Promise<void> {
    return copyProject(this.db, this.file, resolve(path), options);
  }

  close(): void {
    if (!this.db.open) return;
    closeDatabase(this.db, this.readOnly);
    this.forgetOpen();
    this.release();
  }

  /** Puts right what an unexpected end left behind, and says so. */
  recover(backup: string | null): void {
    const sentences: string[] = [];
    const jobs = this.jobs.interruptUnfinished();
    if (jobs.length > 0) sentences.push(`Faultline ended unexpectedly. ${jobs.map(interruption).join(' ')}`);
    for (const name of this.datasets.removeUnfinished())
      sentences.push(`The unfinished import of "${name}" was removed; import the file again.`);
    if (backup) sentences.push(`The project was brought to the present version; a copy of the former one is ${basename(backup)}.`);
    this.recovery = sentences.join(' ');
  }

  private summarize(threshold: StoredThreshold, eventCount: number): void {
    this.meta.set('scoreStrip', scoreStrip(this.runs.score(threshold.runId), threshold.value));
    this.meta.set(
      'lastResult',
      `${eventCount} ${eventCount === 1 ? 'event' : 'events'}, threshold ${Number(threshold.value.toPrecision(3))}`,
    );
  }
}

function interruption(job: StoredJob): string {
  const where = job.checkpointStep === null ? '' : ` and can go on from step ${job.checkpointStep}`;
  return `"${job.title}" was interrupted${where}.`;
}
