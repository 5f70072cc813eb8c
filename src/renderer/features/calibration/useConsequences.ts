import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import type { PartScores } from '../../../contract/types';
import type { Label } from '../../../core/labels/label';
import { normalDays } from '../../../core/metrics/days';
import { rowKinds, rowKindsOf } from '../../../core/thresholds/rows';
import { quantileOf } from '../../../core/thresholds/tail';
import type { ThresholdChoice } from '../../../core/thresholds/threshold';
import { highestOf, scoreAxis } from '../../charts/score-axis';
import { judgeOf, ruleFor, tradeOff } from './consequences';
import { sampleCounter, sampleCurve } from './curves';

export interface ConsequenceInput {
  readonly part: ComputedRef<PartScores | null>;
  readonly labels: ComputedRef<readonly Label[]>;
  readonly draft: Ref<ThresholdChoice | null>;
  readonly kept: ComputedRef<ThresholdChoice | null>;
  /** Mode whose false events and days the contract counts; null: all time. */
  readonly mode: ComputedRef<number | null>;
}

/** What the draft means on the calibration part; everything that the rule does not change is computed once for each set of rows. */
export function useConsequences({ part, labels, draft, kept, mode }: ConsequenceInput) {
  const judge = computed(() => (part.value ? judgeOf(part.value, labels.value, mode.value) : null));
  const result = computed(() => (judge.value && draft.value ? judge.value.of(draft.value) : null));
  const counter = computed(() => (part.value ? sampleCounter(part.value, labels.value) : null));
  const samples = computed(() => (counter.value && draft.value ? counter.value(ruleFor(part.value!, draft.value)) : null));
  const curve = computed(() => (part.value ? sampleCurve(part.value, labels.value) : []));

  // The axis must not move while the threshold is dragged: it follows the one that was kept or proposed.
  const anchor = ref<number | null>(null);
  watch(
    draft,
    (next) => {
      if (next && (next.objective.kind !== 'manual' || anchor.value === null)) anchor.value = next.value;
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

  // Follows the other knobs, not the threshold: dragging it must not compute sixty others. Without thresholds of modes, since a price
  // has one threshold on its axis.
  const otherKnobs = computed(() => {
    if (!draft.value) return '';
    const { minDurationMs, mergeGapMs, hysteresis, deadTimeMs, suppress } = draft.value;
    return JSON.stringify({ minDurationMs, mergeGapMs, hysteresis, deadTimeMs, suppress });
  });
  const price = computed(() => {
    if (!part.value || !judge.value || !otherKnobs.value) return [];
    const steps = Math.max(12, Math.min(60, Math.floor(6e6 / Math.max(1, part.value.score.length))));
    const knobs = JSON.parse(otherKnobs.value) as Omit<ThresholdChoice, 'value'>;
    return tradeOff(judge.value, { ...knobs, value: 0 }, high.value, steps);
  });

  /** Days with scores, normal or not: what an operator sees events of. */
  const scoredDays = computed(() => {
    if (!part.value) return 0;
    const { timestamps, score } = part.value;
    const kinds = rowKindsOf(timestamps, score, labels.value);
    return normalDays(
      timestamps,
      kinds.map((kind) => (kind === rowKinds.left ? kind : rowKinds.normal)),
    );
  });

  return { result, scoredDays, samples, curve, price, axis, high };
}
