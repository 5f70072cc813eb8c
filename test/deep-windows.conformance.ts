import { readFileSync } from 'node:fs';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { autoencoderSpecs } from '../src/core/detectors/autoencoder';
import { dagmm } from '../src/core/detectors/dagmm';
import { estimate } from '../src/core/detectors/dagmm/estimation';
import { describe as featuresOf } from '../src/core/detectors/dagmm/features';
import { Density, mixtureOf } from '../src/core/detectors/dagmm/mixture';
import { CompressionNetwork, dagmmSpecs, estimationOf } from '../src/core/detectors/dagmm/network';
import { objectiveOf } from '../src/core/detectors/dagmm/objective';
import type { Backend, Detector, RunContext } from '../src/core/detectors/detector';
import { gdn } from '../src/core/detectors/gdn';
import { sensorGraph } from '../src/core/detectors/gdn/graph';
import { forecastByGraph, gdnSpecs } from '../src/core/detectors/gdn/network';
import { resolveParams, type ParamValues } from '../src/core/detectors/params';
import { toArtifact } from '../src/core/detectors/shared/model';
import { randomFrom } from '../src/core/random';
import type { Scores } from '../src/core/scoring/scores';
import { mlp } from '../src/core/tensor/layers';
import { sizeOf, WeightSet, type WeightSpec } from '../src/core/tensor/weights';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';

type Numbers = readonly number[];
type Case<Shape extends string, Values extends string, Single extends string> = { readonly [name in Shape | Single]: number } & {
  readonly [name in Values | 'weights' | 'x' | 'gradient']: Numbers;
};

/** Values of PyTorch in float64: test/reference/deep_windows.py. */
interface Reference {
  readonly autoencoder: Case<'inputs' | 'hidden' | 'latent' | 'batch', 'rebuilt' | 'scores', 'loss'>;
  readonly dagmm: Case<
    'inputs' | 'hidden' | 'latent' | 'components' | 'batch' | 'energyWeight' | 'spreadWeight',
    'features' | 'membership' | 'means' | 'covariances' | 'energy',
    'loss' | 'lowest' | 'narrowness'
  >;
  readonly gdn: Case<'tags' | 'window' | 'embedding' | 'hidden' | 'neighbours' | 'batch', 'attention' | 'forecast', 'loss'> & {
    readonly edges: readonly Numbers[];
  };
}
const reference = JSON.parse(readFileSync(new URL('./reference/deep_windows.json', import.meta.url), 'utf8')) as Reference;

/** Float32 against float64, relative to the largest value of what is compared. */
const TOLERANCE = 1e-5;
/** A gradient sums many terms that cancel. */
const GRADIENT_TOLERANCE = 1e-4;

function expectClose(found: ArrayLike<number>, expected: Numbers, what: string, tolerance = TOLERANCE): void {
  expect(found.length, what).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(found[i]! - expected[i]!) / scale, `${what}, value ${i}`).toBeLessThan(tolerance);
  }
}

describe.each<[string, Backend | undefined]>([
  ['best', undefined],
  ['wasm', 'wasm'],
])('on the %s engine', (_, force) => {
  let engine: LoadedEngine;
  beforeAll(async () => {
    engine = await loadEngine(force ? { force } : {});
  });
  afterEach(() => {
    expect(engine.tf.memory().numTensors).toBe(0);
  });

  function numbers(compute: () => readonly Tensor[]): Float32Array[] {
    const result: Float32Array[] = [];
    engine.tf.tidy(() => {
      for (const tensor of compute()) result.push(tensor.dataSync() as Float32Array);
    });
    return result;
  }

  const tensorsOf = (specs: readonly WeightSpec[], values: Numbers): Tensor[] =>
    new WeightSet(specs, Float32Array.from(values)).tensors(engine.tf);

  /** Loss and its gradient by all weights in a row. */
  const lossAndGradient = (weights: Tensor[], loss: (weights: readonly Tensor[]) => Scalar): Tensor[] => {
    const { tf } = engine;
    const { value, grads } = tf.valueAndGrads((...given: Tensor[]) => loss(given))(weights);
    return [value, tf.concat(grads.map((gradient) => tf.reshape(gradient, [-1])))];
  };

  it('rebuilds windows and learns as the autoencoder of PyTorch', () => {
    const { inputs, batch, ...twin } = reference.autoencoder;
    const [rebuilt, loss, gradient] = numbers(() => {
      const { tf } = engine;
      const weights = tensorsOf(autoencoderSpecs(inputs, twin), twin.weights);
      const x = tf.tensor2d([...twin.x], [batch, inputs]);
      const learn = lossAndGradient(weights, (given) => tf.mean(tf.square(tf.sub(x, mlp(tf, x, given).out))));
      return [mlp(tf, x, weights).out, ...learn];
    });
    expectClose(rebuilt!, twin.rebuilt, 'reconstruction');
    expectClose(loss!, [twin.loss], 'loss');
    expectClose(gradient!, twin.gradient, 'gradient', GRADIENT_TOLERANCE);
  });

  it('describes, weighs and learns windows as the DAGMM of PyTorch', () => {
    const { inputs, batch, ...twin } = reference.dagmm;
    const weights = new WeightSet(dagmmSpecs(inputs, twin), Float32Array.from(twin.weights));
    const network = new CompressionNetwork(engine.tf, weights, inputs);
    const { z } = featuresOf(network.compress(Float32Array.from(twin.x)), inputs);
    network.dispose();
    const estimated = estimate(z, estimationOf(weights), null).membership;
    const mixture = mixtureOf(z, estimated, twin.latent + 2);
    const density = new Density(mixture);
    const learned = numbers(() => {
      const { tf } = engine;
      const tensors = weights.tensors(tf);
      const x = tf.tensor2d([...twin.x], [batch, inputs]);
      const objective = objectiveOf(tf, twin);
      const learn = lossAndGradient(tensors, (given) => objective.loss(given, x, null).total);
      return [objective.loss(tensors, x, null).parts['narrowness']!, ...learn];
    });
    const found = [z, estimated, mixture.means, mixture.covariances, density.energies(z), [density.lowest], ...learned];
    const { features, membership, means, covariances, energy, lowest, narrowness, loss } = twin;
    const expected = { features, membership, means, covariances, energy, lowest: [lowest], narrowness: [narrowness], loss: [loss] };
    Object.entries(expected).forEach(([name, values], i) => expectClose(found[i]!, values, name));
    expectClose(found.at(-1)!, twin.gradient, 'gradient', GRADIENT_TOLERANCE);
  });

  it('draws the graph, forecasts and learns as the GDN of PyTorch', () => {
    const { tags, window, batch, ...twin } = reference.gdn;
    const shape = { window, embedding: twin.embedding, hidden: twin.hidden, neighbours: twin.neighbours };
    const found = numbers(() => {
      const { tf } = engine;
      const weights = tensorsOf(gdnSpecs(shape, tags), twin.weights);
      const x = tf.tensor2d([...twin.x], [batch, window * tags]);
      const last = tf.slice(x, [0, (window - 1) * tags], [batch, tags]);
      const { forecast, attention } = forecastByGraph(tf, weights, x, tags, shape);
      const learn = lossAndGradient(weights, (given) =>
        tf.mean(tf.square(tf.sub(last, forecastByGraph(tf, given, x, tags, shape).forecast))),
      );
      return [forecast, attention, ...learn];
    });
    expectClose(found[0]!, twin.forecast, 'forecast');
    expectClose(found[1]!, twin.attention, 'attention');
    expectClose(found[2]!, [twin.loss], 'loss');
    expectClose(found[3]!, twin.gradient, 'gradient', GRADIENT_TOLERANCE);
    const graph = sensorGraph(twin.weights.slice(0, tags * twin.embedding), tags, twin.neighbours);
    const edges = twin.edges.map((_, i) => Array.from({ length: tags }, (_, j) => j).filter((j) => graph[i * tags + j] === 1));
    expect(edges).toEqual(twin.edges);
  });
});

describe('scores, by hand', () => {
  let engine: LoadedEngine;
  beforeAll(async () => {
    engine = await loadEngine();
  });

  /** Of the rows of two tags, by a stored model with 0 everywhere but in the arrays that are given. */
  async function scoresOf(
    detector: Detector<never>,
    params: ParamValues,
    specs: readonly WeightSpec[],
    given: Readonly<Record<string, Numbers>>,
    rows: Numbers,
  ): Promise<Scores> {
    const shapes = [...specs, { name: 'expected/half-width', shape: [2] }, { name: 'normal-scores', shape: [1] }];
    const arrays = shapes.map((spec) => ({
      ...spec,
      values: Float32Array.from(given[spec.name] ?? new Array<number>(sizeOf(spec.shape)).fill(0)),
    }));
    const channels = ['a', 'b'];
    const all = resolveParams(detector.info.params, params);
    const run: RunContext = {
      random: randomFrom(1),
      tensorflow: () => Promise.resolve(engine.tf),
      fusedLstm: engine.fusedLstm,
      report: () => undefined,
      checkpoint: () => Promise.resolve(),
    };
    const artifact = toArtifact(detector.info, { params: all, channels, arrays, counts: { normalScores: 1 } });
    const n = rows.length / 2;
    const model = await detector.restore(artifact, run);
    const scores = await model.score(
      {
        ...{ timestamps: Float64Array.from({ length: n }, (_, i) => i), values: Float32Array.from(rows), channels },
        ...{ segments: [{ start: 0, end: n }], stepMs: 1 },
      },
      run,
    );
    expect(engine.tf.memory().numTensors).toBe(0);
    return scores;
  }

  it('measures each tag of GDN by its normal errors, and takes the largest', async () => {
    const shape = { window: 2, embedding: 2, hidden: 2 };
    const specs = [
      ...gdnSpecs(shape, 2),
      { name: 'errors/median', shape: [2] },
      { name: 'errors/spread', shape: [2] },
      { name: 'graph/attention', shape: [2, 2] },
    ];
    // Every forecast is the bias 1. Row (4, 3): errors 3 and 2, deviations (3 − 1) / (0.49 + 0.01) = 4 and (2 − 1.5) / (0.24 + 0.01) = 2.
    const given = { 'forecast-2/b': [1], 'errors/median': [1, 1.5], 'errors/spread': [0.49, 0.24] };
    const { score, byChannel, expected } = await scoresOf(gdn, shape, specs, given, [0, 0, 4, 3, 1, 2]);
    expect(score[0]).toBeNaN();
    expect(score[1]).toBeCloseTo(4, 5);
    expect(byChannel![2]).toBeCloseTo(16 / 20, 5);
    expect([...expected!.slice(2, 4)]).toEqual([1, 1]);
    // Row (1, 2): errors 0 and 1, both below the median.
    expect(score[2]).toBe(0);
  });

  it('gives the Mahalanobis distance where DAGMM has one component, and the part of the tag whose repair lowers it', async () => {
    const shape = { window: 1, hidden: 2, latent: 1, components: 1 };
    const specs = [
      ...dagmmSpecs(2, shape),
      { name: 'mixture/shares', shape: [1] },
      { name: 'mixture/means', shape: [1, 3] },
      { name: 'mixture/covariances', shape: [1, 3, 3] },
    ];
    // Every window is rebuilt as (0, 0): code 0, cosine 0, relative distance √(Σx² / (Σx² + 0.02)). Variances 1, 0.25 and 1.
    const given = { 'mixture/shares': [1], 'mixture/covariances': [1, 0, 0, 0, 0.25, 0, 0, 0, 1] };
    const { score, byChannel, expected } = await scoresOf(dagmm, shape, specs, given, [0, 0.2, 0.1, 0]);
    expect(score[0]).toBeCloseTo(Math.sqrt(0.04 / 0.06) / 0.5, 4);
    expect(score[1]).toBeCloseTo(Math.sqrt(0.01 / 0.03) / 0.5, 4);
    expect([...byChannel!].map((share) => Number(share.toFixed(3)))).toEqual([0, 1, 1, 0]);
    expect([...expected!]).toEqual([0, 0, 0, 0]);
  });
});
