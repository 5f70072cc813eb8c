import { mkdirSync } from 'node:fs';
import type { Topic, Topics } from '../contract/topics';
import type { HostInfo, Reply } from '../contract/types';
import { FaultlineError, isFaultline } from '../core/errors';
import { reasonOf } from './atomic-file';
import { createComputeClient, type ComputeClient } from './compute/client';
import { forkSpawner, type SpawnCompute } from './compute/process';
import { createFileTokens, type FileTokens } from './files';
import { createJobManager } from './jobs/manager';
import { createLog, type Log } from './log';
import { createPublisher } from './publisher';
import { idOfFile } from './services/project-list';
import { createRouter, toWireError } from './router';
import { createHandlers } from './services';
import { importRunner, type PendingImports } from './services/import-service';
import { stagesOf } from './services/project-state';
import { scoringRunner } from './services/scoring-service';
import { sweepRunner } from './services/sweep-service';
import { trainingRunner } from './services/training-service';
import { createSession } from './session';
import { createSettings } from './settings';
import type { ProjectStore } from './store';

/** What a host decides. */
export interface AppOptions {
  /** Settings, list of projects, log and the projects folder; made when missing. */
  readonly dataDir: string;
  readonly host: Pick<HostInfo, 'kind' | 'nativeDialogs'>;
  readonly version: string;
  /** Folder with `sample/`. */
  readonly resourcesDir: string;
  /** The built `compute-worker.js`. */
  readonly workerPath: string;
  /** How the worker is started; `child_process.fork` when absent. */
  readonly spawn?: SpawnCompute;
  /** Milliseconds since 1970 UTC; the system's when absent. */
  readonly clock?: () => number;
}

/** The application without a host: everything any of them can ask goes through `dispatch`. */
export interface App {
  /** Resolves for every failure of ours too; rejects never. */
  dispatch(method: string, params: unknown): Promise<Reply<unknown>>;
  /** @returns how to stop listening. */
  subscribe<T extends Topic>(topic: T, listener: (event: Topics[T]) => void): () => void;
  /** Where a host puts the files the user chose, and finds the ones that were made. */
  readonly files: FileTokens;
  /** True while a job is queued or running: ask before quitting. */
  busy(): boolean;
  /** Process id of the running job's compute process, if there is one. */
  computePid(): number | undefined;
  /** Stops the running job (it can be resumed), flushes and closes the project; at most 2 s. */
  close(): Promise<void>;
}

/** Time that a stopping job gets before its process is ended; closing takes at most 2 s in all. */
const STOP_MS = 1200;
/** How long the process for questions is kept for the next one. */
const QUERY_IDLE_MS = 60_000;

/**
 * Wires the application: one project, one queue of jobs, one compute process for jobs and one for questions. Nothing is started but
 * what is asked for.
 *
 * @throws FaultlineError 'file/write-failed' when the data folder cannot be made.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const clock = options.clock ?? Date.now;
  makeDataFolder(options.dataDir);
  const log = createLog(options.dataDir, clock);
  const publisher = createPublisher();
  const files = createFileTokens();
  const spawn = options.spawn ?? forkSpawner();
  const client = (keepIdleMs: number): ComputeClient =>
    createComputeClient({
      workerPath: options.workerPath,
      spawn,
      keepIdleMs,
      onLoss: ({ code, details }, lastWords) => log.write('compute-lost', { code, ...details, lastWords }),
    });
  const compute = client(0);
  const queries = client(QUERY_IDLE_MS);

  const session = createSession((store) => {
    rememberStages(store, log);
    publisher.publish('project', { id: idOfFile(store.file), savedAt: store.savedAt });
  });
  const pending: PendingImports = new Map();
  const settings = createSettings(options.dataDir);
  const jobs = createJobManager({
    runners: {
      import: importRunner(compute, pending),
      train: trainingRunner(compute, options.version, settings),
      score: scoringRunner(compute, settings),
      sweep: sweepRunner(compute),
    },
    publisher,
    clock,
    toWireError: (error, where) => toWireError(error, log, where),
    onEnd: (store, job) => {
      log.write('job', { kind: job.kind, status: job.status, code: job.error?.code ?? '' });
      if (session.peek() === store) session.changed();
    },
  });
  const handlers = createHandlers(
    { options, clock, log, settings, files, session, jobs, queries, publish: publisher.publish },
    pending,
  );
  const dispatch = createRouter(handlers, log);
  log.write('start', { host: options.host.kind, version: options.version, node: process.versions.node });

  return {
    dispatch,
    subscribe: publisher.subscribe,
    files,
    busy: jobs.busy,
    computePid: compute.pid,
    async close() {
      const ended = setTimeout(compute.close, STOP_MS);
      await jobs.stop();
      clearTimeout(ended);
      compute.close();
      queries.close();
      session.replace(undefined);
      await files.close();
      log.write('end');
    },
  };
}

function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new FaultlineError(
      'file/write-failed',
      `The data folder "${dataDir}" cannot be made: ${reasonOf(cause)}. Choose another one with --data DIR.`,
      {},
      { cause },
    );
  }
}

/** Keeps the rail's line of facts in the file, for the project list, which does not open it. */
function rememberStages(store: ProjectStore, log: Log): void {
  if (store.readOnly) return;
  const stages = stagesOf(store);
  const text = JSON.stringify(stages);
  if (lastStages.get(store) === text) return;
  lastStages.set(store, text);
  try {
    store.setStages(stages);
  } catch (error) {
    // What a person did is already on disk; a stale line in the list must not turn it into a failure.
    log.write('stages-not-kept', { code: isFaultline(error) ? error.code : 'unexpected' });
  }
}

const lastStages = new WeakMap<ProjectStore, string>();
