import type { ParamSpecs } from '../params';

/** Settings of every variational autoencoder on windows. */
export const vaeParams = {
  latent: {
    ...{ kind: 'integer', default: 6, min: 1, max: 64, unit: '', title: 'Latent size Q', expert: true },
    help: 'Numbers that describe one window. More follow the data closer, anomalies included.',
  },
  hidden: {
    ...{ kind: 'integer', default: 64, min: 4, max: 512, unit: '', title: 'Hidden units', expert: true },
    help: 'Width of each hidden layer.',
  },
  sigmaX: {
    ...{ kind: 'number', default: 0.2, min: 0.01, max: 2, unit: 'standard deviations', title: 'Noise of the data σx' },
    expert: true,
    help: 'Spread of normal noise around the reconstruction. Smaller weighs the reconstruction more against the smoothness of the code.',
  },
} as const satisfies ParamSpecs;
