import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { api } from '../../host/api';
import type { Draft } from '../../stores/models';
import { asFaultline } from '../../stores/ui';
import { planParams } from '../model/usePlans';
import type { Check } from './queue-form';

export interface Checks {
  /** By detector id. */
  readonly checks: ShallowRef<ReadonlyMap<string, Check>>;
  /** True while the timed probes of the ticked ones run. */
  readonly measuring: Ref<boolean>;
}

const DELAY_MS = 300;

/**
 * Looks at each detector for the data of a draft: all of them without a probe, which says what cannot be trained, then those that are
 * ticked with one. What was asked once is not asked again until its settings, the parts or the tags change.
 *
 * @param ids - those to look at; a detector that this engine cannot train is not among them.
 */
export function useChecks(draft: Ref<Draft | null>, ids: Ref<readonly string[]>): Checks {
  const checks = shallowRef<ReadonlyMap<string, Check>>(new Map());
  const measuring = ref(false);
  const keys = new Map<string, string>();
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const put = (id: string, check: Check): void => void (checks.value = new Map([...checks.value, [id, check]]));

  async function look(now: Draft, mine: number): Promise<void> {
    const chosenFirst = [...ids.value].sort((a, b) => Number(now.chosen.includes(b)) - Number(now.chosen.includes(a)));
    for (const id of chosenFirst) {
      const key = JSON.stringify(planParams(now, id));
      if (keys.get(id) === key) continue;
      const check = await answer(async () => ({ plan: await api.call('training.plan', planParams(now, id)), estimate: null }));
      if (mine !== turn) return;
      keys.set(id, key);
      put(id, check);
    }
    measuring.value = true;
    for (const id of now.chosen) {
      const { plan, estimate, error } = checks.value.get(id) ?? {};
      if (!plan || estimate || error) continue;
      const check = await answer(async () => ({ plan, estimate: await api.call('training.estimate', planParams(now, id)) }));
      if (mine !== turn) return;
      put(id, check);
    }
    measuring.value = false;
  }

  watch(
    () => [draft.value, ids.value] as const,
    () => {
      turn += 1;
      const mine = turn;
      measuring.value = false;
      clearTimeout(timer);
      const now = draft.value;
      if (now) timer = setTimeout(() => void look(now, mine), DELAY_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });
  return { checks, measuring };
}

async function answer(ask: () => Promise<Omit<Check, 'error'>>): Promise<Check> {
  try {
    return { ...(await ask()), error: null };
  } catch (error) {
    return { plan: null, estimate: null, error: asFaultline(error) };
  }
}
