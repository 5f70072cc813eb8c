import type { CostEstimate, DetectorDescription, TrainingPlan } from '../../../contract/types';
import type { ParamSpecs, ParamValues } from '../../../core/detectors/params';
import type { FaultlineError } from '../../../core/errors';
import { presetOf } from '../model/presets';

/** What is known of one detector for these data before it is trained. */
export interface Check {
  readonly plan: TrainingPlan | null;
  readonly estimate: CostEstimate | null;
  /** Why it cannot be trained. */
  readonly error: FaultlineError | null;
}

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
  check: Check | undefined,
  tags: number,
): string {
  if (!detector.trainable) return "Too slow to train on this computer's engine; it trains with native TensorFlow.";
  if (detector.channels === 'multi' && tags < 2) return 'Needs several tags; the data have one.';
  return check?.error?.message ?? '';
}

/** Seconds of all trainings together; null while one of them is not known. */
export function totalSeconds(checks: readonly (Check | undefined)[], seeds: number): number | null {
  const each = checks.map((check) => check?.estimate?.seconds ?? null);
  return each.every((seconds) => seconds !== null) ? seeds * each.reduce((sum, seconds) => sum + seconds, 0) : null;
}
