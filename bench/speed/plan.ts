import { networkPlan } from './plan-networks';

/** One line of the comparison. */
export interface Measurement {
  readonly id: string;
  readonly section: 'lstm' | 'networks' | 'hreg' | 'gan' | 'alone';
  readonly title: string;
  readonly job: string;
  readonly shape: Readonly<Record<string, number>>;
  readonly pieces: number;
  /** Rounds, each with both sides in turn; fewer where a piece is long. */
  readonly rounds: number;
  /** Works on the series. */
  readonly series?: true;
  /** Only ours runs. */
  readonly alone?: true;
  /** Most of PyTorch's time that ours may take; absent: shown without a goal. */
  readonly goal?: number;
}

const steps = (T: number, batch: number, inputs: number, hidden: number, pieces: number, goal: number): Measurement => ({
  ...{ id: `lstm-${T}x${batch}`, section: 'lstm', title: `${T} x ${batch} x ${inputs} x ${hidden}`, job: 'lstm' },
  ...{ shape: { steps: T, batch, inputs, hidden }, pieces, rounds: 7, goal },
});

const fit = (id: string, title: string, writtenOut: 0 | 1, goal?: number): Measurement => ({
  ...{ id, section: 'hreg', title, job: 'hreg', pieces: 1, rounds: 3, series: true },
  shape: { window: 24, windows: 7, batch: 128, vaeSteps: 1500, lstmSteps: 1000, writtenOut },
  ...(goal !== undefined && { goal }),
});

const small = { steps: 30, hidden: 32, channels: 6, latent: 5, constant: 3, updates: 25 };
const large = { steps: 90, hidden: 100, channels: 6, latent: 15, constant: 0, updates: 25 };
const gan = (
  id: string,
  title: string,
  job: string,
  shape: Record<string, number>,
  pieces: number,
  rounds: number,
): Measurement => ({
  ...{ id, section: 'gan', title, job, shape, pieces, rounds, goal: 1.2 },
});

const scoring = (id: string, title: string, sharp: 0 | 1): Measurement => ({
  ...{ id, section: 'alone', title, job: 'scoring', pieces: 1, rounds: 1, alone: true },
  shape: { window: 24, windows: 7, rows: 1_000_000, sharp },
});

export const plan: readonly Measurement[] = [
  steps(11, 32, 6, 64, 100, 1.1),
  steps(24, 128, 1, 64, 40, 1.1),
  steps(90, 512, 6, 100, 2, 0.75),
  steps(288, 64, 4, 64, 8, 0.5),
  ...networkPlan,
  fit('hreg', 'against differentiating twice, as PyTorch users write it', 0, 1),
  fit('hreg-written-out', 'against the penalty written out as matrix products', 1),
  gan('gan-30', 'iteration, L 30, hidden 32, batch 128', 'ganIteration', { ...small, batch: 128 }, 20, 5),
  gan('gan-30-inversion', 'inversion of 256 windows, 25 updates, L 30', 'ganInversion', { ...small, batch: 256 }, 1, 5),
  gan('gan-90', 'iteration, L 90, hidden 100, batch 512', 'ganIteration', { ...large, batch: 512 }, 2, 4),
  gan('gan-90-inversion', 'inversion of 256 windows, 25 updates, L 90', 'ganInversion', { ...large, batch: 256 }, 1, 3),
  scoring('scoring-sharp', 'a million samples, p x k = 24 x 7, sharp score', 1),
  scoring('scoring-paper', 'a million samples, p x k = 24 x 7, published score', 0),
  {
    ...{ id: 'leak', section: 'alone', title: '1,000 batches of VAE training, after 1,000 others', job: 'leak', shape: {} },
    pieces: 1000,
    rounds: 1,
    alone: true,
  },
];
