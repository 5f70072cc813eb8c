import type { Series } from '../series/series';

/**
 * Shortest and longest window proposed, in samples. The settings of the detectors were chosen at 24, and each gap in
 * the data costs k windows without a score. A longer season is divided into equal windows (a day of 5 minutes: 12 x 24).
 */
export const windowLimits = { min: 8, max: 24 } as const;
/** Samples looked at; longer series are cut to their middle part. */
const sampleCap = 30_000;
const longestLag = 600;
/** Of more tags than this an even choice is looked at: the median hardly moves, and the wizard must not wait. */
const channelCap = 24;
/** A peak of the autocorrelation counts as a season when it rises this far above the lowest value before it. */
const seasonProminence = 0.1;
/** …and is itself at least this high. */
const seasonHeight = 0.2;

export interface WindowProposal {
  /** The tag that decided. */
  readonly channel: string;
  /** Autocorrelation of the tag at lags 0, 1, … samples. */
  readonly values: readonly number[];
  readonly windowSamples: number;
}

/**
 * Window length proposed from the autocorrelation: one season, or an equal part of it of at most 24 samples, where there is a season;
 * otherwise the lag at which the correlation falls below 1/e. Always 8 to 24 samples. With several tags the median proposal wins.
 */
export function proposeWindow(series: Pick<Series, 'columns' | 'channels'>): WindowProposal {
  const stride = Math.max(1, Math.ceil(series.channels.length / channelCap));
  const proposals = series.channels
    .map((channel, j) => ({ channel, column: series.columns[j]! }))
    .filter((_, j) => j % stride === 0)
    .map(({ channel, column }) => {
      const values = autocorrelation(column);
      return { channel, values, windowSamples: windowOf(values) };
    })
    .filter(({ values }) => values.length > 1)
    .sort((a, b) => a.windowSamples - b.windowSamples);
  return (
    proposals[(proposals.length - 1) >> 1] ?? { channel: series.channels[0] ?? '', values: [1], windowSamples: windowLimits.min }
  );
}

/**
 * Autocorrelation at lags 0..600 (fewer for short series); pairs with a missing value do not count. [1] for a flat column.
 *
 * @param column - [n] NaN where there is no value.
 */
export function autocorrelation(column: ArrayLike<number>): number[] {
  const n = Math.min(column.length, sampleCap);
  const offset = (column.length - n) >> 1;
  let count = 0;
  let mean = 0;
  for (let i = 0; i < n; i++) {
    const value = column[offset + i]!;
    if (Number.isFinite(value)) mean += (value - mean) / ++count;
  }
  // A missing value becomes 0 after centring and is left out of the number of pairs.
  const centred = Float64Array.from({ length: n }, (_, i) => {
    const value = column[offset + i]!;
    return Number.isFinite(value) ? value - mean : 0;
  });
  const present = Uint8Array.from({ length: n }, (_, i) => (Number.isFinite(column[offset + i]!) ? 1 : 0));
  const at = (lag: number): number => {
    let sum = 0;
    let pairs = 0;
    for (let i = 0; i + lag < n; i++) {
      sum += centred[i]! * centred[i + lag]!;
      pairs += present[i]! & present[i + lag]!;
    }
    return pairs === 0 ? 0 : sum / pairs;
  };
  const variance = at(0);
  if (!(variance > 0)) return [1];
  const lags = Math.min(longestLag, Math.floor(n / 4));
  return Array.from({ length: lags + 1 }, (_, lag) => at(lag) / variance);
}

function windowOf(values: readonly number[]): number {
  const season = seasonOf(values);
  if (season !== null) return Math.max(windowLimits.min, Math.round(season / Math.ceil(season / windowLimits.max)));
  const decay = values.findIndex((value) => value < 1 / Math.E);
  return Math.min(windowLimits.max, Math.max(windowLimits.min, decay < 0 ? windowLimits.max : decay));
}

/** Lag of the highest peak of the autocorrelation behind its first valley, or null when it does not stand out. */
function seasonOf(values: readonly number[]): number | null {
  let lowest = 1;
  let best: number | null = null;
  for (let lag = 1; lag + 1 < values.length; lag++) {
    const value = values[lag]!;
    lowest = Math.min(lowest, value);
    const peak = value >= values[lag - 1]! && value > values[lag + 1]!;
    if (!peak || lag < windowLimits.min || value < seasonHeight || value - lowest < seasonProminence) continue;
    // A multiple of the season is often a hair higher: it must be clearly higher to replace the first peak.
    if (best === null || value > values[best]! + seasonProminence) best = lag;
  }
  return best;
}
