import type { HostInfo, Reply } from '../contract/types';
import type { Topic, Topics } from '../contract/topics';
import type { SpawnCompute } from './compute/process';
import type { FileTokens } from './files';

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
  /** Stops the running job (it can be resumed), flushes and closes the project; at most 2 s. */
  close(): Promise<void>;
}

/** Signature of `createApp` below. */
export type CreateApp = (options: AppOptions) => Promise<App>;
