import { usualGapMs } from '../series/statistics';
import { rowKinds } from '../thresholds/rows';

export const dayMs = 86_400_000;

/** Normal days below which events are told by their number, not by a rate: one in a minute is not a finding of 1,440 a day. */
export const fewestDaysOfRate = 1;

/**
 * Days that the rows counted as normal stand for: each row stands for the time to the next row, a row before a gap for the usual
 * distance.
 *
 * @param kinds - [n] see `rowKindsOf`.
 */
export function normalDays(timestamps: Float64Array, kinds: Uint8Array): number {
  const gapMs = usualGapMs(timestamps);
  const n = timestamps.length;
  let total = 0;
  let usual = 0;
  let pairs = 0;
  for (let i = 0; i + 1 < n; i++) {
    const distance = timestamps[i + 1]! - timestamps[i]!;
    if (distance > gapMs) continue;
    usual += distance;
    pairs++;
    if (kinds[i] === rowKinds.normal) total += distance;
  }
  if (pairs === 0) return 0;
  for (let i = 0; i < n; i++) {
    const beforeGap = i === n - 1 || timestamps[i + 1]! - timestamps[i]! > gapMs;
    if (beforeGap && kinds[i] === rowKinds.normal) total += usual / pairs;
  }
  return total / dayMs;
}
