import type { CostEstimate } from '../../../contract/types';
import { formatDuration } from '../../composables/format';

/** Beyond this a start asks first. */
const LONG_SECONDS = 30 * 60;

/** Two digits are all that an estimate is worth. */
const roughly = (seconds: number): string => (seconds < 1 ? 'under 1 s' : formatDuration(1000 * Number(seconds.toPrecision(2))));

/** "about 2 h 54 min", "under 1 s". */
export function sumWords({ seconds, atLeast }: Pick<CostEstimate, 'seconds' | 'atLeast'>): string {
  if (atLeast) return `at least ${roughly(Math.max(1, seconds))}`;
  return seconds < 1 ? roughly(seconds) : `about ${roughly(seconds)}`;
}

/** "about 2 h 54 min: training 2 h 24 min, scoring 30 min". */
export function costWords(cost: CostEstimate): string {
  return `${sumWords(cost)}: training ${roughly(cost.trainSeconds)}, scoring ${roughly(cost.scoreSeconds)}`;
}

/** What to ask before starting trainings that take longer than half an hour together; '' when they do not. */
export function longStart(estimates: readonly CostEstimate[], repeats: number): string {
  const of = (part: 'seconds' | 'trainSeconds' | 'scoreSeconds'): number =>
    repeats * estimates.reduce((sum, estimate) => sum + estimate[part], 0);
  const seconds = of('seconds');
  if (seconds <= LONG_SECONDS) return '';
  const atLeast = estimates.some((estimate) => estimate.atLeast);
  return costWords({
    seconds,
    trainSeconds: of('trainSeconds'),
    scoreSeconds: of('scoreSeconds'),
    atLeast,
    megabytes: 0,
    probeSeconds: 0,
  });
}
