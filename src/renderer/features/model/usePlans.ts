import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import type { Params } from '../../../contract/methods';
import type { CostEstimate, TrainingPlan } from '../../../contract/types';
import type { FaultlineError } from '../../../core/errors';
import { api } from '../../host/api';
import type { Draft } from '../../stores/models';
import { asFaultline } from '../../stores/ui';

/** What training one detector of a draft means, as far as it is known. */
export interface PlanOf {
  readonly plan: TrainingPlan | null;
  readonly estimate: CostEstimate | null;
  /** Why it cannot be trained. */
  readonly error: FaultlineError | null;
}
export interface Plans {
  /** By detector id. The plan of what has been changed stays until the new one is there; an estimate does not. */
  readonly plans: ComputedRef<ReadonlyMap<string, PlanOf>>;
  /** Whether the plan of one that is chosen is still to come. */
  readonly planning: ComputedRef<boolean>;
  /** Whether the cost of one that is chosen is still to come. */
  readonly measuring: ComputedRef<boolean>;
}

const DELAY_MS = 300;

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

/**
 * Plans detectors for a draft, which says what cannot be trained; then measures what those cost that are chosen. What was asked once is not
 * asked again until its settings, the parts or the tags change.
 *
 * @param ids - those to plan; a detector that this engine cannot train is not among them.
 */
export function usePlans(draft: Ref<Draft | null>, ids: Ref<readonly string[]>): Plans {
  const known = shallowRef<ReadonlyMap<string, PlanOf & { readonly key: string }>>(new Map());
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const keyOf = (now: Draft, id: string): string => JSON.stringify(planParams(now, id));
  const isCurrent = (now: Draft | null, id: string): boolean => now !== null && known.value.get(id)?.key === keyOf(now, id);

  async function look(now: Draft): Promise<void> {
    turn += 1;
    const mine = turn;
    const learn = async (id: string, ask: () => Promise<Omit<PlanOf, 'error'>>): Promise<void> => {
      const answer = await ask().then(
        (found): PlanOf => ({ ...found, error: null }),
        (error: unknown): PlanOf => ({ plan: null, estimate: null, error: asFaultline(error) }),
      );
      if (mine === turn) known.value = new Map([...known.value, [id, { ...answer, key: keyOf(now, id) }]]);
    };
    for (const id of new Set([...now.chosen, ...ids.value])) {
      if (isCurrent(now, id)) continue;
      await learn(id, async () => ({ plan: await api.call('training.plan', planParams(now, id)), estimate: null }));
      if (mine !== turn) return;
    }
    for (const id of now.chosen) {
      const { plan, estimate } = known.value.get(id)!;
      if (!plan || estimate) continue;
      await learn(id, async () => ({ plan, estimate: await api.call('training.estimate', planParams(now, id)) }));
      if (mine !== turn) return;
    }
  }

  function stop(): void {
    turn += 1;
    clearTimeout(timer);
  }
  watch(
    [draft, ids],
    ([now]) => {
      stop();
      if (now) timer = setTimeout(() => void look(now), DELAY_MS);
    },
    { immediate: true },
  );
  onScopeDispose(stop);

  const chosen = computed(() => draft.value?.chosen ?? []);
  const plans = computed(
    () => new Map([...known.value].map(([id, plan]) => [id, isCurrent(draft.value, id) ? plan : { ...plan, estimate: null }])),
  );
  return {
    plans,
    planning: computed(() => chosen.value.some((id) => !isCurrent(draft.value, id))),
    measuring: computed(() => chosen.value.some((id) => !plans.value.get(id)?.error && !plans.value.get(id)?.estimate)),
  };
}
