import { qualityCode, type ChannelStats } from './series';

/** Distinct values are counted up to this number; a tag with fewer is a candidate for a step tag. */
export const distinctCap = 1000;

/**
 * Running statistics of one tag, fed value by value, so that a file of any size needs constant memory.
 *
 * @see Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962): a large offset
 * costs no digits, which sum and sum of squares would lose.
 */
export class RunningStatistics {
  private count = 0;
  private missing = 0;
  private bad = 0;
  private mean = 0;
  private squares = 0;
  private min = Infinity;
  private max = -Infinity;
  private readonly seen = new Set<number>();

  /** @param quality - code of `qualityCode`; only tells a bad sample from a missing one. A value that is not finite never counts. */
  add(value: number, quality: number = qualityCode.good): void {
    if (!Number.isFinite(value)) {
      if (quality === qualityCode.bad) this.bad++;
      else this.missing++;
      return;
    }
    this.count++;
    const delta = value - this.mean;
    this.mean += delta / this.count;
    this.squares += delta * (value - this.mean);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (this.seen.size < distinctCap) this.seen.add(value);
  }

  addAll(values: ArrayLike<number>, qualities?: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.add(values[i]!, qualities?.[i]);
  }

  /** Population standard deviation; null fields when nothing was counted. */
  result(): ChannelStats {
    const some = this.count > 0;
    return {
      count: this.count,
      missing: this.missing,
      bad: this.bad,
      min: some ? this.min : null,
      max: some ? this.max : null,
      mean: some ? this.mean : null,
      std: some ? Math.sqrt(this.squares / this.count) : null,
      distinct: this.seen.size,
    };
  }
}

/** Statistics of one column. @param values - [n], NaN where there is no value. @param qualities - [n] codes, optional. */
export function statisticsOf(values: ArrayLike<number>, qualities?: ArrayLike<number>): ChannelStats {
  const running = new RunningStatistics();
  running.addAll(values, qualities);
  return running.result();
}

/** Distances of neighbouring times, ascending. At most `cap` of them, evenly chosen. */
function sortedSteps(timestamps: ArrayLike<number>, cap: number): Float64Array {
  const all = Math.max(0, timestamps.length - 1);
  const n = Math.min(all, cap);
  const steps = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = n === all ? i : Math.floor((i * all) / n);
    steps[i] = timestamps[row + 1]! - timestamps[row]!;
  }
  return steps.sort();
}

/** Median distance of neighbouring times in ms, exact; 0 for fewer than two. Of an even number the lower middle one. */
export function medianStep(timestamps: ArrayLike<number>): number {
  const steps = sortedSteps(timestamps, Infinity);
  return steps.length === 0 ? 0 : steps[(steps.length - 1) >> 1]!;
}

/** Distances up to this many times the usual one are drawn and counted as one run. */
const gapFactor = 3;
const gapProbe = 2001;

/**
 * Distance in ms above which two neighbouring rows have a gap between them: three times the 90 % quantile of the distances.
 * The quantile and not the median, so that irregular (exception-based) sampling is not torn to pieces. Costs at most 2,001 distances,
 * so it can run on every frame. Infinity for fewer than two rows.
 */
export function usualGapMs(timestamps: ArrayLike<number>): number {
  const steps = sortedSteps(timestamps, gapProbe);
  return steps.length === 0 ? Infinity : gapFactor * steps[Math.floor((steps.length - 1) * 0.9)]!;
}
