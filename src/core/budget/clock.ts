import { usualGapMs } from '../series/statistics';
import { rowKinds } from '../thresholds/rows';

const dayMs = 86_400_000;

/**
 * Clock that runs in normal time only: days of normal time before each row, counted as `normalDays` does (each row stands for the time
 * to the next row, a row before a gap for the usual distance).
 *
 * @param kinds - [n] see `rowKindsOf`.
 * @returns [n + 1] days; the last is `normalDays`.
 */
export function normalClock(timestamps: Float64Array, kinds: Uint8Array): Float64Array {
  const n = timestamps.length;
  const clock = new Float64Array(n + 1);
  const gapMs = usualGapMs(timestamps);
  const usual = usualStep(timestamps, gapMs);
  for (let i = 0; i < n; i++) {
    const distance = i + 1 < n ? timestamps[i + 1]! - timestamps[i]! : Infinity;
    const stands = distance <= gapMs ? distance : usual;
    clock[i + 1] = clock[i]! + (kinds[i] === rowKinds.normal ? stands / dayMs : 0);
  }
  return clock;
}

/** Mean distance of neighbouring rows without a gap, ms; 0 when there are none. */
function usualStep(timestamps: Float64Array, gapMs: number): number {
  let total = 0;
  let pairs = 0;
  for (let i = 0; i + 1 < timestamps.length; i++) {
    const distance = timestamps[i + 1]! - timestamps[i]!;
    if (distance > gapMs) continue;
    total += distance;
    pairs++;
  }
  return pairs === 0 ? 0 : total / pairs;
}
