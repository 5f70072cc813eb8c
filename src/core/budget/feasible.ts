import { allowedCount, allowedRate, limits } from './check';
import { cellStates, type EventContract } from './contract';
import type { Trials } from './sequence';

/** State of each trial under a contract; `wanted` are positions in the delays of the labels to catch. */
export interface TrialStates {
  /** [d][f] one of `cellStates`. */
  readonly state: readonly Uint8Array[];
  /** [d][f] the missed label, or else the slowest, as position in the delays; −1 without labels. */
  readonly label: readonly Int16Array[];
}

/**
 * Fixed-sequence testing in each row of equal minimum duration (Angelopoulos, Bates, Candès, Jordan and Lei, "Learn then Test: calibrating
 * predictive algorithms to achieve risk control", 2021, section 3.2): "the rate of false events at θ is above the one allowed" is tested
 * from the highest threshold down, at the full error 1 − c each, and the sequence ends at the first that cannot be rejected. A test rejects
 * when the exact upper limit U(n, c) / D of the rate is at most a / d.
 *
 * Why the thresholds need not be known beforehand, and why every accepted one is safe at once: a threshold is accepted when the *largest*
 * count at it or above is still allowed, m(θ) = max over θ' >= θ of n(θ'). Let θ* be the highest at which the true rate is above the one
 * allowed (a supremum; take thresholds just below it). If any bad θ <= θ* is accepted then m(θ) >= n(θ*), so the test at θ* itself would
 * have accepted; θ* depends on the plant and not on the data, so this happens with probability at most 1 − c. The running maximum is
 * needed because the count need not grow when the threshold falls: low enough, merging makes one event of everything. It is taken over the
 * thresholds tried, whose places do not depend on false events; a count that rises and falls again between two neighbours is not seen.
 * Both the Poisson limit and this argument ask that false events come independently of each other: what belongs together has to be merged.
 *
 * Rows of other durations are tests of their own; `confidence` is what one row is given.
 */
export function statesOf(
  trials: Trials,
  contract: EventContract,
  normalDays: number,
  wanted: readonly number[],
  confidence: number = contract.confidence,
): TrialStates {
  const allowed = allowedCount(contract, normalDays, confidence);
  const state = trials.durations.map(() => new Uint8Array(trials.values.length));
  const label = trials.durations.map(() => new Int16Array(trials.values.length).fill(-1));
  trials.delays.forEach((row, d) => {
    row.forEach((delays, f) => {
      const worst = slowest(delays, wanted);
      label[d]![f] = worst;
      const delay = worst < 0 ? 0 : delays[worst]!;
      state[d]![f] =
        trials.most[d]![f]! > allowed
          ? cellStates.falseEvents
          : Number.isNaN(delay)
            ? cellStates.misses
            : delay > (contract.withinMs ?? Infinity)
              ? cellStates.late
              : cellStates.holds;
    });
  });
  return { state, label };
}

/** The first missed label, else the slowest. */
export function slowest(delays: Float64Array, wanted: readonly number[]): number {
  let worst = -1;
  for (const k of wanted) {
    if (Number.isNaN(delays[k]!)) return k;
    if (worst < 0 || delays[k]! > delays[worst]!) worst = k;
  }
  return worst;
}

/** Half-open run of thresholds that hold. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The longest run of neighbouring thresholds that hold; null when none does. Of equal ones that of the higher thresholds. */
export function widestStretch(row: Uint8Array): Stretch | null {
  let best: Stretch | null = null;
  let from = -1;
  for (let f = 0; f <= row.length; f++) {
    const holds = f < row.length && row[f] === cellStates.holds;
    if (holds && from < 0) from = f;
    if (holds || from < 0) continue;
    if (!best || f - from > best.to - best.from) best = { from, to: f };
    from = -1;
  }
  return best;
}

/**
 * How much each setting breaks: excess of the rate limit over the rate allowed as share of it, one for each missed label, and below one for the
 * slowest delay. By duration and threshold, as positions in the trials.
 */
export function breakageOf(
  trials: Trials,
  contract: EventContract,
  normalDays: number,
  wanted: readonly number[],
): (d: number, f: number) => number {
  const limit = limits(contract.confidence);
  const allowed = allowedRate(contract) * normalDays;
  return (d, f) => {
    const delays = trials.delays[d]![f]!;
    const missed = wanted.filter((k) => Number.isNaN(delays[k]!)).length;
    const slow = Math.max(0, ...wanted.map((k) => (Number.isNaN(delays[k]!) ? 0 : delays[k]!)));
    const most = limit(trials.most[d]![f]!);
    const tooMany = allowed > 0 ? Math.max(0, most / allowed - 1) : most;
    const excess = contract.withinMs === null ? 0 : Math.max(0, slow - contract.withinMs) / Math.max(1, contract.withinMs);
    // Found late is better than missed, however late.
    const late = excess / (1 + excess);
    return tooMany + missed + late;
  };
}
