import { computed, onScopeDispose, watch, type ComputedRef, type Ref } from 'vue';
import type { PartScores } from '../../../contract/types';
import { checkContract } from '../../../core/budget/check';
import type { ContractMap, ContractState, EventContract } from '../../../core/budget/contract';
import { partJudge } from '../../../core/budget/judged';
import type { Interval } from '../../../core/labels/interval';
import type { Label } from '../../../core/labels/label';
import type { ThresholdChoice } from '../../../core/thresholds/threshold';
import { useAsync } from '../../composables/useAsync';
import { api } from '../../host/api';
import { useLabelsStore } from '../../stores/labels';
import { useRunStore } from '../../stores/run';
import { ruleFor, scoredRows } from './consequences';
import { contractBody, knobBody, ruleBody } from './draft';

export interface ContractInput {
  readonly draft: Ref<ThresholdChoice | null>;
  readonly part: ComputedRef<PartScores | null>;
  readonly labels: ComputedRef<readonly Label[]>;
  /** Events under the draft, found already. */
  readonly events: ComputedRef<readonly Interval[] | null>;
}

/** A word that is being typed does not start a search at each letter. */
const settleMs = 200;

/** How the contract of the draft stands at every moment, and the map of the settings that keep it. */
export function useContract({ draft, part, labels, events }: ContractInput) {
  const runs = useRunStore();
  const labelStore = useLabelsStore();
  const contract = computed(() => draft.value?.contract ?? null);
  const name = (id: string): string => labelStore.names.get(id) ?? '';

  // What the rule does not change is computed once; the rest with every frame, by the code that checks the kept contract later.
  const judge = computed(() => {
    if (!part.value || !contract.value) return null;
    const rows = scoredRows(part.value);
    const mode = rows.modes ? contract.value.mode : null;
    return partJudge({ rows, labels: labels.value, part: 'calibration', mode });
  });
  const state = computed<ContractState | null>(() => {
    if (!judge.value || !draft.value || !contract.value || !part.value || !events.value) return null;
    const judged = judge.value.judge(ruleFor(part.value, draft.value), events.value);
    return checkContract(contract.value, judged, labelStore.names);
  });

  /** Labels that the contract names and that are no more. */
  const gone = computed(() => {
    const must = contract.value?.mustCatch ?? 'all';
    return must === 'all' ? [] : must.filter((id) => !labels.value.some((label) => label.id === id));
  });

  const map = useAsync<ContractMap, [string, ThresholdChoice, EventContract]>((runId, rule, promised) => {
    const { modes } = ruleBody(rule);
    return api.call('calibration.contract', {
      runId,
      contract: contractBody(promised),
      ...knobBody(rule),
      ...(modes ? { modes } : {}),
    });
  });
  // Threshold and minimum duration are the axes of the map: they do not change it.
  const mapKey = computed(() => {
    if (!draft.value?.contract || !part.value || !runs.run || !labelStore.set) return '';
    const rule = ruleBody({ ...draft.value, value: 0, minDurationMs: 0 });
    return JSON.stringify([runs.run.id, rule, draft.value.contract, labelStore.set.revision]);
  });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  function readMap(): void {
    if (mapKey.value && draft.value && contract.value && runs.run) void map.run(runs.run.id, draft.value, contract.value);
  }
  watch(
    mapKey,
    (now) => {
      clearTimeout(waiting);
      if (!now) {
        map.value.value = null;
        map.error.value = null;
      } else waiting = setTimeout(readMap, map.value.value ? settleMs : 0);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(waiting));

  return { contract, state, gone, map, readMap, name };
}

export type ContractView = ReturnType<typeof useContract>;
