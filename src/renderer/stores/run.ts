import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { EventInfo, ReviewState, RunResult } from '../../contract/types';
import { isFaultline, type FaultlineError } from '../../core/errors';
import { api } from '../host/api';
import { useProjectStore } from './project';
import { asFaultline, useUiStore } from './ui';

/** The run that calibration, review and report work on, with its kept result. */
export const useRunStore = defineStore('run', () => {
  const project = useProjectStore();
  const ui = useUiStore();
  const chosenId = ref<string | null>(null);
  const result = shallowRef<RunResult | null>(null);
  const error = shallowRef<FaultlineError | null>(null);
  const loading = ref(false);
  const selectedEventId = ref<string | null>(null);

  /** Runs of the shown dataset, the newest last. */
  const runs = computed(() => (project.state?.runs ?? []).filter((r) => r.datasetId === project.dataset?.id));
  const run = computed(() => runs.value.find((r) => r.id === chosenId.value) ?? runs.value.at(-1) ?? null);
  const model = computed(() => project.state?.models.find((m) => m.id === run.value?.modelId) ?? null);
  const events = computed<readonly EventInfo[]>(() => result.value?.events ?? []);
  const selectedEvent = computed(() => events.value.find((e) => e.id === selectedEventId.value) ?? null);
  /** True when the run has scores but no threshold was kept. */
  const uncalibrated = computed(() => run.value !== null && run.value.threshold === null);

  let turn = 0;
  /** Reads the result of the run; there is none before a threshold was kept. */
  async function load(): Promise<void> {
    const mine = ++turn;
    const id = run.value?.id;
    if (!id || uncalibrated.value) {
      result.value = null;
      error.value = null;
      return;
    }
    loading.value = true;
    try {
      const answer = await api.call('run.result', { runId: id });
      if (mine !== turn) return;
      result.value = answer;
      error.value = null;
    } catch (failure) {
      if (mine !== turn) return;
      result.value = null;
      error.value = isFaultline(failure, 'threshold/no-scores') ? null : asFaultline(failure);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  // What the result depends on, as text: another run, another threshold, other labels.
  const dependsOn = computed(() =>
    run.value ? [run.value.id, run.value.threshold?.id ?? '', project.dataset?.labelRevision ?? 0].join(' ') : '',
  );
  watch(
    dependsOn,
    (now, before) => {
      if (now.split(' ')[0] !== (before ?? '').split(' ')[0]) {
        result.value = null;
        selectedEventId.value = null;
      }
      void load();
    },
    { immediate: true },
  );

  async function setReview(id: string, state: ReviewState, comment: string): Promise<void> {
    const changed = await api.call('event.review', { id, state, comment });
    if (result.value) result.value = { ...result.value, events: result.value.events.map((e) => (e.id === id ? changed : e)) };
  }

  /** Changes the verdict on events as one undoable act. */
  async function review(ids: readonly string[], state: ReviewState, title: string, comment?: string): Promise<void> {
    const before = events.value.filter((e) => ids.includes(e.id));
    const after = before.map((e) => ({ id: e.id, state, comment: comment ?? e.comment }));
    const forward = async (): Promise<void> => {
      for (const e of after) await setReview(e.id, e.state, e.comment);
    };
    try {
      await forward();
    } catch (failure) {
      ui.fail(failure);
      await load();
      return;
    }
    ui.registerUndo({
      title,
      undo: async () => {
        for (const e of before) await setReview(e.id, e.review, e.comment);
      },
      redo: forward,
    });
  }

  return { chosenId, runs, run, model, result, error, loading, events, selectedEventId, selectedEvent, uncalibrated, load, review };
});
