import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { JobDetail, JobSummary } from '../../contract/types';
import type { FaultlineError } from '../../core/errors';
import { api } from '../host/api';
import { useJobsStore } from '../stores/jobs';
import { asFaultline } from '../stores/ui';

/** One job with its curve and log, kept current while the component lives. */
export interface JobView {
  readonly job: ComputedRef<JobSummary | null>;
  readonly detail: ShallowRef<JobDetail | null>;
  readonly history: ShallowRef<JobDetail['history']>;
  readonly log: ShallowRef<JobDetail['log']>;
  readonly error: ShallowRef<FaultlineError | null>;
  reload(): Promise<void>;
}

/** Follows the job with the given id (null: none). Points pushed while the detail is being read are not lost. */
export function useJob(id: Ref<string | null>): JobView {
  const jobs = useJobsStore();
  const job = computed(() => (id.value === null ? null : (jobs.byId.get(id.value) ?? null)));
  const detail = shallowRef<JobDetail | null>(null);
  const history = shallowRef<JobDetail['history']>([]);
  const log = shallowRef<JobDetail['log']>([]);
  const error = shallowRef<FaultlineError | null>(null);
  let turn = 0;

  async function reload(): Promise<void> {
    turn += 1;
    const mine = turn;
    const asked = id.value;
    if (asked === null) return;
    try {
      const answer = await api.call('job.detail', { id: asked });
      if (mine !== turn) return;
      detail.value = answer;
      history.value = answer.history;
      log.value = answer.log;
      error.value = null;
    } catch (failure) {
      if (mine === turn) error.value = asFaultline(failure);
    }
  }

  watch(
    id,
    () => {
      detail.value = null;
      history.value = [];
      log.value = [];
      void reload();
    },
    { immediate: true },
  );
  // The end brings memory, result and error that only the detail has.
  watch(
    () => job.value?.status,
    (now, before) => {
      if (before !== undefined && now !== before) void reload();
    },
  );
  const stop = api.subscribe('job.detail', (push) => {
    if (push.id !== id.value) return;
    if (push.history.length > 0) history.value = [...history.value, ...push.history];
    if (push.log.length > 0) log.value = [...log.value, ...push.log];
  });
  onScopeDispose(() => {
    turn += 1;
    stop();
  });
  return { job, detail, history, log, error, reload };
}
