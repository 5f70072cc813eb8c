import { usualGapMs } from '../series/statistics';
import type { ThresholdRule } from '../thresholds/threshold';
import type { ScoreColumn } from '../scoring/scores';

/** Rows of an event: first, last and highest, all included. */
export interface EventRows {
  readonly first: number;
  readonly last: number;
  readonly peak: number;
}

/**
 * Events as rows, in one pass; cheap enough to run on every frame while a threshold is dragged. Dead time and suppression rules are not
 * applied here, see `detectRows`.
 *
 * A sample with score >= θ is anomalous; θ is the threshold of its mode, or `rule.value`. With hysteresis h the samples that follow an
 * anomalous one without a gap belong to the event as long as their score is at least θ − h. Samples of one event are neighbouring rows at
 * most `gapMs` apart; two runs are one event when the next anomalous sample begins at most `mergeGapMs` after the last sample of the one
 * before. Merging comes first; then events shorter than `minDurationMs` (time from first to last sample) are dropped. A sample without
 * score (NaN) is not anomalous and ends a run.
 *
 * @param timestamps - [n] ms, strictly increasing.
 * @param score - [n]
 * @param modes - [n] mode of each row, 255 for none; needed by a rule with modes.
 * @throws Error when the rule has modes and `modes` is absent: the pooled threshold would be wrong without a word.
 */
export function eventRows(
  timestamps: Float64Array,
  score: ScoreColumn,
  rule: ThresholdRule,
  gapMs: number = usualGapMs(timestamps),
  modes?: Uint8Array,
): EventRows[] {
  const events: EventRows[] = [];
  let first = -1;
  let last = -1;
  let peak = -1;
  const close = (): void => {
    if (first >= 0 && timestamps[last]! - timestamps[first]! >= rule.minDurationMs) events.push({ first, last, peak });
  };
  const { value, mergeGapMs, hysteresis = 0 } = rule;
  const limits = rule.modes ? modeLimits(rule) : null;
  const rowModes = limits ? rowModesOf(modes) : null;
  const lowest = value - hysteresis;
  const lowestLimits = limits?.map((limit) => limit - hysteresis);
  const n = score.length;
  for (let i = 0; i < n; i++) {
    // Most samples end here, so the two loops are kept apart and tight. NaN is passed over too.
    if (rowModes) while (i < n && !(score[i]! >= lowestLimits![rowModes[i]!]!)) i++;
    else while (i < n && !(score[i]! >= lowest)) i++;
    if (i === n) break;
    const s = score[i]!;
    const limit = rowModes ? limits![rowModes[i]!]! : value;
    const distance = timestamps[i]! - timestamps[last]!;
    const follows = last === i - 1 && distance <= gapMs;
    // Below the threshold a sample can only carry on what the row before it belongs to.
    if (s < limit && !(first >= 0 && follows)) continue;
    if (first >= 0 && (follows || distance <= mergeGapMs)) {
      last = i;
      if (s > score[peak]!) peak = i;
    } else {
      close();
      first = last = peak = i;
    }
  }
  close();
  return events;
}

/** [256] threshold of each mode; the pooled one for modes without their own and for 255 (no mode). */
export function modeLimits(rule: ThresholdRule): Float64Array {
  const limits = new Float64Array(256).fill(rule.value);
  rule.modes?.values.forEach((value, mode) => {
    if (value !== null) limits[mode] = value;
  });
  return limits;
}

/** Score from which on a row can belong to an event: threshold of its mode less the hysteresis. */
export function lowestOf(rule: ThresholdRule, modes?: Uint8Array): (row: number) => number {
  const hysteresis = rule.hysteresis ?? 0;
  if (!rule.modes) return () => rule.value - hysteresis;
  const limits = modeLimits(rule);
  const rowModes = rowModesOf(modes);
  return (row) => limits[rowModes[row]!]! - hysteresis;
}

function rowModesOf(modes: Uint8Array | undefined): Uint8Array {
  if (!modes) throw new Error('A rule with a threshold for each mode needs the modes of the rows.');
  return modes;
}
