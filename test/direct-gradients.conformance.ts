import { beforeAll, expect, it } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs';
import { autoencoderSpecs, objectiveOf as autoencoderObjective } from '../src/core/detectors/autoencoder';
import { dagmmSpecs } from '../src/core/detectors/dagmm/network';
import { objectiveOf as dagmmObjective } from '../src/core/detectors/dagmm/objective';
import type { TensorFlow } from '../src/core/detectors/detector';
import { gdnSpecs } from '../src/core/detectors/gdn/network';
import { objectiveOf as gdnObjective } from '../src/core/detectors/gdn/objective';
import type { WindowObjective } from '../src/core/detectors/shared/window-stage';
import { randomFrom } from '../src/core/random';
import { hasDirectMlp } from '../src/core/tensor/direct-mlp';
import { initialise, normals } from '../src/core/tensor/layers';
import { WeightSet, type WeightSpec } from '../src/core/tensor/weights';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';

let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadEngine();
});

const [window, tags, batch] = [5, 4, 16];
const dense = { hidden: 12, latent: 3, components: 4 };
const graph = { window, embedding: 6, hidden: 8, neighbours: 2 };

it.each<[string, WeightSpec[], (tf: TensorFlow) => WindowObjective]>([
  ['the autoencoder', autoencoderSpecs(window * tags, dense), autoencoderObjective],
  ['DAGMM', dagmmSpecs(window * tags, dense), (tf) => dagmmObjective(tf, { energyWeight: 0.1, spreadWeight: 0.005 })],
  ['GDN', gdnSpecs(graph, tags), (tf) => gdnObjective(tf, tags, graph)],
])('the direct gradient of %s is that of the tape', (_, specs, objectiveOf) => {
  const { tf } = engine;
  expect(hasDirectMlp(tf)).toBe(engine.info.backend === 'tensorflow');
  if (!hasDirectMlp(tf)) return;
  const weights = new WeightSet(specs);
  initialise(weights, randomFrom(3));
  // Vectors are 0 at the start: their part in the slopes would not be seen.
  weights.flat.forEach((value, i) => (weights.flat[i] = value + 0.05 * Math.sin(i)));
  const values = normals(randomFrom(1), batch * window * tags);
  tf.tidy(() => {
    const objective = objectiveOf(tf);
    const windows = tf.tensor2d(values, [batch, window * tags]);
    const direct = objective.gradient(weights.tensors(tf), windows, randomFrom(4));
    const lossOf = (tensors: readonly Tensor[]) => objective.loss(tensors, windows, randomFrom(4));
    const tape = tf.valueAndGrads((...tensors: Tensor[]) => lossOf(tensors).total)(weights.tensors(tf));
    const { parts } = lossOf(weights.tensors(tf));
    expect(direct.total / tape.value.dataSync()[0]!).toBeCloseTo(1, 5);
    expect(Object.keys(direct.parts)).toEqual(Object.keys(parts));
    for (const [name, part] of Object.entries(parts)) expect(direct.parts[name]! / part.dataSync()[0]!, name).toBeCloseTo(1, 5);
    tape.grads.forEach((expected, i) => {
      const found = direct.gradients[i]!;
      expect(found.shape).toEqual(expected.shape);
      const scale = tf.max(tf.abs(expected)).dataSync()[0]!;
      const difference = tf.max(tf.abs(tf.sub(tf.mul(found, direct.scale), expected))).dataSync()[0]!;
      expect(difference / scale, specs[i]!.name).toBeLessThan(1e-5);
    });
  });
  expect(tf.memory().numTensors).toBe(0);
});
