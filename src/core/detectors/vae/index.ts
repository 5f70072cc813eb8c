import { networkDetector, type Trained } from '../shared/network-detector';
import { chunkOf, compareWithRebuilt, denseWorkspace } from '../shared/reconstruction';
import type { WindowReader } from '../shared/score-windows';
import { VaeNetwork, vaeSpecs } from '../shared/vae-network';
import { vaeStage } from '../shared/vae-stage';
import type { TensorFlow } from '../detector';
import { presets, propose, specs, type VaeParams } from './params';

/** Variational autoencoder on rolling windows, without penalty and forecast. */
export const vae = networkDetector<VaeParams>({
  info: {
    id: 'vae',
    title: 'VAE (variational autoencoder)',
    summary:
      'Writes each window as a few numbers and rebuilds it; what cannot be rebuilt is unusual. The plain network to compare others with: ' +
      'quick to train, for one or many signals whose shape repeats.',
    whenItFails:
      'It knows nothing beyond one window: a usual shape at the wrong time stays unseen. With a large latent size it rebuilds faults as well.',
    presets,
    source: 'Kingma and Welling 2014; An and Cho 2015; baseline of Xu and Wang 2025',
  },
  specs,
  propose,
  weights: (params, channels) => vaeSpecs(params.window * channels, params),
  stage: (tf, data, split, params, run) => vaeStage(tf, data, split, params, run.random),
  open: (tf, _, trained) => openVae(tf, trained),
  workspace: (params, channels) => denseWorkspace(params.batch, 2 * params.window * channels + 6 * params.hidden),
});

/**
 * Score of a window: the root mean square of x − decoder(μ(x)) in scaled units, or the negative ELBO at the code's mean without its
 * constant, ||x − decoder(μ(x))||² / 2σx² + KL. What was expected of a row is the last row of its window's reconstruction.
 *
 * @see An and Cho 2015, Variational autoencoder based anomaly detection using reconstruction probability.
 */
function openVae(tf: TensorFlow, { params, channels: c, weights }: Trained<VaeParams>): WindowReader {
  const size = params.window * c;
  const network = new VaeNetwork(tf, weights, size, params.latent);
  return {
    chunk: chunkOf(size),
    read(windows) {
      const rebuilt = network.decode(network.encode(windows));
      const { squares, energy, expected } = compareWithRebuilt(windows, rebuilt, size, c);
      const divergence = params.score === 'elbo' ? network.divergence(windows) : null;
      const points = squares.map((sum, i) =>
        divergence ? sum / (2 * params.sigmaX ** 2) + divergence[i]! : Math.sqrt(sum / size),
      );
      return { points, energy, expected };
    },
    dispose: () => network.dispose(),
  };
}
