import type { DetectorDescription } from '../../../contract/types';
import type { ParamSpecs, ParamValues } from '../../../core/detectors/params';
import { presetOf } from '../model/presets';
import type { PlanOf } from '../model/usePlans';

/** What a detector learns from, by its parameters. */
export function familyOf(specs: ParamSpecs): 'network' | 'windows' | 'rows' {
  if (Object.values(specs).some((spec) => 'unit' in spec && spec.unit === 'steps')) return 'network';
  return Object.hasOwn(specs, 'window') ? 'windows' : 'rows';
}
export const familyWords = {
  network: 'network, learns in steps',
  windows: 'statistic of windows',
  rows: 'statistic of rows',
} as const;

/** "balanced", "fast", "paper"; "own" after a change by hand; "proposed" where there are no presets. */
export function settingsWord(detector: Pick<DetectorDescription, 'presets'>, start: ParamValues, values: ParamValues): string {
  if (detector.presets.length === 0) return 'proposed';
  return presetOf(detector.presets, start, values)?.id ?? 'own';
}

/** Why a detector is left out; '' when it can be trained. @param tags - chosen for the training. */
export function refusalOf(
  detector: Pick<DetectorDescription, 'channels' | 'trainable'>,
  plan: Pick<PlanOf, 'error'> | undefined,
  tags: number,
): string {
  if (!detector.trainable) return "Too slow to train on this computer's engine; it trains with native TensorFlow.";
  if (detector.channels === 'multi' && tags < 2) return 'Needs several tags; the data have one.';
  return plan?.error?.message ?? '';
}

/** Seconds of all trainings together; null while one of them is not known. */
export function totalSeconds(plans: readonly (Pick<PlanOf, 'estimate'> | undefined)[], seeds: number): number | null {
  const each = plans.map((plan) => plan?.estimate?.seconds ?? null);
  return each.every((seconds) => seconds !== null) ? seeds * each.reduce((sum, seconds) => sum + seconds, 0) : null;
}
