import { watch, type Ref } from 'vue';
import type { RefereeReport } from '../../../core/referee/report';
import { useAsync, type Async } from '../../composables/useAsync';
import { api } from '../../host/api';

/**
 * The referee's word on a run. Asked anew when the run, its threshold or its labels change; `key` says so as text, and is '' while
 * there is nothing to ask.
 */
export function useReferee(runId: Ref<string | null>, key: Ref<string>): Async<RefereeReport, []> {
  const report = useAsync(async () => {
    if (runId.value === null) throw new Error('no run to judge');
    return api.call('run.referee', { runId: runId.value });
  });
  watch(
    key,
    (now, before) => {
      // What was said about another run or threshold must not stand beside this one.
      if (now !== before) report.value.value = null;
      if (now !== '') void report.run();
    },
    { immediate: true },
  );
  return report;
}
