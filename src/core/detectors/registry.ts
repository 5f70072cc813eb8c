import { FaultlineError } from '../errors';
import { arma } from './arma';
import { autoencoder } from './autoencoder';
import { cusum, ewma } from './control-charts';
import { cva } from './cva';
import { dagmm } from './dagmm';
import type { Detector } from './detector';
import { ensemble } from './ensemble';
import { gdn } from './gdn';
import { featureBagging } from './feature-bagging';
import { hregVaeLstm } from './hreg-vae-lstm';
import { isolationForest } from './isolation-forest';
import { knn } from './knn';
import { lof } from './lof';
import { lstmAd } from './lstm-ad';
import { madGan } from './mad-gan';
import { matrixProfile } from './matrix-profile';
import { mimGan } from './mim-gan';
import { ocSvm } from './oc-svm';
import { oneLiner } from './one-liner';
import { pca } from './pca';
import { robustZ } from './robust-z';
import { vae } from './vae';
import { whitenedWindows } from './whitened-windows';

/** Every detector of the product; a new one is one file (or folder) and one line here. Params come through `resolveParams`. */
export const detectors: readonly Detector[] = [
  hregVaeLstm,
  vae,
  lstmAd,
  autoencoder,
  dagmm,
  gdn,
  arma,
  mimGan,
  madGan,
  whitenedWindows,
  knn,
  lof,
  featureBagging,
  ocSvm,
  matrixProfile,
  pca,
  cva,
  isolationForest,
  ewma,
  cusum,
  robustZ,
  oneLiner,
];

/** Kinds of models that are combined from stored runs: they have a name and parameters, and cannot be trained. */
const combined: readonly Detector[] = [ensemble];

/** @throws FaultlineError 'detector/unknown' naming the ones there are. */
export function findDetector(id: string): Detector {
  const found = [...detectors, ...combined].find((detector) => detector.info.id === id);
  if (!found) {
    throw new FaultlineError(
      'detector/unknown',
      `There is no detector "${id}" in this version. Known: ${detectors.map((detector) => detector.info.id).join(', ')}.`,
      { id },
    );
  }
  return found;
}
