import { usualGapMs } from '../series/statistics';
import type { Suppression, ThresholdRule } from '../thresholds/threshold';
import type { ChannelShare, DetectedEvent, HiddenEvent } from './event';
import { eventRows, lowestOf, type EventRows } from './rows';
import type { ScoreColumn } from '../scoring/scores';

export { eventRows, type EventRows } from './rows';

/** Scored rows with what hysteresis, modes and suppression rules need beside the score. */
export interface ScoredRows<S extends ScoreColumn = Float32Array> {
  /** [n] ms, strictly increasing. */
  readonly timestamps: Float64Array;
  /** [n] NaN where there is no score. */
  readonly score: S;
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

/** An event that was hidden, as rows. */
export interface HiddenRows extends EventRows, Pick<HiddenEvent, 'by' | 'channel' | 'reason'> {}

export interface RowDetection {
  readonly events: readonly EventRows[];
  readonly hidden: readonly HiddenRows[];
}

/**
 * Events of scored rows under the whole rule, and those that dead time and suppression rules hid.
 *
 * In this order: samples form events (`eventRows`: thresholds of the modes, hysteresis, merging, minimum duration); then, in order of
 * time, an event that begins at most `deadTimeMs` after the end of the last shown one is hidden; then an event of which one tag has at
 * least the share of a suppression rule (`channelShares`) is hidden by the first such rule. A hidden event starts no dead time. A rule
 * whose tag has no shares hides nothing.
 *
 * @throws Error when the rule has modes and the rows have none.
 */
export function detect(rows: ScoredRows<ScoreColumn>, rule: ThresholdRule): Detection {
  const found = detectRows(rows, rule);
  const lowest = lowestOf(rule, rows.modes);
  const full = ({ first, last, peak }: EventRows): DetectedEvent => ({
    start: rows.timestamps[first]!,
    end: rows.timestamps[last]!,
    peak: rows.timestamps[peak]!,
    peakScore: rows.score[peak]!,
    channels: rows.byChannel ? sharesOver({ first, last, peak }, rows.score, lowest, rows.byChannel, rows.channels ?? []) : [],
  });
  return {
    events: found.events.map(full),
    hidden: found.hidden.map((event) => ({ ...full(event), by: event.by, channel: event.channel, reason: event.reason })),
  };
}

/** `detect` without times and channels: cheap enough for every frame, and for searching over rules. */
export function detectRows(rows: ScoredRows<ScoreColumn>, rule: ThresholdRule): RowDetection {
  const { timestamps, score } = rows;
  const all = eventRows(timestamps, score, rule, rows.gapMs ?? usualGapMs(timestamps), rows.modes);
  const deadTimeMs = rule.deadTimeMs ?? 0;
  const suppressors = suppressorsOf(rows, rule);
  if (deadTimeMs <= 0 && suppressors.length === 0) return { events: all, hidden: [] };
  const events: EventRows[] = [];
  const hidden: HiddenRows[] = [];
  let shownUntil = -Infinity;
  for (const event of all) {
    if (deadTimeMs > 0 && timestamps[event.first]! - shownUntil <= deadTimeMs) {
      hidden.push({ ...event, by: 'dead-time', channel: '', reason: deadTimeReason });
      continue;
    }
    const by = suppressors.find(({ hides }) => hides(event))?.by;
    if (by) hidden.push({ ...event, by: 'suppression', channel: by.channel, reason: by.reason });
    else {
      events.push(event);
      shownUntil = timestamps[event.last]!;
    }
  }
  return { events, hidden };
}

const deadTimeReason = 'began within the dead time after the event before';

/** What each suppression rule with shares at hand says of an event. */
function suppressorsOf(
  rows: ScoredRows<ScoreColumn>,
  rule: ThresholdRule,
): { by: Suppression; hides: (event: EventRows) => boolean }[] {
  if (!rule.suppress?.length) return [];
  const lowest = lowestOf(rule, rows.modes);
  const channels = rows.channels ?? [];
  return rule.suppress.flatMap((by) => {
    const column = channels.indexOf(by.channel);
    const single = rows.shares?.find(({ channel }) => channel === by.channel)?.share;
    const [share, width, offset] = rows.byChannel && column >= 0 ? [rows.byChannel, channels.length, column] : [single, 1, 0];
    if (!share) return [];
    return [{ by, hides: (event) => meanShare(event, rows.score, lowest, share, width, offset) >= by.minShare - roundOff }];
  });
}

/** Shares are stored as float32. */
const roundOff = 1e-6;

/** Mean of one tag's share over an event, weighted by score as in `channelShares`; NaN where no row has shares. */
function meanShare(
  rows: EventRows,
  score: ScoreColumn,
  lowest: (row: number) => number,
  share: Float32Array,
  width: number,
  offset: number,
): number {
  let sum = 0;
  let weight = 0;
  for (let i = rows.first; i <= rows.last; i++) {
    const s = score[i]!;
    const part = share[i * width + offset]!;
    if (!(s >= lowest(i)) || Number.isNaN(part)) continue;
    const w = s > 0 ? s : 1;
    weight += w;
    sum += w * part;
  }
  return sum / weight;
}

/**
 * Share of each channel in the score of an event, largest first: mean of the channels' shares over its anomalous samples, weighted
 * by score. Channels with no share are left out.
 *
 * @param byChannel - [n, c] row-major shares.
 */
export function channelShares(
  rows: EventRows,
  score: ScoreColumn,
  threshold: number,
  byChannel: Float32Array,
  channels: readonly string[],
): ChannelShare[] {
  return sharesOver(rows, score, () => threshold, byChannel, channels);
}

/** `channelShares` over the samples that reach a limit of their own row. */
function sharesOver(
  rows: EventRows,
  score: ScoreColumn,
  lowest: (row: number) => number,
  byChannel: Float32Array,
  channels: readonly string[],
): ChannelShare[] {
  const c = channels.length;
  const sums = new Float64Array(c);
  let weight = 0;
  for (let i = rows.first; i <= rows.last; i++) {
    const s = score[i]!;
    if (!(s >= lowest(i)) || Number.isNaN(byChannel[i * c]!)) continue;
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
 * Events of a scored series that a rule shows; `detect` without those it hid.
 *
 * @param byChannel - [n, c] shares, optional; without it events name no channel.
 * @param modes - [n] needed by a rule with modes.
 */
export function eventsFrom(
  timestamps: Float64Array,
  score: ScoreColumn,
  rule: ThresholdRule,
  byChannel?: Float32Array,
  channels: readonly string[] = [],
  gapMs?: number,
  modes?: Uint8Array,
): DetectedEvent[] {
  return [...detect({ timestamps, score, byChannel, channels, gapMs, modes }, rule).events];
}
