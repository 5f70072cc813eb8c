import { hregVaeLstm } from '../../../src/core/detectors/hreg-vae-lstm';
import { resolveParams } from '../../../src/core/detectors/params';
import { benchRun } from '../../run-context';
import type { Job } from '../job';
import { meter, perPiece } from '../meter';
import { seriesOf } from './hreg';
import { nabLike } from '../series';

const LEAST_STEPS = 10;

/**
 * Trains a VAE for twice the number of batches and tells what the second half added to tensors and to resident memory: the first half
 * fills the pools of the library and of JavaScript.
 */
export const leak: Job = (engine) =>
  Promise.resolve(async (pieces) => {
    // A quick run asks for fewer than the detector trains.
    const half = Math.max(LEAST_STEPS, pieces);
    const params = resolveParams(hregVaeLstm.info.params, {
      score: 'paper',
      vaeSteps: 2 * half,
      lstmSteps: 10,
      earlyStopping: false,
    });
    const { tf } = engine;
    const seen: { tensors: number; resident: number }[] = [];
    const checkpoint = (): Promise<void> => {
      seen.push({ tensors: tf.memory().numTensors, resident: process.memoryUsage.rss() });
      return Promise.resolve();
    };
    const cost = meter();
    const model = await hregVaeLstm.train(seriesOf(nabLike(5000)), params as never, { ...benchRun(engine), checkpoint });
    const spent = cost();
    model.dispose();
    const [early, late] = [seen[half]!, seen[2 * half - 1]!];
    return {
      ...perPiece(spent, 2 * half),
      extra: { tensorsAdded: late.tensors - early.tensors, residentRise: late.resident / early.resident - 1 },
    };
  });
