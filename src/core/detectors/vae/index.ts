import { networkDetector, type Trained } from '../shared/network-detector';
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
  workspace: (params, channels) => 12 * params.batch * (2 * params.window * channels + 6 * params.hidden) + 8 * CHUNK_VALUES,
});

/** Most values of the windows that are read at once. */
const CHUNK_VALUES = 1_000_000;

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
    chunk: Math.max(1, Math.floor(CHUNK_VALUES / size)),
    read(windows) {
      const count = windows.length / size;
      const rebuilt = network.decode(network.encode(windows));
      const points = new Float64Array(count);
      const energy = new Float64Array(count * c);
      const expected = new Float32Array(count * c);
      for (let i = 0; i < count; i++) {
        let sum = 0;
        for (let k = 0; k < size; k++) {
          const square = (windows[i * size + k]! - rebuilt[i * size + k]!) ** 2;
          energy[i * c + (k % c)]! += square;
          sum += square;
        }
        points[i] = params.score === 'elbo' ? sum / (2 * params.sigmaX ** 2) : Math.sqrt(sum / size);
        expected.set(rebuilt.subarray((i + 1) * size - c, (i + 1) * size), i * c);
      }
      if (params.score === 'elbo') network.divergence(windows).forEach((divergence, i) => (points[i]! += divergence));
      return { points, energy, expected };
    },
    dispose: () => network.dispose(),
  };
}
