import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useRouter, type RouteLocationRaw } from 'vue-router';
import type { FaultlineError } from '../../core/errors';
import { useJobsStore } from '../stores/jobs';
import { asFaultline } from '../stores/ui';

export interface Starting {
  readonly starting: Ref<boolean>;
  readonly error: ShallowRef<FaultlineError | null>;
  /** @param begin - starts jobs and gives the page that shows them, which is gone to; null: there is none. */
  start(begin: () => Promise<RouteLocationRaw | null>): Promise<void>;
}

/** Start of jobs from a form: once at a time, with its failure in the form. */
export function useStarting(): Starting {
  const jobs = useJobsStore();
  const router = useRouter();
  const starting = ref(false);
  const error = shallowRef<FaultlineError | null>(null);
  return {
    starting,
    error,
    async start(begin) {
      if (starting.value) return;
      starting.value = true;
      error.value = null;
      try {
        const page = await begin();
        await jobs.load();
        if (page) await router.push(page);
      } catch (failure) {
        error.value = asFaultline(failure);
      } finally {
        starting.value = false;
      }
    },
  };
}
