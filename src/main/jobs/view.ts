import type { EpochRecord } from '../../core/detectors/detector';
import type { JobDetail, JobSummary } from '../../contract/types';
import type { LogLine, StoredJob } from '../store';
import { queueOf } from './queue';

/**
 * Training goes on from its checkpoint, or starts again when it had none; scoring starts again; a sweep
 * goes on after its last trial, also one that ended by its time: it is granted the same time again. One of a queue takes its turn after
 * all when the queue was cancelled. An import does not: its rows were dropped and its file may be gone.
 */
export function isResumable(job: StoredJob): boolean {
  if (job.kind === 'import') return false;
  if (job.kind === 'sweep') {
    if (job.status === 'succeeded') return job.result['timeUp'] === true;
    return job.status === 'interrupted' || job.status === 'cancelled' || job.status === 'failed';
  }
  if (job.status === 'cancelled' && queueOf(job)) return true;
  return job.status === 'interrupted' || ((job.status === 'cancelled' || job.status === 'failed') && job.checkpointStep !== null);
}

export function toSummary(job: StoredJob): JobSummary {
  return {
    id: job.id,
    kind: job.kind,
    title: job.title,
    status: job.status,
    ...job.progress,
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
    error: job.error,
    result: job.result,
    resumable: isResumable(job),
    queue: queueOf(job),
  };
}

export function toDetail(job: StoredJob, history: readonly EpochRecord[], log: readonly LogLine[]): JobDetail {
  return {
    ...toSummary(job),
    params: job.params,
    history,
    log,
    memoryMb: job.memoryMb,
    checkpointStep: job.checkpointStep,
  };
}
