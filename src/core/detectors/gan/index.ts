import { countWeights } from '../../tensor/weights';
import type { Detector, DetectorInfo, DetectorSize, TrainedDetector } from '../detector';
import { splitTraining } from '../shared/split';
import { Reader } from './dire';
import { latentShape } from './latent';
import type { GanLoss } from './losses';
import { restoreModel, trainedFrom, type GanModel } from './model';
import { discriminatorSpecs, generatorSpecs } from './network';
import { normalScoresOf, readNormal } from './normal';
import { presets, propose, spanOf, specs, type GanParams } from './params';
import { trainGan } from './training';

/** What the GANs of the product have in common; they differ in name and loss. */
export function ganDetector(
  names: Pick<DetectorInfo, 'id' | 'title' | 'summary' | 'whenItFails' | 'source'>,
  loss: GanLoss,
): Detector<GanParams> {
  const info: DetectorInfo = {
    ...names,
    ...{ formatVersion: 1, channels: 'any', params: specs, presets, trainsOn: ['tensorflow', 'wasm'] },
    warmUp: (params) => spanOf(params as GanParams) - 1,
  };
  return {
    info,
    async train(data, params, run) {
      const split = splitTraining(data.segments, data.timestamps.length, splitShape(params));
      const tf = await run.tensorflow();
      const { weights, history } = await trainGan(tf, data, split, params, loss, run);
      const reader = new Reader(tf, run.fusedLstm, weights, data.channels.length, params);
      try {
        const normal = await readNormal(reader, data, split.tailFrom, params, run);
        const { scales, halfWidth } = normal;
        const normalScores = normalScoresOf(normal, params);
        const model: GanModel = { params, channels: data.channels, weights, history, scales, halfWidth, normalScores };
        return trainedFrom(tf, run.fusedLstm, info, model);
      } finally {
        reader.dispose();
      }
    },
    async restore(artifact, run): Promise<TrainedDetector> {
      return trainedFrom(await run.tensorflow(), run.fusedLstm, info, restoreModel(info, artifact));
    },
    size,
    propose,
  };
}

function splitShape(params: GanParams) {
  return { window: params.window, span: spanOf(params), what: `windows of ${spanOf(params)} samples` };
}

function size(rows: number, channels: number, params: GanParams): DetectorSize {
  const { window, hidden, batch, starts, steps } = params;
  const weights = countWeights([...generatorSpecs(channels, params), ...discriminatorSpecs(channels, params)]);
  const windows = splitTraining([{ start: 0, end: rows }], rows, splitShape(params)).trainWindows.length;
  // Seven states a cell and their gradients, of real and generated windows; the search of a block keeps as much for each start.
  const cells = 14 * window * hidden * Math.max(2 * batch, 256 * starts);
  const searches = 8 * 256 * starts * (latentShape(params).width + window * channels);
  const series = rows * (3 * channels + 6);
  return { windows, weights, bytes: 4 * (10 * weights + cells + searches + series), steps };
}
