import { mean } from '../markdown';

/** Shares of rows at or above the threshold that misses so many event rows. */
export interface Rates {
  readonly missed: number;
  readonly before: number;
  readonly after: number;
}

export interface Entry {
  readonly data: 'levels' | 'levels and spread' | 'skab';
  readonly detector: string;
  readonly variant: string;
  readonly plants: number;
  readonly atMissed: readonly Rates[];
  /** At the 99 % quantile of held-out normal scores, which no label chose. */
  readonly atQ99: Rates;
}

export interface Result {
  readonly version: string;
  readonly engine: string;
  readonly entries: readonly Entry[];
}

export const missedRates = [0.1, 0.2, 0.3] as const;
export const usualVariant = 'followed';
/** Runs on few files. */
export const network = 'hreg-vae-lstm';

/** Mean over the detectors of one kind of data, without the network, which runs on few files. */
export function meanRates(entries: readonly Entry[], data: Entry['data'], variant: string): readonly Rates[] {
  const own = entries.filter((entry) => entry.data === data && entry.variant === variant && entry.detector !== network);
  return missedRates.map((missedRate, at) => ({
    missed: missedRate,
    before: mean(own.map(({ atMissed }) => atMissed[at]!.before)),
    after: mean(own.map(({ atMissed }) => atMissed[at]!.after)),
  }));
}
