import type { ParamValues } from '../../src/core/detectors/params';
import { median } from '../markdown';

/** Windows of p 4 joined over 16 rows, for every detector alike. */
export const [WINDOW, SPAN] = [4, 16];

/** One training and the scores of all runs. Rates are shares of rows, 0 to 1. */
export interface SeedResult {
  readonly seed: number;
  /** Missed rows of each fault at the 99 % quantile of the scores of run 0, and their mean without the invisible ones. */
  readonly missed: Readonly<Record<string, number>>;
  readonly missedMean: number;
  /** Rows until the first of three exceedances in a row, median over the faults; null for none in most of them. */
  readonly delay: number | null;
  /** The same mean, and false alarms on run 0, at the 99 % quantile of the normal scores of training. */
  readonly missedAtTrainingLimit: number;
  readonly falseAlarms: number;
  readonly fitSeconds: number;
}

export interface SettingResult {
  readonly name: string;
  /** Of the detector. */
  readonly id: string;
  readonly params: ParamValues;
  readonly seeds: readonly SeedResult[];
}

export interface TepResult {
  readonly engine: string;
  readonly quick: boolean;
  readonly settings: readonly SettingResult[];
}

/** Median of the seeds. */
export function delayOf({ seeds }: Pick<SettingResult, 'seeds'>): string {
  const delay = median(seeds.map((seed) => seed.delay ?? Infinity));
  return Number.isFinite(delay) ? delay.toFixed(0) : 'none';
}
