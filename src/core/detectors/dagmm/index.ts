import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';
import { networkDetector, type Calibration, type Fitted, type Trained } from '../shared/network-detector';
import { chunkOf, compareWithRebuilt, denseWorkspace } from '../shared/reconstruction';
import type { WindowReader } from '../shared/score-windows';
import { windowStage, type WindowLoss } from '../shared/window-stage';
import { chunksOf, gatherWindows, spread } from '../shared/windows';
import { energiesOf, mixtureOf, narrowness } from './mixture';
import { compress, dagmmSpecs, estimate, featuresOf } from './network';
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
  stage: (tf, data, split, params, run) => windowStage(tf, 'dagmm', data, split, params, run.random, lossOf(tf, params)),
  calibration: mixture(),
  open: (tf, _, trained) => openDagmm(tf, trained),
  workspace: (params, channels) =>
    denseWorkspace(params.batch, 4 * params.window * channels + 2 * params.hidden + 4 * params.components * featuresOf(params)),
});

/** Mean squared error of a window + λ1·mean energy + λ2·narrowness (Zong et al. 2018, Eq. 7), with the mixture of the batch. */
export function lossOf(tf: TensorFlow, params: Pick<DagmmParams, 'energyWeight' | 'spreadWeight'>): WindowLoss {
  return (weights, x, draw) => {
    const { squares, features } = compress(tf, weights, x);
    const batch = mixtureOf(tf, features, estimate(tf, weights, features, draw));
    const parts = {
      reconstruction: tf.mean(squares) as Scalar,
      energy: tf.mean(energiesOf(tf, features, batch).energy) as Scalar,
      narrowness: narrowness(tf, batch),
    };
    const regular = tf.add(tf.mul(parts.energy, params.energyWeight), tf.mul(parts.narrowness, params.spreadWeight));
    return { total: tf.add(parts.reconstruction, regular), parts };
  };
}

/** The mixture of rows that the network was not trained on. */
function mixture(): Calibration<DagmmParams> {
  return {
    least: LEAST_WINDOWS,
    arrays: (params) => arraysOf(params),
    async fit(tf, { params, channels, weights }, data, ends, run) {
      const size = params.window * channels;
      const width = featuresOf(params);
      const rows = spread(ends, MOST_WINDOWS);
      const features = new Float32Array(rows.length * width);
      const tensors = weights.tensors(tf);
      try {
        let at = 0;
        for (const part of chunksOf(rows, chunkOf(size + 2 * params.hidden))) {
          await run.checkpoint();
          const windows = gatherWindows(data, params.window, part);
          const found = valuesOf(tf, () => compress(tf, tensors, tf.tensor2d(windows, [part.length, size])).features);
          features.set(found, at);
          at += found.length;
        }
        const flat = valuesOf(tf, () => {
          const z = tf.tensor2d(features, [rows.length, width]);
          const { shares, means, covariances } = mixtureOf(tf, z, estimate(tf, tensors, z, null));
          return tf.concat([shares, tf.reshape(means, [-1]), tf.reshape(covariances, [-1])]);
        });
        return split(flat, params);
      } finally {
        tf.dispose(tensors);
      }
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

function split(flat: Float32Array, params: DagmmParams): Fitted {
  let at = 0;
  return Object.fromEntries(
    arraysOf(params).map(({ name, shape }) => [name, flat.slice(at, (at += shape.reduce((product, length) => product * length)))]),
  );
}

/**
 * Score of a window from its energy E(z): √(2·(E(z) − E₀)), with E₀ the lowest energy that any z could have under the mixture. It grows
 * with the energy, is never negative, and is the Mahalanobis distance where there is one component.
 *
 * A channel's part is by how much the score falls when its values are replaced by the rebuilt ones.
 */
function openDagmm(tf: TensorFlow, { params, channels: c, weights, fitted }: Trained<DagmmParams>): WindowReader {
  const size = params.window * c;
  const tensors = weights.tensors(tf);
  const [shares, means, covariances] = arraysOf(params).map(({ name, shape }) => tf.tensor(fitted[name]!, shape));
  const gaussians = { shares: shares as Tensor1D, means: means as Tensor2D, covariances: covariances as Tensor3D };
  const batch = (windows: Float32Array): Tensor2D => tf.tensor2d(windows, [windows.length / size, size]);
  const scoresOf = (windows: Float32Array): Float32Array =>
    valuesOf(tf, () => {
      const { energy, lowest } = energiesOf(tf, compress(tf, tensors, batch(windows)).features, gaussians);
      return tf.sqrt(tf.mul(tf.maximum(tf.sub(energy, lowest), 0), 2));
    });
  return {
    chunk: chunkOf(size + 2 * params.hidden + params.components * featuresOf(params)),
    read(windows) {
      const rebuilt = valuesOf(tf, () => compress(tf, tensors, batch(windows)).rebuilt);
      const { energy, expected } = compareWithRebuilt(windows, rebuilt, size, c);
      const points = Float64Array.from(scoresOf(windows));
      for (let j = 0; c > 1 && j < c; j++) {
        const without = windows.slice();
        for (let at = j; at < without.length; at += c) without[at] = rebuilt[at]!;
        scoresOf(without).forEach((score, i) => (energy[i * c + j] = Math.max(0, points[i]! - score)));
      }
      return { points, energy, expected };
    },
    dispose: () => tf.dispose([tensors, ...Object.values(gaussians)]),
  };
}
