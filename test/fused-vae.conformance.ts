import { beforeAll, expect, it } from 'vitest';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { specs } from '../src/core/detectors/hreg-vae-lstm/params';
import { vaeStage } from '../src/core/detectors/hreg-vae-lstm/stages';
import { resolveParams } from '../src/core/detectors/params';
import { splitTraining } from '../src/core/detectors/shared/split';
import { hasFusedVae } from '../src/core/detectors/shared/vae-fused';
import { vaeSpecs } from '../src/core/detectors/shared/vae-network';
import type { PreparedSeries } from '../src/core/prepare/prepared';
import { randomFrom } from '../src/core/random';
import { initialise, normals } from '../src/core/tensor/layers';
import { WeightSet } from '../src/core/tensor/weights';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';

let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadEngine();
});

const data: PreparedSeries = {
  timestamps: Float64Array.from({ length: 400 }, (_, row) => row),
  values: normals(randomFrom(1), 800),
  ...{ channels: ['a', 'b'], segments: [{ start: 0, end: 400 }], stepMs: 1 },
};

it.each([0, 1, 7])('the fused gradient of a VAE step is that of the tape, with penalty %s', (lambda) => {
  const { tf } = engine;
  const params = resolveParams(specs, { window: 5, windows: 3, hidden: 12, latent: 4, batch: 16, lambda });
  const split = splitTraining(data.segments, 400, { window: 5, span: 15, what: 'windows' });
  const stage = vaeStage(tf, data, split, params, randomFrom(2));
  const weights = new WeightSet(vaeSpecs(10, params));
  initialise(weights, randomFrom(3));
  // Vectors are 0 at the start: their part in the slopes would not be seen.
  weights.flat.forEach((value, i) => (weights.flat[i] = value + 0.05 * Math.sin(i)));
  expect(hasFusedVae(tf)).toBe(engine.info.backend === 'tensorflow');
  if (!stage.gradient) return;
  tf.tidy(() => {
    const fused = stage.gradient!(weights.tensors(tf), 4);
    const tape = tf.valueAndGrads((...tensors: Tensor[]) => stage.loss(tensors, 4).total)(weights.tensors(tf));
    const { parts } = stage.loss(weights.tensors(tf), 4);
    expect(fused.total / tape.value.dataSync()[0]!).toBeCloseTo(1, 5);
    expect(Object.keys(fused.parts)).toEqual(Object.keys(parts));
    for (const [name, part] of Object.entries<Scalar>(parts))
      expect(fused.parts[name]! / part.dataSync()[0]!, name).toBeCloseTo(1, 5);
    tape.grads.forEach((expected, i) => {
      const [a, b] = [fused.gradients[i]!, expected];
      expect(a.shape).toEqual(b.shape);
      const scale = tf.max(tf.abs(b)).dataSync()[0]!;
      const difference = tf.max(tf.abs(tf.sub(tf.mul(a, fused.scale), b))).dataSync()[0]!;
      expect(difference / scale, weights.specs[i]!.name).toBeLessThan(1e-5);
    });
  });
  expect(tf.memory().numTensors).toBe(0);
});
