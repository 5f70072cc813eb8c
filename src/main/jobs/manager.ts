import type { EpochRecord, Progress } from '../../core/detectors/detector';
import { FaultlineError, isFaultline, type JsonObject } from '../../core/errors';
import type { JobDetail, JobSummary, WireError } from '../../contract/types';
import type { Publisher } from '../publisher';
import type { JobKind, JobProgress, NewJob, ProjectStore, StoredJob } from '../store';
import { createProgressMeter, noProgress } from './progress';
import { isResumable, toDetail, toSummary } from './view';

/** What the runner of one kind of job gets. */
export interface JobRun {
  readonly job: StoredJob;
  readonly store: ProjectStore;
  /** Aborted by a cancel. */
  readonly signal: AbortSignal;
  progress(progress: Progress): void;
  log(text: string): void;
  memory(bytes: number): void;
  /** Puts the points of the curve told so far on disk; call it in the transaction that stores a checkpoint. */
  keepHistory(): void;
  /** Drops the curve of an earlier attempt: this one starts from the beginning. */
  restart(): void;
}

/**
 * Does the work of a job and gives the writes that make its results visible. They are run in the transaction that sets the final
 * state, so that nothing is half there; what they give becomes the job's `result`.
 */
export type JobRunner = (run: JobRun) => Promise<() => JsonObject>;

export interface JobManager {
  start(store: ProjectStore, job: NewJob): StoredJob;
  /** @throws FaultlineError 'job/not-found', 'job/not-resumable'. */
  resume(store: ProjectStore, jobId: string): StoredJob;
  /** A job that is over is left alone. @throws FaultlineError 'job/not-found'. */
  cancel(store: ProjectStore, jobId: string): void;
  list(store: ProjectStore): readonly JobSummary[];
  detail(store: ProjectStore, jobId: string): JobDetail;
  busy(): boolean;
  /** Resolves when the job is over, whatever its end. */
  settled(jobId: string): Promise<void>;
  /** Interrupts the running job, keeps queued ones as interrupted; resolves when both are on disk. */
  stop(): Promise<void>;
}

export interface ManagerOptions {
  readonly runners: Readonly<Record<JobKind, JobRunner>>;
  readonly publisher: Publisher;
  readonly clock: () => number;
  readonly toWireError: (error: unknown, where: string) => WireError;
  /** After a job ended in any state. */
  readonly onEnd: (store: ProjectStore, job: StoredJob) => void;
}

/** At most ten pushed events a second for a job; rows are written less often, because each write waits for the disk. */
const PUSH_MS = 100;
const STORE_MS = 2000;

interface Live {
  readonly store: ProjectStore;
  readonly abort: AbortController;
  job: StoredJob;
  stopping: boolean;
  history: EpochRecord[];
  log: { at: number; text: string }[];
}

/** Jobs of the open project, one at a time: queued → running → succeeded | failed | cancelled | interrupted. */
export function createJobManager(options: ManagerOptions): JobManager {
  const { clock, publisher } = options;
  const queue: Live[] = [];
  const waiters = new Map<string, { readonly promise: Promise<void>; readonly resolve: () => void }>();
  let running: Live | undefined;

  const publish = (job: StoredJob): void => publisher.publish('job', toSummary(job));
  const liveOf = (jobId: string): Live | undefined =>
    running?.job.id === jobId ? running : queue.find((live) => live.job.id === jobId);

  const enqueue = (store: ProjectStore, job: StoredJob): StoredJob => {
    queue.push({ store, job, abort: new AbortController(), stopping: false, history: [], log: [] });
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    waiters.set(job.id, { promise, resolve });
    publish(job);
    // Not at once: the caller's reply with the job's id goes out before its first event.
    setImmediate(next);
    return job;
  };

  const next = (): void => {
    if (running) return;
    running = queue.shift();
    if (running) void execute(running);
  };

  const execute = async (live: Live): Promise<void> => {
    const { store } = live;
    const meter = createProgressMeter(clock);
    let pushedAt = 0;
    let storedAt = 0;
    let pushTimer: NodeJS.Timeout | undefined;

    const pushed = { history: 0, log: 0 };
    const push = (): void => {
      clearTimeout(pushTimer);
      pushTimer = undefined;
      pushedAt = clock();
      publish(live.job);
      const history = live.history.slice(pushed.history);
      const log = live.log.slice(pushed.log);
      pushed.history = live.history.length;
      pushed.log = live.log.length;
      if (history.length > 0 || log.length > 0) publisher.publish('job.detail', { id: live.job.id, history, log });
    };
    /** Log and progress; the curve waits for its checkpoint, so that a resumed job neither repeats nor misses a point. */
    const flush = (): void => {
      storedAt = clock();
      push();
      store.transaction(() => {
        if (live.log.length > 0) store.jobs.appendLog(live.job.id, live.log);
        store.jobs.update(live.job.id, { progress: live.job.progress, memoryMb: live.job.memoryMb });
      });
      live.log = [];
      pushed.log = 0;
    };
    const keepHistory = (): void => {
      push();
      if (live.history.length > 0) store.jobs.appendHistory(live.job.id, live.history);
      live.history = [];
      pushed.history = 0;
    };
    const changed = (): void => {
      const now = clock();
      if (now - storedAt >= STORE_MS) flush();
      else if (now - pushedAt >= PUSH_MS) push();
      else pushTimer ??= setTimeout(push, PUSH_MS - (now - pushedAt));
    };

    const run: JobRun = {
      job: live.job,
      store,
      signal: live.abort.signal,
      progress(progress) {
        live.job = { ...live.job, progress: meter(progress) };
        if (progress.record) live.history.push(progress.record);
        if (progress.log !== undefined) live.log.push({ at: clock(), text: progress.log });
        changed();
      },
      log(text) {
        live.log.push({ at: clock(), text });
        changed();
      },
      memory(bytes) {
        live.job = { ...live.job, memoryMb: Math.max(live.job.memoryMb ?? 0, Math.round(bytes / 1e6)) };
      },
      keepHistory,
      restart() {
        store.jobs.truncateHistory(live.job.id, -1);
      },
    };

    try {
      live.job = store.jobs.update(live.job.id, { status: 'running', startedAt: clock(), endedAt: null, error: null });
      publish(live.job);
      const commit = await options.runners[live.job.kind](run);
      flush();
      live.job = store.transaction(() => {
        keepHistory();
        const result = commit();
        return store.jobs.update(live.job.id, {
          status: 'succeeded',
          endedAt: clock(),
          result,
          progress: atEnd(live.job.progress),
        });
      });
    } catch (error) {
      live.job = fail(live, error, () => {
        flush();
        if (store.jobs.get(live.job.id).checkpointStep === null) keepHistory();
      });
    } finally {
      clearTimeout(pushTimer);
    }
    end(live);
    next();
  };

  /** The job's row after an error; a store that cannot be written leaves the row to the recovery at the next start. */
  const fail = (live: Live, error: unknown, keep: () => void): StoredJob => {
    const wire = options.toWireError(error, `job ${live.job.kind}`);
    const lost = isFaultline(error, 'compute/lost') || isFaultline(error, 'compute/out-of-memory');
    const status = live.stopping || lost ? 'interrupted' : isFaultline(error, 'job/cancelled') ? 'cancelled' : 'failed';
    const patch = { status, endedAt: clock(), error: status === 'cancelled' ? null : live.stopping ? closedError : wire } as const;
    try {
      live.log.push({ at: clock(), text: status === 'cancelled' ? 'Cancelled.' : (patch.error?.message ?? '') });
      keep();
      return live.store.jobs.update(live.job.id, patch);
    } catch {
      return { ...live.job, ...patch };
    }
  };

  const end = (live: Live): void => {
    if (running === live) running = undefined;
    publish(live.job);
    options.onEnd(live.store, live.job);
    waiters.get(live.job.id)?.resolve();
    waiters.delete(live.job.id);
  };

  return {
    start: (store, job) => enqueue(store, store.jobs.create(job)),
    resume(store, jobId) {
      const job = store.jobs.get(jobId);
      if (liveOf(jobId) || !isResumable(job)) {
        throw new FaultlineError(
          'job/not-resumable',
          'Only a training, scoring or sweep job that stopped before its end can go on.',
          {
            jobId,
          },
        );
      }
      return enqueue(store, store.jobs.update(jobId, { status: 'queued', error: null, endedAt: null, progress: noProgress }));
    },
    cancel(store, jobId) {
      const live = liveOf(jobId);
      if (!live) {
        store.jobs.get(jobId);
        return;
      }
      live.abort.abort();
      if (live === running) return;
      queue.splice(queue.indexOf(live), 1);
      live.job = store.jobs.update(jobId, { status: 'cancelled', endedAt: clock() });
      end(live);
    },
    list: (store) => store.jobs.list().map((job) => toSummary(liveOf(job.id)?.job ?? job)),
    detail(store, jobId) {
      const live = liveOf(jobId);
      const job = live?.job ?? store.jobs.get(jobId);
      const checkpointStep = store.jobs.get(jobId).checkpointStep;
      return toDetail(
        { ...job, checkpointStep },
        [...store.jobs.history(jobId), ...(live?.history ?? [])],
        [...store.jobs.log(jobId), ...(live?.log ?? [])],
      );
    },
    busy: () => running !== undefined || queue.length > 0,
    settled: (jobId) => waiters.get(jobId)?.promise ?? Promise.resolve(),
    async stop() {
      for (const live of queue.splice(0)) {
        live.job = live.store.jobs.update(live.job.id, { status: 'interrupted', endedAt: clock(), error: closedError });
        end(live);
      }
      if (!running) return;
      const last = running;
      const over = waiters.get(last.job.id)?.promise;
      last.stopping = true;
      last.abort.abort();
      await over;
    },
  };
}

const atEnd = (progress: JobProgress): JobProgress => ({ ...progress, done: progress.total, remainingMs: 0 });

const closedError: WireError = {
  code: 'job/interrupted',
  kind: 'state',
  message: 'Faultline was closed while this job was running.',
  details: {},
};
