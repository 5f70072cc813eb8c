import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { JobSummary } from '../../contract/types';
import { api } from '../host/api';

const endings = ['succeeded', 'failed', 'cancelled', 'interrupted'] as const;

/** True when nothing more will happen to the job by itself. */
export function hasEnded(job: Pick<JobSummary, 'status'>): boolean {
  return (endings as readonly string[]).includes(job.status);
}

/** Jobs of the open project, kept current by the host's pushes. */
export const useJobsStore = defineStore('jobs', () => {
  const byId = ref(new Map<string, JobSummary>());
  const loaded = ref(false);
  const endListeners = new Set<(job: JobSummary) => void>();

  const list = computed(() => [...byId.value.values()].sort((a, b) => b.createdAt - a.createdAt));
  const running = computed(() => list.value.find((job) => job.status === 'running') ?? null);
  const queued = computed(() => list.value.filter((job) => job.status === 'queued'));

  function take(job: JobSummary): void {
    const before = byId.value.get(job.id);
    byId.value.set(job.id, job);
    if (hasEnded(job) && before && !hasEnded(before)) for (const listener of endListeners) listener(job);
  }

  /** Reads the whole list; also after the connection was lost, and when another project was opened. */
  async function load(): Promise<void> {
    const jobs = await api.call('job.list', {});
    byId.value = new Map(jobs.map((job) => [job.id, job]));
    loaded.value = true;
  }

  function clear(): void {
    byId.value = new Map();
    loaded.value = false;
  }

  const cancel = (id: string): Promise<null> => api.call('job.cancel', { id });

  async function resume(id: string): Promise<string> {
    const { jobId } = await api.call('job.resume', { id });
    await load();
    return jobId;
  }

  /** Calls back once for each job that ends from now on; gives the function that stops it. */
  function onEnd(listener: (job: JobSummary) => void): () => void {
    endListeners.add(listener);
    return () => void endListeners.delete(listener);
  }

  api.subscribe('job', take);

  return { byId, list, running, queued, loaded, load, clear, cancel, resume, onEnd, take };
});
