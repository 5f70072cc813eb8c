import { basename, resolve } from 'node:path';
import { statSync } from 'node:fs';
import type { MethodName, Params, Result } from '../../../contract/methods';
import type { JobSummary, ProjectState, WireError } from '../../../contract/types';
import { FaultlineError } from '../../../core/errors';
import type { App } from '../../app';
import { usage } from './options';
import type { ProgressPrinter } from './progress';

/** The application as a command sees it. */
export interface Client {
  /** @throws FaultlineError as the application gave it. */
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  /**
   * Token of a file that must exist.
   *
   * @param name - under which the application knows it; the file's own when absent.
   * @throws FaultlineError 'file/not-found'.
   */
  file(path: string, name?: string): string;
  /** Opens a project file. @param create - makes it where it does not exist. */
  openProject(path: string | undefined, create: boolean): Promise<ProjectState>;
  /** Starts a job, shows its progress and waits for its end. @throws FaultlineError its error; 'job/cancelled'. */
  job(start: () => Promise<{ readonly jobId: string }>): Promise<JobSummary>;
  /** Starts a queue of trainings and waits until none is left; which of them failed is in its result. @throws FaultlineError 'job/cancelled'. */
  queue(start: () => Promise<{ readonly queueId: string; readonly jobIds: readonly string[] }>): Promise<string>;
  readonly app: App;
  note(text: string): void;
}

/** @param cancel - aborted by Ctrl-C: the running job is cancelled, and what waits for it ends with 'job/cancelled'. */
export function createClient(app: App, progress: ProgressPrinter, cancel: AbortSignal): Client {
  const call: Client['call'] = async (method, params) => {
    if (cancel.aborted && method !== 'job.cancel') throw cancelled();
    const reply = await app.dispatch(method, params);
    if (!reply.ok) throw rebuild(reply.error);
    return reply.value as Result<typeof method>;
  };
  return {
    app,
    call,
    note: (text) => progress.note(text),
    file(path, name) {
      const full = resolve(path);
      if (statSync(full, { throwIfNoEntry: false })?.isFile() !== true) {
        throw new FaultlineError('file/not-found', `There is no file "${path}".`, { path });
      }
      return app.files.add(full, name ?? basename(full));
    },
    openProject(path, create) {
      if (path === undefined) return usage('This command needs --project FILE.');
      const full = resolve(path);
      if (!full.endsWith('.faultline')) usage(`A project file ends with ".faultline"; "${path}" does not.`);
      return call('project.open', { fileToken: app.files.add(full, basename(full), { create }) });
    },
    async job(start) {
      const [job] = await ended(async () => {
        const { jobId } = await start();
        return { jobIds: [jobId], stop: () => app.dispatch('job.cancel', { id: jobId }) };
      });
      // A Ctrl-C of a terminal may have reached the compute process itself: then the job ends as interrupted.
      if (job!.status === 'cancelled' || (cancel.aborted && job!.status !== 'succeeded')) throw cancelled();
      if (job!.status !== 'succeeded')
        throw job!.error ? rebuild(job!.error) : new FaultlineError('job/interrupted', 'The job did not end.');
      return job!;
    },
    async queue(start) {
      let queueId = '';
      await ended(async () => {
        const started = await start();
        queueId = started.queueId;
        return { jobIds: started.jobIds, stop: () => app.dispatch('queue.cancel', { id: queueId }) };
      });
      if (cancel.aborted) throw cancelled(`Cancelled. What was finished before is kept; --resume ${queueId} trains what is left.`);
      return queueId;
    },
  };

  /** Starts jobs, shows their progress, and gives them when all are over. */
  async function ended(
    start: () => Promise<{ readonly jobIds: readonly string[]; readonly stop: () => Promise<unknown> }>,
  ): Promise<JobSummary[]> {
    const seen = new Map<string, JobSummary>();
    const told = new Set<string>();
    let wake = (): void => undefined;
    const unsubscribe = app.subscribe('job', (job) => {
      seen.set(job.id, job);
      progress.show(job);
      wake();
    });
    try {
      const { jobIds, stop } = await start();
      const onCancel = (): void => void stop();
      cancel.addEventListener('abort', onCancel, { once: true });
      if (cancel.aborted) onCancel();
      const over = (id: string): boolean => !['queued', 'running', undefined].includes(seen.get(id)?.status);
      while (!jobIds.every(over)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (jobIds.length > 1) for (const id of jobIds.filter(over)) tell(id, jobIds.length);
      }
      cancel.removeEventListener('abort', onCancel);
      progress.done();
      return jobIds.map((id) => seen.get(id)!);
    } finally {
      unsubscribe();
    }

    function tell(id: string, all: number): void {
      if (told.has(id)) return;
      told.add(id);
      const { title, status, error } = seen.get(id)!;
      progress.note(`${told.size} of ${all}: ${title}: ${status === 'succeeded' ? 'done' : (error?.message ?? status)}`);
    }
  }
}

const cancelled = (text = 'Cancelled. What was finished before is kept.'): FaultlineError =>
  new FaultlineError('job/cancelled', text);

function rebuild(error: WireError): FaultlineError {
  return new FaultlineError(
    error.code,
    error.message,
    error.incident ? { ...error.details, incident: error.incident } : error.details,
  );
}
