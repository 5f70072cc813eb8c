import type { Params } from '../../../contract/methods';
import type { RunSummary } from '../../../contract/types';
import type { Objective, ThresholdChoice } from '../../../core/thresholds/threshold';

/** A rule that can be applied to other runs: an objective with its knobs. */
export interface SharedRule {
  readonly objective: Objective;
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
  /** "as for Robust z", or "by the best F1". */
  readonly words: string;
}

/** Numbers set by hand, carried over, or made for one contract are no rule for another run. */
const ownOnly: readonly Objective['kind'][] = ['manual', 'carried', 'contract'];

/** The rule of the newest run of the dataset that has one; else the best F1, as nothing else was asked for. */
export function sharedRule(runs: readonly RunSummary[], datasetId: string): SharedRule {
  const like = runs
    .filter((r) => r.datasetId === datasetId && r.threshold && !ownOnly.includes(r.threshold.objective.kind))
    .sort((a, b) => b.createdAt - a.createdAt)[0];
  return like?.threshold
    ? {
        objective: like.threshold.objective,
        minDurationMs: like.threshold.minDurationMs,
        mergeGapMs: like.threshold.mergeGapMs,
        words: `by the rule of “${like.title}”`,
      }
    : { objective: { kind: 'f1' }, minDurationMs: 0, mergeGapMs: 0, words: 'by the best F1' };
}

/** What `calibration.save` takes of a suggested threshold. */
export function keepParams(runId: string, choice: ThresholdChoice): Params<'calibration.save'> {
  const { value, objective, minDurationMs, mergeGapMs, hysteresis, deadTimeMs, modes, from, achieved } = choice;
  return JSON.parse(
    JSON.stringify({ runId, value, objective, minDurationMs, mergeGapMs, hysteresis, deadTimeMs, modes, from, achieved }),
  ) as Params<'calibration.save'>;
}
