import type { Scalar } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunContext } from '../src/core/detectors/detector';
import { invert } from '../src/core/detectors/gan/inversion';
import { drawLatent, latentShape } from '../src/core/detectors/gan/latent';
import { messageImportance } from '../src/core/detectors/gan/losses';
import { generatorSpecs } from '../src/core/detectors/gan/network';
import { specs as ganSpecs, type GanParams } from '../src/core/detectors/gan/params';
import { trainGan } from '../src/core/detectors/gan/training';
import { hregVaeLstm } from '../src/core/detectors/hreg-vae-lstm';
import { resolveParams } from '../src/core/detectors/params';
import { splitTraining } from '../src/core/detectors/shared/split';
import type { PreparedSeries } from '../src/core/prepare/prepared';
import { randomFrom } from '../src/core/random';
import { initialise, normals } from '../src/core/tensor/layers';
import { stack, stackSpecs } from '../src/core/tensor/lstm-stack';
import { trainStage, type Stage } from '../src/core/tensor/stage';
import { WeightSet } from '../src/core/tensor/weights';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';

const BATCHES = 1000;

let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadEngine();
});

/** Tensors and the data behind them: a tensor may share its data. */
function held(): string {
  const { numTensors, numDataBuffers } = engine.tf.memory();
  return `${numTensors} tensors, ${numDataBuffers} buffers`;
}

/** A run that notes what is held at each checkpoint, which comes once a batch. */
function watched(): { run: RunContext; seen: string[] } {
  const seen: string[] = [];
  const run: RunContext = {
    random: randomFrom(1),
    tensorflow: () => Promise.resolve(engine.tf),
    fusedLstm: engine.fusedLstm,
    report: () => undefined,
    checkpoint() {
      seen.push(held());
      return Promise.resolve();
    },
  };
  return { run, seen };
}

function noise(rows: number, channels: number): PreparedSeries {
  return {
    timestamps: Float64Array.from({ length: rows }, (_, i) => i),
    values: normals(randomFrom(2), rows * channels),
    channels: Array.from({ length: channels }, (_, i) => `tag ${i}`),
    segments: [{ start: 0, end: rows }],
    stepMs: 1,
  };
}

describe(`what is held stays the same over ${BATCHES} batches`, () => {
  it('while a stage trains an LSTM and validates', async () => {
    const { tf, fusedLstm } = engine;
    const weights = new WeightSet(stackSpecs('net', { inputs: 2, hidden: 4, layers: 1, outputs: 2 }));
    initialise(weights, randomFrom(1));
    const loss: Stage['loss'] = (tensors) => {
      const x = tf.tensor3d(normals(randomFrom(3), 3 * 4 * 2), [3, 4, 2]);
      const total = tf.mean(tf.square(tf.sub(stack(tf, tensors, x, fusedLstm), x))) as Scalar;
      return { total, parts: { total } };
    };
    const stage: Stage = {
      ...{ name: 'net', steps: BATCHES, rate: 0.01, clipNorm: 20, patience: 0, loss },
      validation: (tensors) => loss(tensors, 0).total,
    };
    const { run, seen } = watched();
    await trainStage(tf, stage, weights, run, { history: [], stepsBefore: 0, stepsInAll: BATCHES });
    expect(seen).toHaveLength(BATCHES);
    expect(new Set([...seen, held()]).size).toBe(1);
  });

  const gan = resolveParams(ganSpecs, { window: 4, batch: 8, hidden: 4, steps: BATCHES }) as GanParams;

  it('while a GAN trains and looks at its windows', async () => {
    const data = noise(300, 2);
    const split = splitTraining(data.segments, 300, { window: 4, span: 4, what: 'windows' });
    const { run, seen } = watched();
    await trainGan(engine.tf, data, split, gan, messageImportance, run);
    expect(seen).toHaveLength(BATCHES);
    expect(new Set([...seen, held()]).size).toBe(1);
  });

  it('while windows are inverted', () => {
    const { tf, fusedLstm } = engine;
    const params = { ...gan, inversionSteps: 25, tolerance: 0 };
    const random = randomFrom(1);
    const generator = new WeightSet(generatorSpecs(2, params));
    initialise(generator, random);
    const weights = generator.tensors(tf);
    const before = held();
    for (let batch = 0; batch < BATCHES / 25; batch++) {
      const starts = drawLatent(latentShape(params), 6, random);
      invert(tf, weights, normals(random, 4 * 3 * 2), 2, starts, params, fusedLstm);
      expect(held()).toBe(before);
    }
    tf.dispose(weights);
  });

  it('while a network scores', async () => {
    const small = { window: 4, windows: 3, hidden: 4, latent: 2, vaeSteps: 10, lstmSteps: 10 };
    const params = resolveParams(hregVaeLstm.info.params, small) as never;
    const empty = held();
    const model = await hregVaeLstm.train(noise(200, 1), params, watched().run);
    const data = noise(40, 1);
    await model.score(data, watched().run);
    const before = held();
    for (let batch = 0; batch < BATCHES; batch += 2) {
      // One batch of codes and one of scores.
      const { run, seen } = watched();
      await model.score(data, run);
      expect(seen).toHaveLength(2);
      expect(held()).toBe(before);
    }
    model.dispose();
    expect(held()).toBe(empty);
  });
});

describe('a reshape to the same shape and a cast to the same type', () => {
  it('give a tensor that outlives its source, and nothing is left', () => {
    const { tf } = engine;
    const empty = held();
    tf.tidy(() => {
      for (const copy of [(x: Scalar) => tf.reshape(x, []), (x: Scalar) => tf.cast(x, 'float32')]) {
        const source = tf.add(tf.scalar(3), 4) as Scalar;
        const other = copy(source);
        source.dispose();
        expect(tf.mul(other, 2).dataSync()[0]).toBe(14);
      }
    });
    expect(held()).toBe(empty);
  });

  it('still change shape and type where they are others', () => {
    const { tf } = engine;
    tf.tidy(() => {
      const x = tf.tensor1d([1.5, -2.5, 3, 4]);
      expect(tf.matMul(tf.reshape(x, [2, 2]), tf.eye(2)).arraySync()).toEqual([
        [1.5, -2.5],
        [3, 4],
      ]);
      expect([...tf.cast(x, 'int32').dataSync()]).toEqual([1, -2, 3, 4]);
    });
  });
});
