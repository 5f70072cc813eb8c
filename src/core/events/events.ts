import { usualGapMs } from '../series/statistics';
import type { ThresholdRule } from '../thresholds/threshold';
import type { ChannelShare, DetectedEvent, HiddenEvent } from './event';

/** Rows of an event: first, last and highest, all included. */
export interface EventRows {
  readonly first: number;
  readonly last: number;
  readonly peak: number;
}

/**
 * Events as rows, in one pass; cheap enough to run on every frame while a threshold is dragged.
 *
 * A sample is anomalous when score >= rule.value. Anomalous samples form one event while they are neighbouring rows at most `gapMs`
 * apart, or while the next anomalous sample begins at most `mergeGapMs` after the last one. Merging comes first; then events shorter
 * than `minDurationMs` (time from first to last sample) are dropped. A sample without score (NaN) is not anomalous.
 *
 * @param timestamps - [n] ms, strictly increasing.
 * @param score - [n]
 */
export function eventRows(
  timestamps: Float64Array,
  score: Float32Array,
  rule: ThresholdRule,
  gapMs: number = usualGapMs(timestamps),
): EventRows[] {
  const { value, minDurationMs, mergeGapMs } = rule;
  const events: EventRows[] = [];
  let first = -1;
  let last = -1;
  let peak = -1;
  const close = (): void => {
    if (first >= 0 && timestamps[last]! - timestamps[first]! >= minDurationMs) events.push({ first, last, peak });
  };
  for (let i = 0; i < score.length; i++) {
    if (!(score[i]! >= value)) continue;
    const distance = timestamps[i]! - timestamps[last]!;
    if (first >= 0 && (distance <= mergeGapMs || (last === i - 1 && distance <= gapMs))) {
      last = i;
      if (score[i]! > score[peak]!) peak = i;
    } else {
      close();
      first = last = peak = i;
    }
  }
  close();
  return events;
}

/**
 * Share of each channel in the score of an event, largest first: mean of the channels' shares over its anomalous samples, weighted
 * by score. Channels with no share are left out.
 *
 * @param byChannel - [n, c] row-major shares.
 */
export function channelShares(
  rows: EventRows,
  score: Float32Array,
  threshold: number,
  byChannel: Float32Array,
  channels: readonly string[],
): ChannelShare[] {
  const c = channels.length;
  const sums = new Float64Array(c);
  let weight = 0;
  for (let i = rows.first; i <= rows.last; i++) {
    const s = score[i]!;
    if (!(s >= threshold) || Number.isNaN(byChannel[i * c]!)) continue;
    // A threshold below zero can make scores negative; they still count, each the same.
    const w = s > 0 ? s : 1;
    weight += w;
    for (let j = 0; j < c; j++) sums[j]! += w * byChannel[i * c + j]!;
  }
  if (weight === 0) return [];
  return channels
    .map((channel, j) => ({ channel, share: Math.min(1, sums[j]! / weight) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}

/**
 * Events of a scored series under a rule; see `eventRows` for when samples form an event and `channelShares` for the shares.
 *
 * @param byChannel - [n, c] shares, optional; without it events name no channel.
 */
export function eventsFrom(
  timestamps: Float64Array,
  score: Float32Array,
  rule: ThresholdRule,
  byChannel?: Float32Array,
  channels: readonly string[] = [],
  gapMs?: number,
): DetectedEvent[] {
  return eventRows(timestamps, score, rule, gapMs).map((rows) => ({
    start: timestamps[rows.first]!,
    end: timestamps[rows.last]!,
    peak: timestamps[rows.peak]!,
    peakScore: score[rows.peak]!,
    channels: byChannel ? channelShares(rows, score, rule.value, byChannel, channels) : [],
  }));
}

/** Scored rows with what hysteresis, modes and suppression rules need beside the score. */
export interface ScoredRows {
  /** [n] ms, strictly increasing. */
  readonly timestamps: Float64Array;
  /** [n] NaN where there is no score. */
  readonly score: Float32Array;
  /** [n, c] row-major shares; without them events name no channel. */
  readonly byChannel?: Float32Array | undefined;
  readonly channels?: readonly string[] | undefined;
  /** [n] share of single tags, for suppression rules where `byChannel` is not at hand. */
  readonly shares?: readonly { readonly channel: string; readonly share: Float32Array }[] | undefined;
  /** [n] operating mode of each row, 255 for none; needed by a rule with modes. */
  readonly modes?: Uint8Array | undefined;
  readonly gapMs?: number | undefined;
}

export interface Detection {
  readonly events: readonly DetectedEvent[];
  readonly hidden: readonly HiddenEvent[];
}

/** Events of scored rows under the whole rule, and those that dead time and suppression rules hid. */
export function detect(rows: ScoredRows, rule: ThresholdRule): Detection {
  return { events: eventsFrom(rows.timestamps, rows.score, rule, rows.byChannel, rows.channels, rows.gapMs), hidden: [] };
}
