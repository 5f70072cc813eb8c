import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { DetectorDescription, TrainingProposal } from '../../contract/types';
import type { ParamSpecs, ParamValue, ParamValues } from '../../core/detectors/params';
import type { PreparationChoices, Split } from '../../core/prepare/prepared';
import { api } from '../host/api';

/** The plan the user is making for one dataset: which detectors, with which parameters, on which parts. */
export interface Draft {
  readonly datasetId: string;
  readonly chosen: readonly string[];
  readonly params: Readonly<Record<string, ParamValues>>;
  readonly split: Split;
  readonly preparation: PreparationChoices;
  readonly seed: number;
}

/** The values a detector starts from: its defaults, and over them what was proposed for the data. */
export function startParams(specs: ParamSpecs, proposed: ParamValues | undefined): ParamValues {
  return { ...Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default])), ...proposed };
}

/** Detectors there are, and the draft of the model wizard. It stays while the user visits other pages. */
export const useModelsStore = defineStore('models', () => {
  const detectors = shallowRef<readonly DetectorDescription[]>([]);
  const proposal = shallowRef<TrainingProposal | null>(null);
  const draft = shallowRef<Draft | null>(null);
  const focused = ref<string | null>(null);

  const detector = computed(() => detectors.value.find((d) => d.id === focused.value) ?? null);
  const chosen = computed(() => detectors.value.filter((d) => draft.value?.chosen.includes(d.id)));

  /** Reads the detectors and the proposal for a dataset; a draft for the same dataset is kept. */
  async function load(datasetId: string): Promise<void> {
    const [all, proposed] = await Promise.all([api.call('detector.list', {}), api.call('training.propose', { datasetId })]);
    detectors.value = all;
    proposal.value = proposed;
    if (draft.value?.datasetId === datasetId) return;
    const usable = proposed.detectors.filter((p) => all.some((d) => d.id === p.id && d.trainable));
    const first = usable.find((p) => p.recommended) ?? usable[0];
    draft.value = {
      datasetId,
      chosen: first ? [first.id] : [],
      params: Object.fromEntries(
        all.map((d) => [d.id, startParams(d.params, proposed.detectors.find((p) => p.id === d.id)?.params)]),
      ),
      split: proposed.split,
      preparation: proposed.preparation,
      seed: 1,
    };
    focused.value = first?.id ?? all[0]?.id ?? null;
  }

  function change(words: Partial<Draft>): void {
    if (draft.value) draft.value = { ...draft.value, ...words };
  }
  function toggle(id: string): void {
    const now = draft.value;
    if (!now) return;
    change({ chosen: now.chosen.includes(id) ? now.chosen.filter((c) => c !== id) : [...now.chosen, id] });
  }
  function setParams(id: string, values: ParamValues): void {
    const now = draft.value;
    if (now) change({ params: { ...now.params, [id]: values } });
  }
  function setParam(id: string, name: string, value: ParamValue): void {
    setParams(id, { ...draft.value?.params[id], [name]: value });
  }
  function resetParams(id: string): void {
    const info = detectors.value.find((d) => d.id === id);
    const proposed = proposal.value?.detectors.find((p) => p.id === id)?.params;
    if (info) setParams(id, startParams(info.params, proposed));
  }
  /** Forgets the draft, so that the next visit starts from the proposal. */
  function startOver(): void {
    draft.value = null;
  }

  return {
    detectors,
    proposal,
    draft,
    focused,
    detector,
    chosen,
    load,
    change,
    toggle,
    setParam,
    setParams,
    resetParams,
    startOver,
  };
});
