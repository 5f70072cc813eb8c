import { afterEach, beforeAll, expect, it } from 'vitest';
import type { Checkpoint, RunContext } from '../src/core/detectors/detector';
import { hregVaeLstm } from '../src/core/detectors/hreg-vae-lstm';
import { specs } from '../src/core/detectors/hreg-vae-lstm/params';
import { resolveParams } from '../src/core/detectors/params';
import { quantile } from '../src/core/detectors/shared/windows';
import type { JsonObject } from '../src/core/errors';
import type { PreparedSeries } from '../src/core/prepare/prepared';
import { randomFrom } from '../src/core/random';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';

let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadEngine();
});
afterEach(() => {
  expect(engine.tf.memory().numTensors).toBe(0);
});

const runWith = (more: Partial<RunContext> = {}): RunContext => ({
  random: randomFrom(3),
  tensorflow: () => Promise.resolve(engine.tf),
  fusedLstm: engine.fusedLstm,
  report: () => undefined,
  checkpoint: () => Promise.resolve(),
  ...more,
});

/** Six tags of which each is two slow rhythms and noise: few rows for the width of a window. */
function plant(rows: number, seed: number): PreparedSeries {
  const c = 6;
  const random = randomFrom(seed);
  const values = new Float32Array(rows * c);
  for (let i = 0; i < values.length; i++) {
    const [row, j] = [Math.floor(i / c), i % c];
    values[i] = 0.7 * Math.sin(row / 9 + j) + 0.5 * Math.sin(row / 23 + 2 * j) + 0.5 * random.normal();
  }
  return {
    timestamps: Float64Array.from({ length: rows }, (_, row) => row),
    ...{ values, channels: [...'abcdef'], segments: [{ start: 0, end: rows }], stepMs: 1 },
  };
}

const small = { window: 6, windows: 3, hidden: 16, latent: 8, vaeSteps: 120, lstmSteps: 20, batch: 32, earlyStopping: false };
const paramsFor = (statistics: string) => resolveParams(specs, { ...small, statistics });

it('networks out of fold go on from a saved state to the same bits', async () => {
  const states: Checkpoint[] = [];
  const saveCheckpoint = (state: Checkpoint): Promise<void> => {
    states.push({ ...state, manifest: JSON.parse(JSON.stringify(state.manifest)) as JsonObject, weights: state.weights.slice() });
    return Promise.resolve();
  };
  const params = paramsFor('out-of-fold');
  const data = plant(300, 1);
  const whole = await hregVaeLstm.train(data, params, runWith({ saveCheckpoint }));
  const expected = await whole.save();
  whole.dispose();
  // One state each 100 steps of a stage: the network on all rows, then one for each of five blocks.
  expect(states.map(({ manifest }) => manifest['stage'])).toEqual(['vae', 'vae 1', 'vae 2', 'vae 3', 'vae 4', 'vae 5']);
  for (const resumeFrom of [states[3]!]) {
    const resumed = await hregVaeLstm.train(data, params, runWith({ resumeFrom }));
    const artifact = await resumed.save();
    resumed.dispose();
    expect(Buffer.compare(artifact.weights, expected.weights), String(resumeFrom.manifest['stage'])).toBe(0);
  }
  expect(hregVaeLstm.size(300, 6, params).steps).toBe(6 * 120 + 20);
});

it('a limit from out-of-fold scores holds on new rows', async () => {
  const model = await hregVaeLstm.train(plant(300, 1), paramsFor('out-of-fold'), runWith());
  const { score } = await model.score(plant(2000, 2), runWith());
  model.dispose();
  expect(model.normalScores).toHaveLength(300 - 17);
  const limit = quantile(model.normalScores, 0.99);
  const scored = score.filter((value) => !Number.isNaN(value));
  expect(scored.filter((value) => value > limit).length / scored.length).toBeLessThan(0.03);
  // Nor is it so high that it says nothing.
  expect(limit).toBeLessThan(1.5 * quantile(scored, 0.99));
});

it('takes out-of-fold networks for several tags with few rows, and not for the paper score', () => {
  const steps = (rows: number, channels: number, more = {}): number =>
    hregVaeLstm.size(rows, channels, resolveParams(specs, { window: 4, windows: 4, ...more })).steps;
  expect(steps(500, 52)).toBe(6 * 1200 + 800);
  expect(steps(5000, 52)).toBe(1200 + 800);
  expect(steps(500, 1)).toBe(1200 + 800);
  expect(steps(500, 52, { score: 'paper' })).toBe(1200 + 800);
  // One tag: the forecast of each fold is read too.
  expect(steps(5000, 1, { statistics: 'out-of-fold' })).toBe(6 * (1200 + 800));
});

it.each(['wasm', 'cpu'] as const)('gives the same scores on the engine %s, with one tag and with several', async (backend) => {
  const params = resolveParams(specs, { ...small, vaeSteps: 60, statistics: 'all' });
  const best = engine;
  for (const channels of [1, 6]) {
    const reduce = (data: PreparedSeries): PreparedSeries =>
      channels === 6 ? data : { ...data, channels: ['a'], values: data.values.filter((_, i) => i % 6 === 0) };
    const model = await hregVaeLstm.train(reduce(plant(200, 1)), params, runWith());
    const [artifact, test] = [await model.save(), reduce(plant(80, 2))];
    const { score } = await model.score(test, runWith());
    model.dispose();
    try {
      engine = await loadEngine({ force: backend });
      const restored = await hregVaeLstm.restore(artifact, runWith());
      const other = (await restored.score(test, runWith())).score;
      restored.dispose();
      expect(score.filter((value) => !Number.isNaN(value))).toHaveLength(80 - 17);
      score.forEach((value, row) => {
        if (!Number.isNaN(value)) expect(Math.abs(other[row]! / value - 1), `row ${row}`).toBeLessThan(1e-3);
      });
    } finally {
      await best.tf.setBackend(best.info.backend);
      engine = best;
    }
  }
});
