import { computed, ref, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { FaultlineError } from '../../../core/errors';
import { useStarting } from '../../composables/useStarting';
import { api } from '../../host/api';
import type { Draft } from '../../stores/models';
import { useProjectStore } from '../../stores/project';
import { longStart } from './cost-words';
import { seedsFrom } from './repeats';
import { planParams, type Plans } from './usePlans';

export interface Start {
  /** 'measuring' and 'asking': it was pressed, and waits for the cost or for an answer. */
  readonly phase: ComputedRef<'idle' | 'measuring' | 'asking' | 'starting'>;
  /** Whether it cannot be pressed. */
  readonly blocked: ComputedRef<boolean>;
  /** What is asked about in phase 'asking': "about 2 h 54 min: …". */
  readonly cost: ComputedRef<string>;
  readonly error: ShallowRef<FaultlineError | null>;
  press(): void;
  withdraw(): void;
  /** Starts now, whatever it costs. */
  now(): Promise<void>;
}

/**
 * Start of all trainings of a draft, which leads to the first of them. It waits until their cost is known, and asks first where that is
 * long; a changed plan is to be pressed anew.
 */
export function useStart(draft: Ref<Draft | null>, repeats: Ref<number>, { plans, planning, measuring }: Plans): Start {
  const project = useProjectStore();
  const { starting, error, start } = useStarting();
  const pressed = ref(false);

  const chosen = computed(() => draft.value?.chosen ?? []);
  const blocked = computed(
    () =>
      (project.state?.readOnly ?? false) ||
      planning.value ||
      starting.value ||
      chosen.value.length === 0 ||
      chosen.value.some((id) => plans.value.get(id)?.error),
  );
  const cost = computed(() =>
    longStart(
      chosen.value.flatMap((id) => plans.value.get(id)?.estimate ?? []),
      repeats.value,
    ),
  );

  async function now(): Promise<void> {
    const plan = draft.value;
    if (!plan || blocked.value) return;
    pressed.value = false;
    await start(async () => {
      const jobIds: string[] = [];
      for (const id of plan.chosen) {
        for (const seed of seedsFrom(plan.seed, repeats.value)) {
          jobIds.push((await api.call('training.start', { ...planParams(plan, id), seed })).jobId);
        }
      }
      return { path: '/train', query: { job: jobIds[0] } };
    });
  }

  watch([draft, repeats, blocked], () => (pressed.value = false));
  watch([pressed, measuring], () => {
    if (pressed.value && !measuring.value && cost.value === '') void now();
  });
  return {
    phase: computed(() => {
      if (starting.value) return 'starting';
      if (!pressed.value) return 'idle';
      return measuring.value ? 'measuring' : 'asking';
    }),
    blocked,
    cost,
    error,
    press: () => {
      pressed.value = !blocked.value;
    },
    withdraw: () => {
      pressed.value = false;
    },
    now,
  };
}
