import type { Segment } from './segments';

/** Weights of a found window, a false row, and a missed window. */
export interface NabProfile {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
}

/** The three application profiles of the Numenta Anomaly Benchmark. */
export const nabProfiles = {
  standard: { tp: 1, fp: 0.11, fn: 1 },
  lowFp: { tp: 1, fp: 0.22, fn: 1 },
  lowFn: { tp: 1, fp: 0.11, fn: 2 },
} as const satisfies Record<string, NabProfile>;

export interface NabScore {
  readonly raw: number;
  /** 0 as good as detecting nothing, 100 perfect; far below 0 with many false rows. */
  readonly normalised: number;
}

/** Rows at the start that do not count: 15 %, at most 750. */
export function nabProbation(n: number): number {
  return Math.min(Math.floor(0.15 * n), 750);
}

/**
 * Score of the Numenta Anomaly Benchmark for one series at one threshold. The best (first) predicted row of a window counts, by its
 * position; each predicted row outside counts against, by its distance from the window before. False rows count one by one: merging
 * them into events first would give another score.
 *
 * @param predicted - [n] 1 where score >= threshold.
 * @param windows - labelled segments, ascending, disjoint.
 * @param probation - rows at the start that do not count, as `nabProbation`.
 * @returns null when no window reaches beyond the probation.
 * @see Lavin and Ahmad, "Evaluating real-time anomaly detection algorithms: the Numenta Anomaly Benchmark", 2015; nab/sweeper.py.
 */
export function nabScore(
  predicted: Uint8Array,
  windows: readonly Segment[],
  profile: NabProfile,
  probation: number = nabProbation(predicted.length),
): NabScore | null {
  const judged = windows.filter(({ end }) => end >= probation).length;
  if (judged === 0) return null;
  let raw = 0;
  let row = 0;
  let previous: Segment | undefined;
  const falseRows = (until: number): void => {
    for (; row < until; row++) if (predicted[row] === 1 && row >= probation) raw += nabRowWeight(row, previous, false, profile);
  };
  for (const window of windows) {
    falseRows(window.start);
    let best = -profile.fn;
    for (; row <= window.end; row++) {
      if (predicted[row] === 1 && row >= probation) best = Math.max(best, nabRowWeight(row, window, true, profile));
    }
    if (window.end >= probation) raw += best;
    previous = window;
  }
  falseRows(predicted.length);
  const nothing = -profile.fn * judged;
  return { raw, normalised: (100 * (raw - nothing)) / (profile.tp * judged - nothing) };
}

/**
 * Weight of one predicted row.
 *
 * @param window - the window it is in, or the last one before it; undefined before the first.
 */
export function nabRowWeight(row: number, window: Segment | undefined, inside: boolean, profile: NabProfile): number {
  if (window === undefined) return -profile.fp;
  const width = window.end - window.start + 1;
  if (inside) return (profile.tp * sigma(-(window.end - row + 1) / width)) / sigma(-1);
  // A window of one row would divide by zero in the published code; the distance in rows is taken instead.
  return profile.fp * sigma((row - window.end) / Math.max(1, width - 1));
}

/** 2 / (1 + e^{5x}) − 1, and −1 from x = 3 on, as in the benchmark's code. */
function sigma(x: number): number {
  return x >= 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1;
}
