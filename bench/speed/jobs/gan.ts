import { invert } from '../../../src/core/detectors/gan/inversion';
import { drawLatent, latentShape } from '../../../src/core/detectors/gan/latent';
import { messageImportance } from '../../../src/core/detectors/gan/losses';
import { generatorSpecs } from '../../../src/core/detectors/gan/network';
import { specs, type GanParams } from '../../../src/core/detectors/gan/params';
import { trainGan } from '../../../src/core/detectors/gan/training';
import { resolveParams } from '../../../src/core/detectors/params';
import { splitTraining } from '../../../src/core/detectors/shared/split';
import type { PreparedSeries } from '../../../src/core/prepare/prepared';
import { randomFrom } from '../../../src/core/random';
import { initialise, normals } from '../../../src/core/tensor/layers';
import { WeightSet } from '../../../src/core/tensor/weights';
import { benchRun } from '../../run-context';
import type { Job } from '../job';
import { meter, perPiece } from '../meter';

const ROWS = 20_000;

interface GanShape {
  readonly steps: number;
  readonly batch: number;
  readonly channels: number;
  readonly latent: number;
  readonly constant: number;
  readonly hidden: number;
  readonly updates: number;
}

function paramsOf(shape: GanShape, more: Partial<GanParams>): GanParams {
  const { steps: window, batch, latent, hidden } = shape;
  const given = { window, batch: Math.min(batch, 1024), latent, hidden, constantShare: shape.constant / latent, ...more };
  return resolveParams(specs, given as never) as GanParams;
}

/** Iterations of MIM-GAN, one step of each network, counted between the checkpoints of a run; looks at the curve are left out. */
export const ganIteration: Job = (engine, request) => {
  const shape = request.shape as unknown as GanShape;
  const { channels } = shape;
  const data: PreparedSeries = {
    timestamps: Float64Array.from({ length: ROWS }, (_, i) => i),
    values: normals(randomFrom(1), ROWS * channels),
    channels: Array.from({ length: channels }, (_, i) => `signal ${i}`),
    segments: [{ start: 0, end: ROWS }],
    stepMs: 1,
  };
  return Promise.resolve(async (pieces) => {
    const params = paramsOf(shape, { steps: pieces + 2 });
    const split = splitTraining(data.segments, ROWS, { window: params.window, span: params.window, what: 'windows' });
    let [checkpoints, started] = [0, meter()];
    let cost = started();
    const checkpoint = (): Promise<void> => {
      // The first step warms up, and the last one ends with a look at the generated windows.
      if (checkpoints === 1) started = meter();
      if (checkpoints === pieces + 1) cost = started();
      checkpoints++;
      return Promise.resolve();
    };
    await trainGan(engine.tf, data, split, params, messageImportance, { ...benchRun(engine), checkpoint });
    return perPiece(cost, pieces);
  });
};

/** Searches for the latent numbers of a block of windows, every update done. */
export const ganInversion: Job = (engine, request) => {
  const shape = request.shape as unknown as GanShape;
  const { channels, batch, updates } = shape;
  const { tf, fusedLstm } = engine;
  const random = randomFrom(1);
  const params = paramsOf(shape, { inversionSteps: updates, tolerance: 0 });
  const generator = new WeightSet(generatorSpecs(channels, params));
  initialise(generator, random);
  const weights = generator.tensors(tf);
  const goal = normals(random.fork('goal'), params.window * batch * channels);
  const search = (): void => {
    const starts = drawLatent(latentShape(params), batch, random);
    invert(tf, weights, goal, channels, starts, params, fusedLstm);
  };
  return Promise.resolve((pieces) => {
    search();
    const cost = meter();
    for (let i = 0; i < pieces; i++) search();
    return Promise.resolve(perPiece(cost(), pieces));
  });
};
