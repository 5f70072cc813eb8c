import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { FaultlineError } from '../../core/errors';
import { asFaultline } from '../stores/ui';

/** A value that is asked for, with its loading and failed states. Only the answer to the last question counts. */
export interface Async<T, A extends unknown[]> {
  readonly value: ShallowRef<T | null>;
  readonly error: ShallowRef<FaultlineError | null>;
  readonly loading: Ref<boolean>;
  run(...args: A): Promise<void>;
}

/** Wraps a question to the host. The previous value stays until the next one is there, so that the layout does not jump. */
export function useAsync<T, A extends unknown[]>(ask: (...args: A) => Promise<T>): Async<T, A> {
  const value = shallowRef<T | null>(null);
  const error = shallowRef<FaultlineError | null>(null);
  const loading = ref(false);
  let turn = 0;
  return {
    value,
    error,
    loading,
    async run(...args) {
      turn += 1;
      const mine = turn;
      loading.value = true;
      try {
        const answer = await ask(...args);
        if (mine !== turn) return;
        value.value = answer;
        error.value = null;
      } catch (failure) {
        if (mine !== turn) return;
        error.value = asFaultline(failure);
      } finally {
        if (mine === turn) loading.value = false;
      }
    },
  };
}
