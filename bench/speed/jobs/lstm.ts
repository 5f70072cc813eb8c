import type { Scalar } from '@tensorflow/tfjs';
import { randomFrom } from '../../../src/core/random';
import { initialise, normals } from '../../../src/core/tensor/layers';
import { openForgetGates, stack, stackSpecs } from '../../../src/core/tensor/lstm-stack';
import { trainStage, type Stage } from '../../../src/core/tensor/stage';
import { WeightSet } from '../../../src/core/tensor/weights';
import { benchRun } from '../../run-context';
import type { Job } from '../job';
import { meter, perPiece } from '../meter';

/** Training steps of one LSTM layer and a linear one on its outputs: forward, backward, clipping, Adam, as every detector trains. */
export const lstm: Job = (engine, { shape }) => {
  const { steps, batch, inputs, hidden } = shape as Record<'steps' | 'batch' | 'inputs' | 'hidden', number>;
  const { tf, fusedLstm } = engine;
  const random = randomFrom(1);
  const weights = new WeightSet(stackSpecs('lstm', { inputs, hidden, layers: 1, outputs: inputs }));
  initialise(weights, random);
  openForgetGates(weights);
  const [x, y] = ['x', 'y'].map((name) => normals(random.fork(name), steps * batch * inputs)) as [Float32Array, Float32Array];
  const train = (count: number): Promise<void> => {
    const stage: Stage = {
      ...{ name: 'lstm', steps: count, rate: 0.001, clipNorm: 20, patience: 0 },
      loss(tensors) {
        const [input, target] = [x, y].map((values) => tf.tensor3d(values, [steps, batch, inputs]));
        const total = tf.mean(tf.square(tf.sub(stack(tf, tensors, input!, fusedLstm), target!))) as Scalar;
        return { total, parts: { sequence: total } };
      },
    };
    return trainStage(tf, stage, weights, benchRun(engine), { history: [], stepsBefore: 0, stepsInAll: count });
  };
  return Promise.resolve(async (pieces) => {
    await train(1);
    const cost = meter();
    await train(pieces);
    return perPiece(cost(), pieces);
  });
};
