import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { FaultlineError } from '../../core/errors';
import type { TimeRange } from '../../core/series/series';
import { asFaultline } from '../stores/ui';
import { fetchPlan, needsFetch } from './fetch-plan';

/** Decimated data around what is shown: read again when the view leaves it or needs a finer one. */
export interface WindowData<T> {
  /** The latest answer; stays while the next one is on its way, so that a zoom moves at once. Null before the first. */
  readonly value: ShallowRef<T | null>;
  readonly loading: Ref<boolean>;
  readonly error: ShallowRef<FaultlineError | null>;
  reload(): void;
}

/** Rest of the pointer before data are asked for again; wheel and drag come in bursts. */
const debounceMs = 50;

/**
 * @param range - shown range.
 * @param pixels - width of the plot; one bucket a pixel column.
 * @param subject - what is asked for (dataset, tags, run); null asks for nothing. A change asks at once.
 * @param ask - gets a range wider than the shown one, so that panning finds data, and the number of buckets for it.
 */
export function useWindow<T extends { readonly range: TimeRange }, S>(
  range: Ref<TimeRange>,
  pixels: Ref<number>,
  subject: Ref<S | null>,
  ask: (subject: S, range: TimeRange, buckets: number) => Promise<T>,
): WindowData<T> {
  const value = shallowRef(null) as ShallowRef<T | null>;
  const loading = ref(false);
  const error = shallowRef<FaultlineError | null>(null);
  let planned: ReturnType<typeof fetchPlan> | null = null;
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function fetchNow(): Promise<void> {
    clearTimeout(timer);
    const mine = ++turn;
    const wanted = subject.value;
    if (wanted === null || pixels.value < 20) return;
    planned = fetchPlan(range.value, pixels.value);
    loading.value = true;
    try {
      const answer = await ask(wanted, planned.range, planned.buckets);
      if (mine !== turn) return;
      value.value = answer;
      error.value = null;
    } catch (failure) {
      if (mine !== turn) return;
      planned = null;
      error.value = asFaultline(failure);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  watch(
    subject,
    (now, before) => {
      if (JSON.stringify(now) === JSON.stringify(before) && value.value) return;
      if (now === null) value.value = null;
      void fetchNow();
    },
    { immediate: true },
  );
  watch([range, pixels], () => {
    if (planned && !needsFetch(planned, range.value, pixels.value)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void fetchNow(), debounceMs);
  });
  onScopeDispose(() => {
    turn++;
    clearTimeout(timer);
  });
  return { value, loading, error, reload: () => void fetchNow() };
}
