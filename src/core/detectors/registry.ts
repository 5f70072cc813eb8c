import { FaultlineError } from '../errors';
import type { Detector } from './detector';
import { hregVaeLstm } from './hreg-vae-lstm';
import { robustZ } from './robust-z';

/** Every detector of the product; a new one is one file (or folder) and one line here. Params come through `resolveParams`. */
export const detectors: readonly Detector[] = [hregVaeLstm, robustZ];

/** @throws FaultlineError 'detector/unknown' naming the ones there are. */
export function findDetector(id: string): Detector {
  const found = detectors.find((detector) => detector.info.id === id);
  if (!found) {
    throw new FaultlineError(
      'detector/unknown',
      `There is no detector "${id}" in this version. Known: ${detectors.map((detector) => detector.info.id).join(', ')}.`,
      { id },
    );
  }
  return found;
}
