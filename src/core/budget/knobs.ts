import { detectRows, type ScoredRows } from '../events/events';
import { ofClass } from '../labels/interval';
import type { Label } from '../labels/label';
import { medianStep, usualGapMs } from '../series/statistics';
import { rowKinds } from '../thresholds/rows';
import { partJudge, type PartJudge } from './judged';
import type { OtherKnobs } from './sequence';
import { ruleAt, type ContractSearch } from './search-input';

export type ChosenKnobs = OtherKnobs & { readonly minDurationMs: number };

/** Thresholds looked at for each combination. */
const coarse = 40;
/** A combination may cost this share of the thresholds at which the best one still catches everything in time. */
const headroom = 0.1;

/**
 * Chooses minimum duration, merge gap, hysteresis and dead time **by the labelled time alone**: every row outside the labels to catch is
 * taken out first. The number of false events in normal time, which is what the contract limits, is not looked at, so this choice costs
 * nothing of the confidence of the limit that is computed afterwards on normal time (the two are disjoint times).
 *
 * Among the combinations that keep catch and delay up to nearly as high a threshold as the best one does, it takes the one with the
 * fewest events for a label (an anomaly should be one event, not ten) before short ones are dropped; of equal ones that with the least dead
 * time, hysteresis and merge gap. Of the minimum durations that can then be had it takes the middle one: a longer one is the cheapest
 * defence against short false events, but the longest that these labels allow leaves no room for a shorter anomaly.
 *
 * @param thresholds - [f] descending.
 * @param wanted - labels to catch.
 * @returns null when nothing is searched, or no label tells.
 */
export function chooseKnobs(
  input: ContractSearch,
  part: PartJudge,
  thresholds: readonly number[],
  durations: readonly number[],
  wanted: readonly Label[],
): ChosenKnobs | null {
  const search = input.search ?? [];
  if (search.length === 0 || wanted.length === 0 || thresholds.length === 0) return null;
  const labelled = labelledOnly(part, wanted);
  const judge = partJudge({ rows: labelled, labels: wanted, part: 'calibration' });
  const stride = Math.max(1, Math.floor(thresholds.length / coarse));
  const levels = thresholds.filter((_, f) => f % stride === 0);
  const within = input.contract.withinMs ?? Infinity;
  const trials = combinations(input, part, thresholds, durations).map((knobs) => {
    const seen = levels.map((value) => {
      const rule = ruleAt(input.rule, value, knobs);
      const { events } = detectRows(labelled, rule);
      const { delays } = judge.count(rule, events);
      return { events: events.length, keeps: delays.every((delay) => delay <= within) };
    });
    return {
      knobs,
      seen,
      reach:
        levels.length -
        firstOr(
          seen.findIndex(({ keeps }) => keeps),
          levels.length,
        ),
    };
  });
  const best = Math.max(...trials.map(({ reach }) => reach));
  if (best <= 0) return null;
  const eligible = trials.filter(({ reach }) => reach >= best * (1 - headroom));
  // Midway between the lowest threshold and the highest that keeps the promises: where a proposal is likely to lie.
  const middle = levels.length - 1 - Math.floor(best / 2);
  const shortest = Math.min(...eligible.map(({ knobs }) => knobs.minDurationMs));
  const [first] = eligible
    .filter(({ knobs }) => knobs.minDurationMs === shortest)
    .toSorted(
      (a, b) =>
        a.seen[middle]!.events - b.seen[middle]!.events ||
        (a.knobs.deadTimeMs ?? 0) - (b.knobs.deadTimeMs ?? 0) ||
        (a.knobs.hysteresis ?? 0) - (b.knobs.hysteresis ?? 0) ||
        a.knobs.mergeGapMs - b.knobs.mergeGapMs,
    );
  const same = eligible.filter(({ knobs }) => sameBut(knobs, first!.knobs));
  const ascending = same.map(({ knobs }) => knobs).toSorted((a, b) => a.minDurationMs - b.minDurationMs);
  return ascending[(ascending.length - 1) >> 1]!;
}

/** True when two combinations differ in the minimum duration at most. */
function sameBut(a: ChosenKnobs, b: ChosenKnobs): boolean {
  return a.mergeGapMs === b.mergeGapMs && a.hysteresis === b.hysteresis && a.deadTimeMs === b.deadTimeMs;
}

/** Every combination of the searched knobs; those not searched have their given value only. */
function combinations(
  { rule, search = [] }: ContractSearch,
  part: PartJudge,
  thresholds: readonly number[],
  durations: readonly number[],
): ChosenKnobs[] {
  const step = medianStep(part.rows.timestamps);
  const span = thresholds[0]! - thresholds.at(-1)!;
  const hysteresis = rule.hysteresis ?? 0;
  const deadTime = rule.deadTimeMs ?? 0;
  const unit = rule.mergeGapMs > 0 ? rule.mergeGapMs : 6 * step;
  const values = {
    minDuration: search.includes('minDuration') ? durations : [rule.minDurationMs],
    mergeGap: search.includes('mergeGap') ? distinct([0, unit / 2, unit, 2 * unit]) : [rule.mergeGapMs],
    hysteresis: search.includes('hysteresis') ? distinct([0, 0.05 * span, 0.1 * span, hysteresis]) : [hysteresis],
    deadTime: search.includes('deadTime') ? distinct([0, 4 * unit, 12 * unit, deadTime]) : [deadTime],
  };
  return values.mergeGap.flatMap((mergeGapMs) =>
    values.hysteresis.flatMap((h) =>
      values.deadTime.flatMap((deadTimeMs) =>
        values.minDuration.map((minDurationMs) => ({ mergeGapMs, hysteresis: h, deadTimeMs, minDurationMs })),
      ),
    ),
  );
}

/** Rows inside the labels to catch and nothing else; what lies between two labels is a gap. */
function labelledOnly(part: PartJudge, wanted: readonly Label[]): ScoredRows {
  const { timestamps, score, modes, shares, gapMs } = part.rows;
  const kept: number[] = [];
  const inside = ofClass(wanted, 'anomaly');
  for (let i = 0; i < timestamps.length; i++) {
    const t = timestamps[i]!;
    if (part.rows.kinds[i] === rowKinds.anomaly && inside.some(({ start, end }) => start <= t && t <= end)) kept.push(i);
  }
  return {
    timestamps: Float64Array.from(kept, (i) => timestamps[i]!),
    score: Float32Array.from(kept, (i) => score[i]!),
    modes: modes && Uint8Array.from(kept, (i) => modes[i]!),
    shares: shares?.map(({ channel, share }) => ({ channel, share: Float32Array.from(kept, (i) => share[i]!) })),
    gapMs: gapMs ?? usualGapMs(timestamps),
  };
}

const distinct = (values: readonly number[]): number[] => [...new Set(values)];

const firstOr = (index: number, otherwise: number): number => (index < 0 ? otherwise : index);
