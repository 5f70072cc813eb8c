import type { ParamValues } from '../detectors/params';

/** For a detector that looks at single samples. */
const SAMPLES_WITHOUT_WINDOW = 12;

/**
 * The merge gap in ms where nobody chose one: what one window of the detector sees is one event.
 *
 * @param stepMs - time between samples, as the detector took them.
 */
export function usualMergeGapMs({ window }: ParamValues, stepMs: number): number {
  return (typeof window === 'number' ? window : SAMPLES_WITHOUT_WINDOW) * stepMs;
}
