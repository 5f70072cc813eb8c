import type { TensorFlow } from '../detector';
import { networkDetector, type Calibration, type Trained } from '../shared/network-detector';
import { chunkOf, compareWithRebuilt, denseWorkspace } from '../shared/reconstruction';
import type { WindowReader } from '../shared/score-windows';
import { windowStage } from '../shared/window-stage';
import { chunksOf, gatherWindows, spread } from '../shared/windows';
import { estimate } from './estimation';
import { describe, type Compressed } from './features';
import { Density, mixtureOf } from './mixture';
import { CompressionNetwork, dagmmSpecs, estimationOf, featuresOf } from './network';
import { objectiveOf } from './objective';
import { presets, propose, specs, type DagmmParams } from './params';

/** Windows without which a mixture is not worth fitting. */
const LEAST_WINDOWS = 30;
/** Of more windows, evenly spaced ones fit the mixture. */
const MOST_WINDOWS = 20_000;

/** Deep autoencoding Gaussian mixture model. */
export const dagmm = networkDetector<DagmmParams>({
  info: {
    id: 'dagmm',
    title: 'DAGMM (deep autoencoding Gaussian mixture)',
    summary:
      'Squeezes each window into a few numbers, adds how well it is rebuilt, and asks how likely these numbers are in a mixture of ' +
      'Gaussians. For plants with several kinds of normal operation.',
    whenItFails:
      'The two networks pull against each other, and seeds differ much; with few rows or a drift the mixture no longer fits and almost ' +
      'nothing or everything stands out. Compare several seeds.',
    presets,
    source:
      'Zong, Song, Min, Cheng, Lumezanu, Cho and Chen 2018, Deep Autoencoding Gaussian Mixture Model for Unsupervised Anomaly Detection',
  },
  specs,
  propose,
  weights: (params, channels) => dagmmSpecs(params.window * channels, params),
  stage: (tf, data, split, params, run) => windowStage(tf, 'dagmm', data, split, params, run.random, objectiveOf(tf, params)),
  calibration: mixture(),
  open: (tf, _, trained) => openDagmm(tf, trained),
  workspace: (params, channels) =>
    denseWorkspace(params.batch, 4 * params.window * channels + 2 * params.hidden + 4 * params.components * featuresOf(params)),
});

/** The mixture of rows that the network was not trained on. */
function mixture(): Calibration<DagmmParams> {
  return {
    least: LEAST_WINDOWS,
    arrays: (params) => arraysOf(params),
    async fit(tf, { params, channels, weights }, data, ends, run) {
      const size = params.window * channels;
      const width = featuresOf(params);
      const rows = spread(ends, MOST_WINDOWS);
      const z = new Float64Array(rows.length * width);
      const network = new CompressionNetwork(tf, weights, size);
      try {
        let at = 0;
        for (const part of chunksOf(rows, chunkOf(size + 2 * params.hidden))) {
          await run.checkpoint();
          z.set(describe(network.compress(gatherWindows(data, params.window, part)), size).z, at);
          at += part.length * width;
        }
      } finally {
        network.dispose();
      }
      const { shares, means, covariances } = mixtureOf(z, estimate(z, estimationOf(weights), null).membership, width);
      return Object.fromEntries(
        [shares, means, covariances].map((values, i) => [arraysOf(params)[i]!.name, Float32Array.from(values)]),
      );
    },
  };
}

const arraysOf = (params: DagmmParams) => {
  const [k, d] = [params.components, featuresOf(params)];
  return [
    { name: 'mixture/shares', shape: [k] },
    { name: 'mixture/means', shape: [k, d] },
    { name: 'mixture/covariances', shape: [k, d, d] },
  ];
};

/**
 * Score of a window from its energy E(z): √(2·(E(z) − E₀)), with E₀ the lowest energy that any z could have under the mixture. It grows
 * with the energy, is never negative, and is the Mahalanobis distance where there is one component.
 *
 * A channel's part is by how much the score falls when its values are replaced by the rebuilt ones.
 */
function openDagmm(tf: TensorFlow, { params, channels: c, weights, fitted }: Trained<DagmmParams>): WindowReader {
  const size = params.window * c;
  const network = new CompressionNetwork(tf, weights, size);
  const [shares, means, covariances] = arraysOf(params).map(({ name }) => fitted[name]!) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const density = new Density({ size: featuresOf(params), shares, means, covariances });
  const scoresOf = (compressed: Compressed): Float64Array =>
    density.energies(describe(compressed, size).z).map((energy) => Math.sqrt(2 * Math.max(0, energy - density.lowest)));
  return {
    chunk: chunkOf(size + 2 * params.hidden),
    read(windows) {
      const compressed = network.compress(windows);
      const { rebuilt } = compressed;
      const { energy, expected } = compareWithRebuilt(windows, rebuilt, size, c);
      const points = scoresOf(compressed);
      for (let j = 0; c > 1 && j < c; j++) {
        const without = windows.slice();
        for (let at = j; at < without.length; at += c) without[at] = rebuilt[at]!;
        scoresOf(network.compress(without)).forEach((score, i) => (energy[i * c + j] = Math.max(0, points[i]! - score)));
      }
      return { points, energy, expected };
    },
    dispose: () => network.dispose(),
  };
}
