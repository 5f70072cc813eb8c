import { beforeAll, expect, it } from 'vitest';
import type { Detector } from '../src/core/detectors/detector';
import { resolveParams, type ParamValues } from '../src/core/detectors/params';
import { detectors, findDetector } from '../src/core/detectors/registry';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';
import { checkDetector, plant, runOn, TRAIN_ROWS } from './detector-checks';

/** Small settings, so that every check runs; defaults otherwise. A detector without an entry is tested with its defaults. */
const small: Readonly<Record<string, ParamValues>> = {
  'hreg-vae-lstm': { window: 8, windows: 3, hidden: 16, latent: 3, vaeSteps: 150, lstmSteps: 60, batch: 32 },
  vae: { window: 12, hidden: 16, latent: 3, steps: 120, batch: 32 },
  'lstm-ad': { window: 12, hidden: 10, ahead: 3, steps: 150, batch: 32 },
  autoencoder: { window: 12, hidden: 16, latent: 3, steps: 120, batch: 32 },
  dagmm: { window: 12, hidden: 16, components: 3, steps: 105, batch: 32 },
  gdn: { embedding: 8, hidden: 16, steps: 120, batch: 32 },
  'mim-gan': { window: 12, stride: 4, hidden: 12, batch: 24, steps: 120, starts: 1, inversionSteps: 15 },
  'mad-gan': { window: 12, stride: 4, hidden: 12, batch: 24, steps: 120, starts: 1, inversionSteps: 15 },
  'feature-bagging': { estimators: 3 },
};
/** Settings besides these under which a detector computes its score in another way. */
const variants: Readonly<Record<string, readonly ParamValues[]>> = {
  'hreg-vae-lstm': [{ score: 'paper' }, { statistics: 'out-of-fold', vaeSteps: 60, lstmSteps: 30 }],
  vae: [{ score: 'elbo', span: 20 }],
  'lstm-ad': [{ score: 'likelihood', span: 20 }],
  autoencoder: [{ window: 1, span: 20 }],
  gdn: [{ neighbours: 1, span: 20 }],
  arma: [{ order: 'aic', differences: 1, combine: 'rms', span: 20 }],
  'mim-gan': [{ mapping: 'last' }],
  'whitened-windows': [{ distance: 'mahalanobis' }],
  knn: [{ window: 1, span: 0, distance: 'median' }],
  lof: [{ window: 1, span: 0 }],
  'feature-bagging': [{ combine: 'maximum', window: 1, span: 0 }],
  cva: [
    { score: 'combined', order: 'share', ahead: 2 },
    { score: 'q', window: 2 },
  ],
  'matrix-profile': [{ neighbour: 'joint', span: 40 }, { compare: 'past' }],
  'oc-svm': [
    { window: 1, span: 0, nu: 0.2 },
    { memory: 100, beyond: 'nystrom', landmarks: 30 },
  ],
  pca: [
    { score: 'q', components: 2 },
    { score: 't2', components: 500 },
    { score: 'weighted', scaling: 'none' },
  ],
  ewma: [{ combine: 'together' }, { order: 0 }],
  cusum: [{ combine: 'together' }, { order: 0 }],
  'one-liner': [{ rule: 'max-abs-z' }, { rule: 'moving-std', window: 8 }, { rule: 'first-difference' }],
};
/** Charts of a level, which a burst that swings about it does not move where the values themselves are charted; they remember a fault. */
const levelCharts: readonly string[] = ['ewma', 'cusum'];

let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadEngine();
});

it('has unique ids, and says which detectors there are when asked for another', () => {
  const ids = detectors.map((detector) => detector.info.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(findDetector(id).info.id).toBe(id);
  expect(() => findDetector('magic')).toThrow(/hreg-vae-lstm/);
});

for (const detector of detectors) {
  const { id } = detector.info;
  const isLevelChart = levelCharts.includes(id);
  checkDetector(detector, () => engine, {
    ...{ small: small[id] ?? {}, variants: variants[id] ?? [], remembers: isLevelChart },
    fault: ({ order }) => (isLevelChart && order === 0 ? { level: 4 } : {}),
  });
}

const smallOf = ({ info }: Detector): ParamValues => resolveParams(info.params, small[info.id] ?? {});
it.each(detectors.map(({ info }) => info.id))('%s scores alike on WebAssembly', async (id) => {
  const detector = findDetector(id);
  const channels = detector.info.channels === 'multi' ? 3 : 1;
  const test = plant(200, channels, 3, { from: 150, to: 160 });
  const model = await detector.train(plant(TRAIN_ROWS, channels, 1), smallOf(detector), runOn(engine, 11));
  const artifact = await model.save();
  const { score } = await model.score(test, runOn(engine, 11));
  model.dispose();
  const best = engine;
  try {
    engine = await loadEngine({ force: 'wasm' });
    const restored = await detector.restore(artifact, runOn(engine, 11));
    const other = (await restored.score(test, runOn(engine, 11))).score;
    restored.dispose();
    const scale = Math.max(...score.filter((value) => !Number.isNaN(value)));
    score.forEach((value, row) => {
      if (!Number.isNaN(value)) expect(Math.abs(other[row]! - value) / scale, `row ${row}`).toBeLessThan(1e-4);
    });
  } finally {
    await best.tf.setBackend(best.info.backend);
    engine = best;
  }
});
