import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Detector, ModelArtifact, RunContext } from '../src/core/detectors/detector';
import { lstmAd } from '../src/core/detectors/lstm-ad';
import { Forecaster, forecastStage } from '../src/core/detectors/lstm-ad/network';
import { shapeOf, specs as lstmAdSpecs } from '../src/core/detectors/lstm-ad/params';
import { resolveParams, type ParamValues } from '../src/core/detectors/params';
import { toArtifact } from '../src/core/detectors/shared/model';
import { vae } from '../src/core/detectors/vae';
import type { PreparedSeries } from '../src/core/prepare/prepared';
import { randomFrom } from '../src/core/random';
import { initialise, normals } from '../src/core/tensor/layers';
import { openForgetGates, stackSpecs } from '../src/core/tensor/lstm-stack';
import { sizeOf, WeightSet, type WeightSpec } from '../src/core/tensor/weights';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';

let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadEngine();
});
afterEach(() => {
  expect(engine.tf.memory().numTensors).toBe(0);
});

function runWith(seed: number): RunContext {
  return {
    random: randomFrom(seed),
    tensorflow: () => Promise.resolve(engine.tf),
    fusedLstm: engine.fusedLstm,
    report: () => undefined,
    checkpoint: () => Promise.resolve(),
  };
}

function series(values: Float32Array, channels: number): PreparedSeries {
  const rows = values.length / channels;
  return {
    timestamps: Float64Array.from({ length: rows }, (_, row) => row),
    values,
    channels: Array.from({ length: channels }, (_, j) => `tag ${j + 1}`),
    segments: [{ start: 0, end: rows }],
    stepMs: 1,
  };
}

/** A stored model with 0 everywhere but in the arrays that are given. */
function modelOf(
  detector: Detector<never>,
  params: ParamValues,
  channels: number,
  weights: WeightSpec[],
  given: Record<string, number[]>,
) {
  const arrays = weights.map((spec) => ({
    ...spec,
    values: Float32Array.from(given[spec.name] ?? new Array<number>(sizeOf(spec.shape)).fill(0)),
  }));
  const names = Array.from({ length: channels }, (_, j) => `tag ${j + 1}`);
  return toArtifact(detector.info, { params, channels: names, arrays, counts: { normalScores: 1 } });
}

const scoreOf = async (detector: Detector<never>, artifact: ModelArtifact, values: number[]) => {
  const model = await detector.restore(artifact, runWith(1));
  return model.score(series(Float32Array.from(values), artifact.channels.length), runWith(1));
};

describe('LSTM-AD', () => {
  const [p, c, ahead, hidden] = [6, 2, 3, 4];
  const params = resolveParams(lstmAdSpecs, { window: p, ahead, hidden, layers: 2, batch: 64 });
  const weights = new WeightSet(stackSpecs('lstm', shapeOf(params, c)));
  initialise(weights, randomFrom(1));
  openForgetGates(weights);

  /** The network cell by cell in float64, from the equations: outputs of each row of a window but the last, [p−1][l·c]. */
  function outputsOf(window: ArrayLike<number>): number[][] {
    const views = weights.views();
    let rows = Array.from({ length: p - 1 }, (_, t) => Array.from({ length: c }, (_, j) => window[t * c + j]!));
    const times = (x: number[], w: Float32Array, b: Float32Array): number[] =>
      Array.from(b, (bias, k) => x.reduce((sum, value, i) => sum + value * w[i * b.length + k]!, bias));
    const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
    for (const layer of [0, 1]) {
      let [h, cell] = [new Array<number>(hidden).fill(0), new Array<number>(hidden).fill(0)];
      rows = rows.map((x) => {
        const gates = times([...x, ...h], views[2 * layer]!, views[2 * layer + 1]!);
        const gate = (n: number, k: number): number => gates[n * hidden + k]!;
        cell = cell.map((value, k) => sigmoid(gate(1, k)) * value + sigmoid(gate(0, k)) * Math.tanh(gate(2, k)));
        h = cell.map((value, k) => sigmoid(gate(3, k)) * Math.tanh(value));
        return h;
      });
    }
    return rows.map((h) => times(h, views[4]!, views[5]!));
  }

  it('judges the last row by the forecasts that were made 1, 2 and 3 rows before it', () => {
    const windows = normals(randomFrom(2), 3 * p * c);
    const forecaster = new Forecaster(engine.tf, engine.fusedLstm, { params, channels: c, weights });
    const errors = forecaster.errors(windows);
    forecaster.dispose();
    for (let i = 0; i < 3; i++) {
      const window = windows.subarray(i * p * c, (i + 1) * p * c);
      const outputs = outputsOf(window);
      for (let h = 1; h <= ahead; h++) {
        for (let j = 0; j < c; j++) {
          const expected = window[(p - 1) * c + j]! - outputs[p - 1 - h]![(h - 1) * c + j]!;
          expect(errors[i * ahead * c + (h - 1) * c + j]).toBeCloseTo(expected, 5);
        }
      }
    }
  });

  it('learns from every forecast of a row inside the window, and from no other', () => {
    const data = series(normals(randomFrom(3), 20 * c), c);
    const ends = Int32Array.from({ length: 15 }, (_, i) => p - 1 + i);
    const none = new Int32Array(0);
    const split = { tailFrom: 20, trainWindows: ends, validationWindows: none, trainSequences: ends, validationSequences: none };
    const stage = forecastStage(engine.tf, data, split, params, engine.fusedLstm, randomFrom(4));
    const found = engine.tf.tidy(() => stage.loss(weights.tensors(engine.tf), 0).total.dataSync()[0]!);
    let [sum, count] = [0, 0];
    for (const end of ends) {
      const window = data.values.subarray((end - p + 1) * c, (end + 1) * c);
      outputsOf(window).forEach((output, t) => {
        for (let h = 1; t + h < p && h <= ahead; h++) {
          for (let j = 0; j < c; j++, count++) sum += (window[(t + h) * c + j]! - output[(h - 1) * c + j]!) ** 2;
        }
      });
    }
    expect(found / (sum / count)).toBeCloseTo(1, 5);
  });

  it('measures errors by their normal mean and covariance', async () => {
    const small = { window: 2, ahead: 1, hidden: 4, layers: 1 };
    const width: WeightSpec[] = [
      ...stackSpecs('lstm', { inputs: 2, hidden: 4, layers: 1, outputs: 2 }),
      { name: 'errors/mean', shape: [2] },
      { name: 'errors/inverse', shape: [2, 2] },
      { name: 'errors/variance', shape: [2] },
      { name: 'expected/half-width', shape: [2] },
      { name: 'normal-scores', shape: [1] },
    ];
    // Every forecast is the bias (1, 2). Covariance [[4, 2], [2, 5]] = G Gᵀ, G = [[2, 0], [1, 2]]; `inverse` is G⁻ᵀ.
    const given = {
      'lstm-out/b': [1, 2],
      'errors/mean': [1, 0],
      'errors/inverse': [0.5, -0.25, 0, 0.5],
      'errors/variance': [4, 5],
    };
    const model = (score: string) => modelOf(lstmAd, resolveParams(lstmAdSpecs, { ...small, score }), 2, width, given);
    // The row (4, 7): errors (3, 5), less the mean (2, 5); d² = 2·(5/16)·2 − 2·2·(2/16)·5 + 5·(4/16)·5 = 5: G⁻¹ gives (1, 2).
    const distance = await scoreOf(lstmAd, model('distance'), [0, 0, 4, 7]);
    expect(distance.score[0]).toBeNaN();
    expect(distance.score[1]).toBeCloseTo(Math.sqrt(5 / 2), 6);
    // Energies 2²/4 = 1 and 5²/5 = 5.
    expect(distance.byChannel![2]).toBeCloseTo(1 / 6, 6);
    expect([...distance.expected!.slice(2)]).toEqual([1, 2]);
    const likelihood = await scoreOf(lstmAd, model('likelihood'), [0, 0, 4, 7]);
    expect(likelihood.score[1]).toBeCloseTo(2.5, 6);
  });
});

describe('VAE', () => {
  it('scores the reconstruction error, or with the divergence of the code', async () => {
    const model = (score: string): ModelArtifact => {
      const params = resolveParams(vae.info.params, { window: 2, hidden: 4, latent: 1, sigmaX: 0.5, score });
      const layers = [
        ...[['encoder-1', 2, 4] as const, ['encoder-2', 4, 4] as const, ['mean', 4, 1] as const, ['log-variance', 4, 1] as const],
        ...[['decoder-1', 1, 4] as const, ['decoder-2', 4, 4] as const, ['decoder-3', 4, 2] as const],
      ];
      const weights = layers.flatMap(([name, inputs, outputs]) => [
        { name: `${name}/w`, shape: [inputs, outputs] },
        { name: `${name}/b`, shape: [outputs] },
      ]);
      const extras = [
        { name: 'expected/half-width', shape: [1] },
        { name: 'normal-scores', shape: [1] },
      ];
      // Every window has the code N(3, e) and is rebuilt as (1, 2).
      return modelOf(vae, params, 1, [...weights, ...extras], { 'mean/b': [3], 'log-variance/b': [1], 'decoder-3/b': [1, 2] });
    };
    // Windows (1, 5) and (5, 0): squared errors 0 + 9 and 16 + 4.
    const rebuilt = await scoreOf(vae, model('reconstruction'), [1, 5, 0]);
    expect(rebuilt.score[1]).toBeCloseTo(Math.sqrt(9 / 2), 6);
    expect(rebuilt.score[2]).toBeCloseTo(Math.sqrt(20 / 2), 6);
    expect([...rebuilt.expected!.slice(1)]).toEqual([2, 2]);
    // KL = (3² + e − 1 − 1) / 2; 2σx² = 0.5.
    const elbo = await scoreOf(vae, model('elbo'), [1, 5, 0]);
    expect(elbo.score[1]).toBeCloseTo(9 / 0.5 + (7 + Math.E) / 2, 4);
  });
});

describe('held-out rows', () => {
  const rows = 480;
  const values = normals(randomFrom(5), rows);
  const arraysOf = ({ manifest, weights }: ModelArtifact): Map<string, string> => {
    const entries = manifest['weights'] as { name: string; shape: number[]; offset: number }[];
    return new Map(entries.map(({ name, shape, offset }) => [name, weights.slice(offset, offset + 4 * sizeOf(shape)).join()]));
  };

  // 15 % are the tail: rows 408 to 479. A calibration takes the first 36 of them; windows of 12 rows inside the others give the scores.
  it.each([
    ['vae', vae, 408, 72 - 11],
    ['lstm-ad', lstmAd, 444, 36 - 11],
  ] as const)('%s learns nothing from the rows that give its normal scores', async (_, detector: Detector<never>, from, count) => {
    const params = resolveParams(detector.info.params, { window: 12, hidden: 8, steps: 20 }) as never;
    const changed = values.map((value, row) => (row >= from ? 2 * value : value));
    const artifacts: Map<string, string>[] = [];
    for (const given of [values, changed]) {
      const model = await detector.train(series(given, 1), params, runWith(6));
      expect(model.normalScores).toHaveLength(count);
      artifacts.push(arraysOf(await model.save()));
    }
    const differing = [...artifacts[0]!.keys()].filter((name) => artifacts[0]!.get(name) !== artifacts[1]!.get(name));
    expect(differing).toEqual(['expected/half-width', 'normal-scores']);
  });

  it('says how long a run without a gap must be, before it trains', async () => {
    const segments = Array.from({ length: 8 }, (_, i) => ({ start: 60 * i, end: 60 * i + 60 }));
    const params = resolveParams(vae.info.params, { window: 12, span: 62, steps: 20 }) as never;
    const training = vae.train({ ...series(values, 1), segments }, params, runWith(6));
    // The tail: 1.5 spans, more than 15 % of the rows.
    await expect(training).rejects.toThrow(/run of 62 rows without a gap among the last 93/);
  });
});
