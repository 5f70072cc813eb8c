import { computed, ref, type ComputedRef, type Ref } from 'vue';
import { useRouter } from 'vue-router';
import type { Comparison } from '../../../core/compare/comparison';
import { useCompareStore } from '../../stores/compare';
import { useProjectStore } from '../../stores/project';
import { useRunStore } from '../../stores/run';

export interface Combining {
  /** The dialog is open. */
  readonly open: Ref<boolean>;
  /** Runs of this project that an ensemble can be made of. */
  readonly runs: ComputedRef<readonly { readonly id: string; readonly letter: string; readonly title: string }[]>;
  /** Goes on with a new ensemble: to its threshold, or into the comparison when it has one. */
  made(runId: string): Promise<void>;
}

/** Ensembles of the compared runs. */
export function useCombining(table: ComputedRef<Comparison | null>): Combining {
  const compare = useCompareStore();
  const project = useProjectStore();
  const chosen = useRunStore();
  const router = useRouter();
  const open = ref(false);
  const runs = computed(() =>
    (table.value?.rows ?? []).flatMap((row) =>
      row.runIds
        .filter((id) => compare.members.some((m) => m.runId === id && m.projectId === null))
        .map((id) => ({ id, letter: row.letter, title: compare.titleOf({ projectId: null, runId: id }) ?? row.title })),
    ),
  );
  async function made(runId: string): Promise<void> {
    open.value = false;
    await project.load();
    const run = project.state?.runs.find((r) => r.id === runId);
    if (run?.threshold) {
      compare.add([{ projectId: null, runId }]);
      return;
    }
    if (run) project.datasetId = run.datasetId;
    chosen.chosenId = runId;
    await router.push('/calibrate');
  }
  return { open, runs, made };
}
