import type { Scalar, Tensor2D } from '@tensorflow/tfjs';
import { backwardMlp, forwardMlp } from '../../tensor/direct-mlp';
import { mlp, valuesOf } from '../../tensor/layers';
import type { WeightSpec } from '../../tensor/weights';
import type { TensorFlow } from '../detector';
import { networkDetector, type Trained } from '../shared/network-detector';
import { chunkOf, compareWithRebuilt, denseWorkspace } from '../shared/reconstruction';
import type { WindowReader } from '../shared/score-windows';
import { denseSpecs } from '../shared/vae-network';
import { windowStage, type WindowObjective } from '../shared/window-stage';
import { presets, propose, specs, type AutoencoderParams } from './params';

/** Dense autoencoder on rolling windows: hidden, code, hidden, with leaky ReLU between the layers. */
export const autoencoder = networkDetector<AutoencoderParams>({
  info: {
    id: 'autoencoder',
    title: 'Autoencoder',
    summary:
      'Squeezes each window into a code and rebuilds it; what cannot be rebuilt is unusual. For many tags with many relations between ' +
      'them, also curved ones that PCA cannot follow.',
    whenItFails:
      'It may learn to rebuild faults as well, most of all with a large code or few tags. A usual shape at the wrong time stays unseen.',
    presets,
    source:
      'Sakurada and Yairi 2014, Anomaly Detection Using Autoencoders with Nonlinear Dimensionality Reduction; ' +
      'baseline of Xu and Wang 2025 and of Li et al. 2019',
  },
  specs,
  propose,
  weights: (params, channels) => autoencoderSpecs(params.window * channels, params),
  stage: (tf, data, split, params, run) => windowStage(tf, 'autoencoder', data, split, params, run.random, objectiveOf(tf)),
  open: (tf, _, trained) => openAutoencoder(tf, trained),
  workspace: (params, channels) => denseWorkspace(params.batch, 2 * params.window * channels + 2 * params.hidden + params.latent),
});

/** Mean squared error of the values of a window. */
export function objectiveOf(tf: TensorFlow): WindowObjective {
  const meanSquare = (errors: Tensor2D): Scalar => tf.mean(tf.square(errors));
  return {
    loss(weights, x) {
      const reconstruction = meanSquare(tf.sub(mlp(tf, x, weights).out, x));
      return { total: reconstruction, parts: { reconstruction } };
    },
    gradient(weights, x) {
      const outputs = forwardMlp(tf, x, weights);
      const errors = tf.sub(outputs.at(-1)!, x) as Tensor2D;
      const reconstruction = meanSquare(errors).dataSync()[0]!;
      const gradients = backwardMlp(tf, x, weights, outputs, errors);
      return { total: reconstruction, parts: { reconstruction }, gradients, scale: 2 / x.size };
    },
  };
}

/** Layers of an `mlp` from `inputs` values over the code back to `inputs` values. */
export function autoencoderSpecs(
  inputs: number,
  { hidden, latent }: { readonly hidden: number; readonly latent: number },
): WeightSpec[] {
  return [
    ...denseSpecs('encoder-1', inputs, hidden),
    ...denseSpecs('encoder-2', hidden, latent),
    ...denseSpecs('decoder-1', latent, hidden),
    ...denseSpecs('decoder-2', hidden, inputs),
  ];
}

/**
 * Score of a window x with the reconstruction x̂: √(Σ (x − x̂)² / p·c), in scaled units. A channel's part is its own sum of squares, and
 * what was expected of a row is the last row of its window's reconstruction.
 */
function openAutoencoder(tf: TensorFlow, { params, channels, weights }: Trained<AutoencoderParams>): WindowReader {
  const size = params.window * channels;
  const tensors = weights.tensors(tf);
  return {
    chunk: chunkOf(size + 2 * params.hidden + params.latent),
    read(windows) {
      const shape = [windows.length / size, size] as [number, number];
      const rebuilt = valuesOf(tf, () => mlp(tf, tf.tensor2d(windows, shape) as Tensor2D, tensors).out);
      const { squares, energy, expected } = compareWithRebuilt(windows, rebuilt, size, channels);
      return { points: squares.map((sum) => Math.sqrt(sum / size)), energy, expected };
    },
    dispose: () => tf.dispose(tensors),
  };
}
