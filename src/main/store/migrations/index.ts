import { initial } from './0001-initial';
import { contractsComparisonsSweeps } from './0002-contracts-comparisons-sweeps';
import { reviewScores } from './0003-review-scores';
import type { Migration } from './migration';

export type { Migration } from './migration';

/** In order, without holes; only ever appended to. */
export const migrations: readonly Migration[] = [initial, contractsComparisonsSweeps, reviewScores];
