import type { FaultKind } from './open-prize-plant';

/** One contestant on one plant, in one part of the test. */
export interface OpenPrizeEntry extends Cell {
  readonly contestant: string;
  /** Draws the plant and the training. */
  readonly seed: number;
  readonly vusPr: number;
  readonly auc: number;
  /** At the 99 % quantile of held-out normal scores: no label is used. */
  readonly eventF1: number;
  readonly found: number;
  readonly falseEpisodes: number;
  /** Share of the scored rows that no fault's span covers above that limit; nominal 1 %. */
  readonly falseAlarms: number;
  /** AUC of one kind of fault against normal rows. */
  readonly kinds: Readonly<Record<FaultKind, number>>;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
}

/** What is varied. */
export interface Cell {
  readonly rows: number;
  readonly window: number;
  /** Whether two tags of the plant drift slowly in the test, as they never did in training. */
  readonly drift: boolean;
}

/** The flagship and the forecaster in one, as the sharp score joins reconstruction and forecast of one tag. Fixed before the first run. */
export const joined = 'hreg-vae-lstm + lstm-ad';
export const networks = ['hreg-vae-lstm', 'vae', 'lstm-ad', 'autoencoder', joined] as const;
export const classics = ['whitened-windows', 'knn', 'lof', 'pca'] as const;

/** Normal rows, rows of a window, and what one score covers: the least that the flagship can read of long windows is two in a row. */
export const shapes = [
  { rows: 2000, window: 24, span: 96 },
  { rows: 8000, window: 24, span: 96 },
  { rows: 32_000, window: 24, span: 96 },
  { rows: 8000, window: 96, span: 192 },
  { rows: 32_000, window: 96, span: 192 },
];
