import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EpochRecord, RunContext } from '../src/core/detectors/detector';
import { Gauge } from '../src/core/detectors/gan/gauge';
import { invert } from '../src/core/detectors/gan/inversion';
import { drawLatent, expandLatent, latentShape } from '../src/core/detectors/gan/latent';
import { crossEntropy, messageImportance, type GanLoss } from '../src/core/detectors/gan/losses';
import { Monitor } from '../src/core/detectors/gan/monitor';
import { discriminate, generate, initialWeights } from '../src/core/detectors/gan/network';
import { specs } from '../src/core/detectors/gan/params';
import { gradientOf, trainGan } from '../src/core/detectors/gan/training';
import { mimGan } from '../src/core/detectors/mim-gan';
import { resolveParams, type ParamValues } from '../src/core/detectors/params';
import { splitTraining } from '../src/core/detectors/shared/split';
import type { PreparedSeries } from '../src/core/prepare/prepared';
import { randomFrom } from '../src/core/random';
import { normals, valuesOf } from '../src/core/tensor/layers';
import { Adam } from '../src/core/tensor/optimiser';
import { WeightSet } from '../src/core/tensor/weights';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';

let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadEngine();
});

const losses = [
  ['message importance', messageImportance],
  ['cross-entropy', crossEntropy],
] as const;

const logit = (p: number): number => Math.log(p / (1 - p));

/** What D answers at each of two points once it has minimised its loss; of ten windows, real[i] and made[i] lie at point i. */
function bestAnswers(
  loss: GanLoss,
  real: readonly number[],
  made: readonly number[],
  steps: number,
): { d: number[]; value: number } {
  const { tf } = engine;
  const flat = new Float32Array(2);
  const gradient = new Float32Array(2);
  const adam = new Adam(2);
  const choice = (counts: readonly number[]): Tensor2D =>
    tf.tensor2d(counts.flatMap((count, i) => Array.from({ length: count }, () => (i === 0 ? [1, 0] : [0, 1]))));
  const [atReal, atMade] = [choice(real), choice(made)];
  let value = Number.NaN;
  for (let step = 0; step < steps; step++) {
    value = tf.tidy(() => {
      const total = ([logits]: readonly Tensor[]): Scalar =>
        loss.discriminator(tf, tf.matMul(atReal, logits as Tensor2D), tf.matMul(atMade, logits as Tensor2D));
      return gradientOf(tf, total, [tf.tensor2d(flat, [2, 1])], gradient);
    });
    adam.update(flat, gradient, 0.05 * (1 - step / steps));
  }
  tf.dispose([atReal, atMade]);
  return { d: [...flat].map((l) => 1 / (1 + Math.exp(-l))), value };
}

describe('the value function of message importance', () => {
  it('has its optimum at D* = 1/2 + 1/2 ln(p/q)', () => {
    // By hand: 1/2 + ln(7/4)/2 = 0.779808, 1/2 + ln(3/6)/2 = 0.153426.
    const { d } = bestAnswers(messageImportance, [7, 3], [4, 6], 400);
    expect(d[0]).toBeCloseTo(0.779808, 3);
    expect(d[1]).toBeCloseTo(0.153426, 3);
  });

  it('is 2√e at D* = 1/2 where real and generated windows are alike', () => {
    const { d, value } = bestAnswers(messageImportance, [6, 4], [6, 4], 100);
    expect(d[0]).toBeCloseTo(0.5, 4);
    expect(value).toBeCloseTo(2 * Math.sqrt(Math.E), 5);
  });

  it('is clipped: where p/q > e, D grows towards 1', () => {
    // 1/2 + ln(9)/2 = 1.6.
    const { d } = bestAnswers(messageImportance, [9, 1], [1, 9], 400);
    expect(d[0]).toBeGreaterThan(0.98);
    expect(d[1]).toBeLessThan(0.02);
  });
});

it('cross-entropy has its optimum at D* = p / (p + q)', () => {
  const { d } = bestAnswers(crossEntropy, [7, 3], [4, 6], 400);
  expect(d[0]).toBeCloseTo(7 / 11, 3);
  expect(d[1]).toBeCloseTo(3 / 9, 3);
});

describe.each(losses)('%s', (_, loss) => {
  it('sends the generator to where the discriminator answers "real", at the slope by hand', () => {
    const { tf } = engine;
    const p = 0.3;
    const gradient = new Float32Array(1);
    tf.tidy(() => gradientOf(tf, ([l]) => loss.generator(tf, l as Tensor2D), [tf.tensor2d([[logit(p)]])], gradient));
    // d/dl: −e^D·D(1 − D), and −(1 − D). A generator that minimised exp(D) would have the other sign.
    const slope = loss === messageImportance ? -Math.exp(p) * p * (1 - p) : p - 1;
    expect(gradient[0]).toBeCloseTo(slope, 5);
  });

  it('draws generated windows to the data', async () => {
    const data = level(600, 3);
    const { history } = await train(data, { steps: 300 }, loss);
    const energy = history.map((record) => record.losses['validation']!);
    // Where the generator ran away from "real", its windows would stay as far from the data as they began.
    expect(Math.min(...energy)).toBeLessThan(0.5 * energy[0]!);
  });
});

/** Noise around one level, 2 tags. */
function level(rows: number, value: number): PreparedSeries {
  return {
    timestamps: Float64Array.from({ length: rows }, (_, row) => row),
    values: normals(randomFrom(3), 2 * rows).map((noise) => value + noise),
    channels: ['a', 'b'],
    segments: [{ start: 0, end: rows }],
    stepMs: 1,
  };
}

const paramsFrom = (given: ParamValues) =>
  resolveParams(specs, { window: 6, latent: 2, hidden: 8, batch: 32, generatorRate: 0.01, ...given });

async function train(data: PreparedSeries, given: ParamValues, loss: GanLoss) {
  const params = paramsFrom(given);
  const split = splitTraining(data.segments, data.timestamps.length, {
    window: params.window,
    span: params.window,
    what: 'windows',
  });
  const log: string[] = [];
  const run: RunContext = {
    random: randomFrom(5),
    tensorflow: () => Promise.resolve(engine.tf),
    fusedLstm: engine.fusedLstm,
    report: (progress) => progress.log !== undefined && log.push(progress.log),
    checkpoint: () => Promise.resolve(),
  };
  const trained = await trainGan(engine.tf, data, split, params, loss, run);
  const monitor = new Monitor(engine.tf, engine.fusedLstm, data, split, params, trained.weights.range, run.random);
  return { ...trained, log, monitor, params };
}

describe('the monitor', () => {
  it('finds a generator collapsed that makes one window from all latent numbers, and not one that does its work', async () => {
    const { monitor, weights } = await train(level(600, 0), { steps: 200 }, crossEntropy);
    const healthy = monitor.look(weights);
    expect(healthy.trouble).toBeNull();
    expect(healthy.losses.spread).toBeGreaterThan(0.3);
    // Without the input's weights every latent number gives the same window.
    weights.generator.views()[0]!.fill(0);
    const collapsed = monitor.look(weights);
    expect(collapsed.losses.spread).toBeLessThan(0.01);
    expect(collapsed.trouble).toMatch(/collapsed/);
    expect(collapsed.sample.generated[0]).toEqual(collapsed.sample.generated[1]);
    expect(collapsed.sample.real[0]).toHaveLength(12);
  });

  it('writes trouble into the curve and once into the log, and the best state by energy distance is kept', async () => {
    // A discriminator that is only ever asked to reject, and a generator that learns nothing from it.
    const rejecting: GanLoss = {
      discriminator: (tf, _, generated) => tf.mean(generated),
      generator: (tf, generated) => tf.mul(tf.mean(generated), 0),
    };
    const { history, log } = await train(level(600, 3), { steps: 200, discriminatorFactor: 10 }, rejecting);
    expect(history.at(-1)!.note).toMatch(/D\(G\(z\)\)/);
    expect(log.filter((line) => /sure of every generated window/.test(line))).toHaveLength(1);

    const trained = await train(level(600, 3), { steps: 200, generatorRate: 0.05 }, crossEntropy);
    const energy = (record: EpochRecord): number => record.losses['validation']!;
    const lowest = Math.min(...trained.history.map(energy));
    expect(energy(trained.history.at(-1)!)).toBeGreaterThan(lowest);
    expect(trained.monitor.look(trained.weights).losses.validation).toBe(lowest);
  });
});

it.each(losses)('%s: the gradient of the generator through both networks is that of finite differences', (_, loss) => {
  const { tf, fusedLstm } = engine;
  const params = paramsFrom({ hidden: 4 });
  const shape = latentShape(params);
  const { generator, discriminator } = initialWeights(
    { centre: new Float32Array(2), half: Float32Array.of(1, 1) },
    params,
    randomFrom(2),
  );
  const latent = expandLatent(shape, drawLatent(shape, 8, randomFrom(1)));
  const lossOf = (weights: readonly Tensor[]): Scalar => {
    const made = generate(tf, weights, tf.tensor3d(latent, [6, 8, 2]), fusedLstm);
    return loss.generator(tf, discriminate(tf, discriminator.tensors(tf), made, fusedLstm));
  };
  const gradient = new Float32Array(generator.flat.length);
  tf.tidy(() => gradientOf(tf, lossOf, generator.tensors(tf), gradient));
  const largest = Math.max(...gradient.map(Math.abs));
  const step = 0.02;
  for (let i = 0; i < gradient.length; i += 7) {
    const at = (move: number): number => {
      const moved = new WeightSet(generator.specs, generator.flat.slice());
      moved.flat[i]! += move;
      return valuesOf(tf, () => lossOf(moved.tensors(tf)))[0]!;
    };
    const slope = (at(step) - at(-step)) / (2 * step);
    expect(Math.abs(slope - gradient[i]!) / largest, `weight ${i}`).toBeLessThan(5e-3);
  }
});

it('measures the energy distance as by hand', () => {
  // Windows 0 and 2 against 1 and 5: E|X−Y| = (1 + 5 + 1 + 3)/4 = 2.5, E|X−X'| = 1, E|Y−Y'| = 2; (5 − 3)/5. Deviations 1 and 2.
  const { energy, spread } = new Gauge(engine.tf, Float32Array.of(0, 2), 1).compare(Float32Array.of(1, 5));
  expect(energy).toBeCloseTo(0.4, 4);
  expect(spread).toBeCloseTo(2, 5);
});

it('finds latent numbers that rebuild what the generator made', () => {
  const { tf } = engine;
  const params = paramsFrom({ inversionSteps: 200, inversionRate: 0.02, tolerance: 0 });
  const shape = latentShape(params);
  const weights = initialWeights(
    { centre: new Float32Array(2), half: Float32Array.of(1, 1) },
    params,
    randomFrom(2),
  ).generator.tensors(tf);
  const made = (rows: Float32Array): Float32Array =>
    valuesOf(tf, () => generate(tf, weights, tf.tensor3d(expandLatent(shape, rows), [6, 16, 2]), engine.fusedLstm));
  const target = made(drawLatent(shape, 16, randomFrom(1)));
  const starts = drawLatent(shape, 32, randomFrom(9));
  const error = (windows: Float32Array): number => windows.reduce((sum, value, i) => sum + (value - target[i]!) ** 2, 0);
  const found = invert(tf, weights, target, 2, starts, params, engine.fusedLstm);
  expect([...made(found.latent)]).toEqual([...found.windows]);
  expect(error(found.windows)).toBeLessThan(0.02 * error(made(starts.slice(0, 16 * shape.width))));
  tf.dispose(weights);
});

it('gives the same scores on WebAssembly and in plain JavaScript as on the best engine', async () => {
  const params = paramsFrom({ steps: 60, stride: 2, inversionSteps: 10 });
  const best = engine;
  const runOn = ({ tf, fusedLstm }: LoadedEngine): RunContext => ({
    ...{ random: randomFrom(5), tensorflow: () => Promise.resolve(tf), fusedLstm },
    ...{ report: () => undefined, checkpoint: () => Promise.resolve() },
  });
  const model = await mimGan.train(level(400, 1), params, runOn(best));
  const artifact = await model.save();
  const data = level(80, 2);
  const { score } = await model.score(data, runOn(best));
  model.dispose();
  const largest = Math.max(...score.filter((value) => !Number.isNaN(value)));
  try {
    for (const force of ['wasm', 'cpu'] as const) {
      const other = await loadEngine({ force });
      const restored = await mimGan.restore(artifact, runOn(other));
      const again = (await restored.score(data, runOn(other))).score;
      restored.dispose();
      score.forEach((value, row) => {
        if (!Number.isNaN(value)) expect(Math.abs(again[row]! - value) / largest, `${force}, row ${row}`).toBeLessThan(1e-3);
      });
    }
  } finally {
    await best.tf.setBackend(best.info.backend);
  }
});
