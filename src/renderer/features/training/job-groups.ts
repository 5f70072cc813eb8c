import type { JobSummary } from '../../../contract/types';

/** A job that stands alone (queue null), or those of one queue in the order of their turn. */
export interface JobGroup {
  readonly key: string;
  readonly queue: JobSummary['queue'];
  readonly jobs: readonly JobSummary[];
}

/** @param jobs - newest first; a queue stands where its newest job does. */
export function jobGroups(jobs: readonly JobSummary[]): readonly JobGroup[] {
  const groups = new Map<string, { readonly queue: JobSummary['queue']; readonly jobs: JobSummary[] }>();
  for (const job of jobs) {
    const key = job.queue?.id ?? job.id;
    const group = groups.get(key) ?? { queue: job.queue, jobs: [] };
    groups.set(key, group);
    group.jobs.unshift(job);
  }
  return [...groups].map(([key, group]) => ({ key, ...group }));
}
