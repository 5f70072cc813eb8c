import { computed, ref, shallowRef, watch } from 'vue';
import type { PartScores } from '../../../contract/types';
import type { EventContract } from '../../../core/budget/contract';
import type { FaultlineError } from '../../../core/errors';
import { ofClass, overlaps } from '../../../core/labels/interval';
import type { SearchKnob } from '../../../core/thresholds/suggest';
import { usualMergeGapMs } from '../../../core/thresholds/usual-merge-gap';
import type { ModeRule, Objective, ThresholdChoice, ThresholdRule } from '../../../core/thresholds/threshold';
import { useAsync } from '../../composables/useAsync';
import { api } from '../../host/api';
import { useLabelsStore } from '../../stores/labels';
import { useProjectStore } from '../../stores/project';
import { useRunStore } from '../../stores/run';
import { asFaultline, useUiStore } from '../../stores/ui';
import { contractBody, knobBody, ruleBody, sameChoice, saveBody, withContract, withRule, withoutMode } from './draft';
import { useConsequences } from './useConsequences';
import { useContract } from './useContract';

/** The draft of a threshold and what it means on the calibration part, recomputed with every change. Nothing is stored before `keep`. */
export function useCalibration() {
  const project = useProjectStore();
  const runs = useRunStore();
  const labelStore = useLabelsStore();
  const ui = useUiStore();

  const draft = shallowRef<ThresholdChoice | null>(null);
  const busy = ref<'' | 'suggest' | 'keep'>('');
  const error = shallowRef<FaultlineError | null>(null);

  const kept = computed(() => runs.run?.threshold ?? null);
  const changed = computed(() => draft.value !== null && (kept.value === null || !sameChoice(draft.value, kept.value)));

  // Modes and shares of tags come with the scores, for the rules of the draft alone.
  const scores = useAsync<PartScores, [string, ModeRule | null, readonly string[]]>((runId, modes, shares) =>
    api.call('calibration.scores', {
      runId,
      part: 'calibration',
      ...(modes ? { modes: { channel: modes.channel, edges: [...modes.edges] } } : {}),
      ...(shares.length ? { shares: [...shares] } : {}),
    }),
  );
  const needs = computed(() => {
    const { modes, suppress = [] } = draft.value ?? {};
    return JSON.stringify({
      modes: modes ? { channel: modes.channel, edges: modes.edges } : null,
      shares: [...new Set(suppress.map((rule) => rule.channel))].sort(),
    });
  });
  function readScores(): void {
    const { modes, shares } = JSON.parse(needs.value) as { modes: ModeRule | null; shares: string[] };
    if (runs.run) void scores.run(runs.run.id, modes, shares);
  }

  const part = computed(() => scores.value.value);
  const labels = computed(() => labelStore.labels);
  const labelled = computed(() =>
    ofClass(labels.value, 'anomaly').filter((l) => part.value !== null && overlaps(l, part.value.range)),
  );
  const contractMode = computed(() => draft.value?.contract?.mode ?? null);
  const consequences = useConsequences({ part, labels, draft, kept, mode: contractMode });
  const contract = useContract({ draft, part, labels, events: computed(() => consequences.result.value?.events ?? null) });

  /** Asks for the threshold (and the knobs in `search`) that an objective gives; the contract stays with the draft. */
  async function suggest(objective: Objective, search: readonly SearchKnob[] = []): Promise<void> {
    const runId = runs.run?.id;
    const model = runs.model;
    if (!runId || !model) return;
    busy.value = 'suggest';
    const before = draft.value;
    try {
      const { modes, suppress } = before ? ruleBody(before) : {};
      const stepMs = model.preparation.resampleMs || project.dataset?.stepMs || 0;
      const found = await api.call('calibration.suggest', {
        runId,
        objective,
        ...(before ? knobBody(before) : { minDurationMs: 0, mergeGapMs: usualMergeGapMs(model.params, stepMs) }),
        ...(modes ? { modes: { channel: modes.channel, edges: modes.edges } } : {}),
        ...(before?.contract ? { contract: contractBody(before.contract) } : {}),
        ...(search.length ? { search: [...search] } : {}),
      });
      if (runs.run?.id !== runId) return;
      if (objective.kind !== 'contract') asked.value = objective;
      draft.value = { ...found, suppress, contract: before?.contract };
      error.value = null;
    } catch (failure) {
      error.value = asFaultline(failure);
    } finally {
      busy.value = '';
    }
  }

  /** What was asked for last: a knob turned by hand since does not forget it. */
  const asked = shallowRef<Objective | null>(null);
  /** A threshold for each mode, by the objective that chose the pooled one; a contract is of all modes together and gives none. */
  function suggestModes(): Promise<void> {
    const own = draft.value?.objective;
    const chosen = own && !['manual', 'carried', 'contract'].includes(own.kind);
    return suggest(chosen ? own : (asked.value ?? usualObjective()));
  }
  const usualObjective = (): Objective => (labelled.value.length ? { kind: 'f1' } : { kind: 'quantile', q: 0.999 });

  async function save(choice: ThresholdChoice, runId: string): Promise<void> {
    await api.call('calibration.save', saveBody(choice, runId));
    await project.load();
  }
  /** Stores the whole draft as the choice of the run; what was kept before, contract and all, can be brought back by undo. */
  async function keep(): Promise<void> {
    const runId = runs.run?.id;
    const next = draft.value;
    const before = kept.value;
    if (!runId || !next || !changed.value || busy.value !== '') return;
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

  function set(change: Partial<ThresholdRule>): void {
    if (!draft.value) return;
    const next = withRule(draft.value, change);
    draft.value =
      'modes' in change ? { ...next, contract: withoutMode(next.contract, (change.modes?.edges.length ?? -1) + 1) } : next;
  }
  function promise(next: EventContract | null): void {
    // What a search could not do says nothing of the new promise.
    error.value = null;
    if (draft.value) draft.value = withContract(draft.value, next);
  }
  function reset(): void {
    draft.value = kept.value;
  }

  watch(
    () => runs.run?.id,
    () => {
      draft.value = kept.value;
      asked.value = null;
      scores.value.value = null;
      error.value = null;
      readScores();
    },
    { immediate: true },
  );
  watch(needs, readScores);
  // Undo and redo change the kept threshold from outside.
  watch(kept, (now, before) => {
    if (now && before && now.id !== before.id) draft.value = now;
  });
  // Without a kept threshold the page begins with a proposal: by labels where there are any, else by a quantile of normal scores.
  watch([part, () => labelStore.set], () => {
    if (part.value && labelStore.set && !draft.value && busy.value === '' && !error.value) {
      void suggest(usualObjective());
    }
  });

  return {
    scores,
    readScores,
    part,
    draft,
    kept,
    changed,
    labels,
    labelled,
    busy,
    error,
    suggest,
    suggestModes,
    keep,
    set,
    promise,
    reset,
    contract,
    ...consequences,
  };
}

export type Calibration = ReturnType<typeof useCalibration>;
