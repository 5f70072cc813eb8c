import type { Detector } from '../../../src/core/detectors/detector';
import { autoencoder as autoencoderDetector } from '../../../src/core/detectors/autoencoder';
import { dagmm as dagmmDetector } from '../../../src/core/detectors/dagmm';
import { gdn as gdnDetector } from '../../../src/core/detectors/gdn';
import { resolveParams, type ParamValues } from '../../../src/core/detectors/params';
import type { PreparedSeries } from '../../../src/core/prepare/prepared';
import { randomFrom } from '../../../src/core/random';
import { normals } from '../../../src/core/tensor/layers';
import { benchRun } from '../../run-context';
import type { Job } from '../job';
import { meter, perPiece } from '../meter';

/** Steps of a detector's training as the product runs it, counted between the checkpoints of a run. */
function training<P extends ParamValues>(detector: Detector<P>): Job {
  return (engine, { shape }) => {
    const { rows, channels, ...network } = shape as Record<'rows' | 'channels', number>;
    const data: PreparedSeries = {
      timestamps: Float64Array.from({ length: rows }, (_, i) => i),
      values: normals(randomFrom(1), rows * channels),
      channels: Array.from({ length: channels }, (_, i) => `tag ${i}`),
      segments: [{ start: 0, end: rows }],
      stepMs: 1,
    };
    return Promise.resolve(async (pieces) => {
      const params = resolveParams(detector.info.params, { ...network, steps: pieces + 10, earlyStopping: false }) as P;
      let [checkpoints, started] = [0, meter()];
      let cost = started();
      const checkpoint = (): Promise<void> => {
        // The first ten steps warm up.
        if (checkpoints === 10) started = meter();
        if (checkpoints === pieces + 9) cost = started();
        checkpoints++;
        return Promise.resolve();
      };
      await detector.train(data, params, { ...benchRun(engine), checkpoint });
      return perPiece(cost, pieces - 1);
    });
  };
}

export const autoencoder = training(autoencoderDetector);
export const dagmm = training(dagmmDetector);
export const gdn = training(gdnDetector);
