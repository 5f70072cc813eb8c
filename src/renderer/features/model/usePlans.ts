import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { Params } from '../../../contract/methods';
import type { CostEstimate, TrainingPlan } from '../../../contract/types';
import type { FaultlineError } from '../../../core/errors';
import { api } from '../../host/api';
import type { Draft } from '../../stores/models';
import { asFaultline } from '../../stores/ui';

/** What training one detector of a draft means. */
export interface PlanOf {
  readonly plan: TrainingPlan | null;
  readonly estimate: CostEstimate | null;
  readonly error: FaultlineError | null;
}
export interface Plans {
  /** By detector id. */
  readonly plans: ShallowRef<ReadonlyMap<string, PlanOf>>;
  readonly planning: Ref<boolean>;
  /** True while the timed probes run. */
  readonly measuring: Ref<boolean>;
}

const PLAN_DELAY_MS = 250;
const ESTIMATE_DELAY_MS = 900;

/** The part of a draft that a plan depends on. */
export function planParams(draft: Draft, detectorId: string): Params<'training.plan'> {
  return {
    datasetId: draft.datasetId,
    detectorId,
    params: { ...draft.params[detectorId] },
    split: { ...draft.split },
    preparation: { ...draft.preparation, channels: [...draft.preparation.channels] },
  };
}

/** Keeps the plans of all chosen detectors current; the estimates follow when nothing has changed for a moment. */
export function usePlans(draft: Ref<Draft | null>): Plans {
  const plans = shallowRef<ReadonlyMap<string, PlanOf>>(new Map());
  const planning = ref(false);
  const measuring = ref(false);
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const put = (id: string, change: Partial<PlanOf>): void => {
    const before = plans.value.get(id) ?? { plan: null, estimate: null, error: null };
    plans.value = new Map([...plans.value, [id, { ...before, ...change }]]);
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      timer = setTimeout(resolve, ms);
    });

  async function run(now: Draft, mine: number): Promise<void> {
    const current = (): boolean => mine === turn;
    await pause(PLAN_DELAY_MS);
    if (!current()) return;
    plans.value = new Map([...plans.value].filter(([id]) => now.chosen.includes(id)));
    for (const id of now.chosen) {
      try {
        const plan = await api.call('training.plan', planParams(now, id));
        if (!current()) return;
        put(id, { plan, error: null });
      } catch (error) {
        if (!current()) return;
        put(id, { plan: null, error: asFaultline(error) });
      }
    }
    planning.value = false;
    await pause(ESTIMATE_DELAY_MS);
    if (!current()) return;
    measuring.value = true;
    for (const id of now.chosen) {
      if (plans.value.get(id)?.error) continue;
      try {
        const estimate = await api.call('training.estimate', planParams(now, id));
        if (!current()) return;
        put(id, { estimate });
      } catch (error) {
        if (!current()) return;
        put(id, { error: asFaultline(error) });
      }
    }
    measuring.value = false;
  }

  /** Name and seed do not change a plan. */
  const relevant = (d: Draft | null): string => (d ? JSON.stringify(d.chosen.map((id) => planParams(d, id))) : '');
  watch(
    () => relevant(draft.value),
    () => {
      turn += 1;
      clearTimeout(timer);
      if (!draft.value) return;
      planning.value = true;
      measuring.value = false;
      plans.value = new Map([...plans.value].map(([id, p]) => [id, { ...p, estimate: null }]));
      void run(draft.value, turn);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });
  return { plans, planning, measuring };
}
