import type { JobStatus, JobSummary } from '../../../contract/types';
import { formatDuration } from '../../composables/format';

const stageWords: Readonly<Record<string, string>> = {
  ...{ vae: 'shape of a window', lstm: 'how windows follow', 'lstm-ad': 'what comes next', gan: 'generator against discriminator' },
  reference: 'scores of normal rows',
};
/** A stage of training in words; what is not known is shown as the detector calls it. */
export function stageTitle(stage: string): string {
  const [, name, fold] = /^(.*\D)\s(\d+)$/.exec(stage) ?? [];
  if (fold !== undefined) return `${stageTitle(name!)}, without block ${fold}`;
  return stageWords[stage] ?? stage;
}

/** Class of the chip that shows a status; the word is always beside it. */
export const statusChip: Readonly<Record<JobStatus, string>> = {
  queued: '',
  running: 'acc',
  succeeded: 'ok',
  failed: 'bad',
  cancelled: '',
  interrupted: 'warn',
};
export const statusWord: Readonly<Record<JobStatus, string>> = {
  queued: 'queued',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};
export const kindWord: Readonly<Record<JobSummary['kind'], string>> = {
  import: 'Import',
  train: 'Training',
  score: 'Scoring',
  sweep: 'Sweep',
};

/** Share done, null while the amount is unknown. */
export function shareOf(job: JobSummary): number | null {
  return job.total > 0 ? Math.min(1, job.done / job.total) : null;
}

/** Milliseconds a job has run, or ran. */
export function ranFor(job: JobSummary, now: number): number | null {
  return job.startedAt === null ? null : (job.endedAt ?? now) - job.startedAt;
}

/** One line about where the job stands. */
export function jobLine(job: JobSummary, now: number): string {
  const ran = ranFor(job, now);
  switch (job.status) {
    case 'queued':
      return 'waits for its turn';
    case 'running':
      return job.remainingMs === null
        ? stageTitle(job.stage) || 'starting'
        : `${formatDuration(job.remainingMs)} left, ran ${formatDuration(ran)}`;
    case 'succeeded':
      return `took ${formatDuration(ran)}`;
    case 'cancelled':
      return ran === null ? 'before it started' : `after ${formatDuration(ran)}`;
    default:
      return job.error?.message ?? '';
  }
}
