import { computed, ref, shallowRef, watch } from 'vue';
import type { PartScores } from '../../../contract/types';
import type { FaultlineError } from '../../../core/errors';
import { ofClass, overlaps } from '../../../core/labels/interval';
import { quantileOf } from '../../../core/thresholds/tail';
import type { Objective, ThresholdChoice } from '../../../core/thresholds/threshold';
import { highestOf, scoreAxis } from '../../charts/score-axis';
import { useAsync } from '../../composables/useAsync';
import { api } from '../../host/api';
import { useLabelsStore } from '../../stores/labels';
import { useProjectStore } from '../../stores/project';
import { useRunStore } from '../../stores/run';
import { asFaultline, useUiStore } from '../../stores/ui';
import { judgeOf, precisionRecall, tradeOff } from './consequences';

const byHand = 'set by hand on the calibration part';

/** The draft of a threshold and what it means on the calibration part, recomputed with every change. Nothing is stored before `keep`. */
export function useCalibration() {
  const project = useProjectStore();
  const runs = useRunStore();
  const labelStore = useLabelsStore();
  const ui = useUiStore();

  const scores = useAsync<PartScores, [string]>((runId) => api.call('calibration.scores', { runId, part: 'calibration' }));
  const draft = shallowRef<ThresholdChoice | null>(null);
  const busy = ref<'' | 'suggest' | 'keep'>('');
  const error = shallowRef<FaultlineError | null>(null);
  const took = ref(0);

  const kept = computed(() => runs.run?.threshold ?? null);
  const labels = computed(() => labelStore.labels);
  const part = computed(() => scores.value.value);
  const labelled = computed(() =>
    ofClass(labels.value, 'anomaly').filter((l) => part.value !== null && overlaps(l, part.value.range)),
  );
  const changed = computed(
    () =>
      draft.value !== null &&
      (kept.value === null ||
        draft.value.value !== kept.value.value ||
        draft.value.minDurationMs !== kept.value.minDurationMs ||
        draft.value.mergeGapMs !== kept.value.mergeGapMs),
  );

  /** One event for what one window sees: the detector's window where it has one. */
  const usualMergeMs = computed(() => {
    const samples = runs.model?.params['window'];
    return typeof samples === 'number' ? samples * (runs.model?.preparation.resampleMs || project.dataset?.stepMs || 0) : 0;
  });

  async function suggest(objective: Objective): Promise<void> {
    const runId = runs.run?.id;
    if (!runId) return;
    busy.value = 'suggest';
    try {
      const { minDurationMs, mergeGapMs } = draft.value ?? { minDurationMs: 0, mergeGapMs: usualMergeMs.value };
      draft.value = await api.call('calibration.suggest', { runId, objective, minDurationMs, mergeGapMs });
      error.value = null;
    } catch (failure) {
      error.value = asFaultline(failure);
    } finally {
      busy.value = '';
    }
  }

  async function save(
    { value, objective, minDurationMs, mergeGapMs, from, achieved }: ThresholdChoice,
    runId: string,
  ): Promise<void> {
    await api.call('calibration.save', { runId, value, objective, minDurationMs, mergeGapMs, from, achieved });
    await project.load();
  }
  /** Stores the draft as the threshold of the run; what was kept before can be brought back by undo. */
  async function keep(): Promise<void> {
    const runId = runs.run?.id;
    const next = draft.value;
    const before = kept.value;
    if (!runId || !next) return;
    busy.value = 'keep';
    try {
      await save(next, runId);
      error.value = null;
      if (before) ui.registerUndo({ title: 'keep threshold', undo: () => save(before, runId), redo: () => save(next, runId) });
    } catch (failure) {
      error.value = asFaultline(failure);
    } finally {
      busy.value = '';
    }
  }

  function set(change: Partial<Pick<ThresholdChoice, 'value' | 'minDurationMs' | 'mergeGapMs'>>): void {
    if (draft.value) draft.value = { ...draft.value, ...change, objective: { kind: 'manual' }, from: byHand, achieved: null };
  }
  function reset(): void {
    draft.value = kept.value;
  }

  watch(
    () => runs.run?.id,
    (id) => {
      draft.value = kept.value;
      scores.value.value = null;
      if (id) void scores.run(id);
    },
    { immediate: true },
  );
  // Undo and redo change the kept threshold from outside.
  watch(kept, (now, before) => {
    if (now && before && now.id !== before.id) draft.value = now;
  });
  // Without a kept threshold the page begins with a proposal: by labels where there are any, else by a quantile of normal scores.
  watch([part, () => labelStore.set], () => {
    if (part.value && labelStore.set && !draft.value && busy.value === '') {
      void suggest(labelled.value.length ? { kind: 'f1' } : { kind: 'quantile', q: 0.999 });
    }
  });

  const judge = computed(() => (part.value ? judgeOf(part.value, labels.value) : null));
  const result = computed(() => {
    if (!judge.value || !draft.value) return null;
    const began = performance.now();
    const found = judge.value.of(draft.value);
    took.value = performance.now() - began;
    return found;
  });
  const curve = computed(() => (part.value ? precisionRecall(part.value, labels.value) : []));
  // The axis must not move while the threshold is dragged: it follows the one that was kept or proposed.
  const anchor = ref<number | null>(null);
  watch(
    draft,
    (next) => {
      if (next && next.objective.kind !== 'manual') anchor.value = next.value;
      else if (next && anchor.value === null) anchor.value = next.value;
    },
    { immediate: true },
  );
  const usual = computed(() => {
    const scored = (part.value?.score ?? new Float32Array()).filter((v) => !Number.isNaN(v)).sort();
    return scored.length ? quantileOf(scored, 0.995) : 0;
  });
  // A third of what nearly all scores stay below stands in for a very low threshold, which would cut off everything worth seeing.
  const axis = computed(() =>
    scoreAxis(
      highestOf(part.value?.score),
      anchor.value === null ? null : Math.max(anchor.value, kept.value?.value ?? 0, usual.value / 3),
    ),
  );
  const high = computed(() => axis.value.high);
  // Follows the other knobs, not the threshold: dragging it must not compute sixty others.
  const knobs = computed(() => (draft.value ? `${draft.value.minDurationMs} ${draft.value.mergeGapMs}` : ''));
  const price = computed(() => {
    const [minDurationMs, mergeGapMs] = knobs.value.split(' ').map(Number);
    if (!part.value || !judge.value || minDurationMs === undefined || mergeGapMs === undefined) return [];
    const steps = Math.max(12, Math.min(60, Math.floor(6e6 / Math.max(1, part.value.score.length))));
    return tradeOff(judge.value, { value: 0, minDurationMs, mergeGapMs }, high.value, steps);
  });

  return {
    scores,
    part,
    draft,
    kept,
    changed,
    labels,
    labelled,
    result,
    curve,
    price,
    axis,
    high,
    busy,
    error,
    took,
    suggest,
    keep,
    set,
    reset,
  };
}

export type Calibration = ReturnType<typeof useCalibration>;
