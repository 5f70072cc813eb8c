import type { Interval } from '../labels/interval';

const minuteMs = 60_000;
const floodMs = 600_000;
/** More transitions than this in a minute are chatter. */
const chatterLimit = 3;
/** More events than this in ten minutes are a flood. */
const floodLimit = 10;

/**
 * Share of clock minutes with more than 3 transitions across the threshold, of the minutes with a counted row. A transition is counted
 * in the minute of the row that differs from the counted row before it.
 *
 * @param timestamps - [n] of the counted rows, ms.
 * @param predicted - [n] 1 where score >= threshold.
 * @returns null without rows.
 */
export function chatterShare(timestamps: Float64Array, predicted: Uint8Array): number | null {
  let minutes = 0;
  let chattering = 0;
  let current = NaN;
  let transitions = 0;
  for (let i = 0; i < predicted.length; i++) {
    const minute = Math.floor(timestamps[i]! / minuteMs);
    if (minute !== current) {
      if (transitions > chatterLimit) chattering++;
      minutes++;
      current = minute;
      transitions = 0;
    }
    if (i > 0 && predicted[i] !== predicted[i - 1]) transitions++;
  }
  if (transitions > chatterLimit) chattering++;
  return minutes === 0 ? null : chattering / minutes;
}

/**
 * Share of 10-minute clock periods in which more than 10 events begin, of the periods with a counted row.
 *
 * @returns null without rows.
 * @see Second hand, from the documentation of an ISA-18.2 analysis tool; the standard itself was not read.
 */
export function floodShare(timestamps: Float64Array, events: readonly Interval[]): number | null {
  const begun = new Map<number, number>();
  for (const { start } of events) {
    const period = Math.floor(start / floodMs);
    begun.set(period, (begun.get(period) ?? 0) + 1);
  }
  let periods = 0;
  let floods = 0;
  let current = NaN;
  for (const time of timestamps) {
    const period = Math.floor(time / floodMs);
    if (period === current) continue;
    current = period;
    periods++;
    if ((begun.get(period) ?? 0) > floodLimit) floods++;
  }
  return periods === 0 ? null : floods / periods;
}

/** Times from the first detection of each caught label to the label's end, ms. @param events - ascending, disjoint. */
export function leadTimes(labels: readonly Interval[], events: readonly Interval[]): number[] {
  return labels.flatMap((label) => {
    const event = events.find(({ start, end }) => start <= label.end && end >= label.start);
    return event ? [label.end - event.start] : [];
  });
}

/** Middle value, of an even number the mean of the two middle ones; null of none. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
