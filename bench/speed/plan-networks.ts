import type { Measurement } from './plan';

const training = (job: string, title: string, channels: number, shape: Readonly<Record<string, number>>): Measurement => ({
  ...{ id: `${job}-${channels}`, section: 'networks', title: `${title}, ${channels} tags`, job, pieces: 300, rounds: 5, goal: 1.2 },
  shape: { rows: 5000, channels, batch: 128, hidden: 64, ...shape },
});

/** The training of detectors that are one small network. */
export const networkPlan: readonly Measurement[] = [8, 50].flatMap((channels) => [
  training('autoencoder', 'autoencoder, 24 rows', channels, { window: 24, latent: 16 }),
  training('dagmm', 'DAGMM, 24 rows', channels, { window: 24, latent: 2, components: 4 }),
  training('gdn', 'GDN, 6 rows', channels, { window: 6, embedding: 32, neighbours: 15 }),
]);
