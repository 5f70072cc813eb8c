import type { Split } from '../../../core/prepare/prepared';

export type Edge = 'trainUntil' | 'calibrateUntil';

/** Period the parts divide; `end` is the time of the last row. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/** No part may vanish: each keeps at least this share of the period. */
const LEAST_SHARE = 0.02;

/** The split with one edge moved to a time, kept between its neighbours, the guard gaps included. */
export function moveEdge(split: Split, edge: Edge, to: number, period: Period): Split {
  const least = (period.end - period.start) * LEAST_SHARE;
  const [low, high] =
    edge === 'trainUntil'
      ? [period.start + least, split.calibrateUntil - split.guardMs - least]
      : [split.trainUntil + split.guardMs + least, period.end - split.guardMs - least];
  if (high < low) return split;
  return { ...split, [edge]: Math.round(Math.min(high, Math.max(low, to))) };
}

const SECOND = 1000;
const HOUR = 3_600_000;

/** How far a key moves an edge, ms: an hour and a day on long periods, else about 1 % and 10 % in whole samples. */
export function keySteps(period: Period, stepMs: number): { readonly fine: number; readonly coarse: number } {
  const length = period.end - period.start;
  if (length >= 10 * 24 * HOUR) return { fine: HOUR, coarse: 24 * HOUR };
  const step = Math.max(stepMs, SECOND);
  const whole = (share: number): number => Math.max(1, Math.round((length * share) / step)) * step;
  return { fine: whole(0.01), coarse: whole(0.1) };
}

/** The split with another guard gap, if every part keeps its least share. */
export function withGuard(split: Split, guardMs: number, period: Period): Split {
  const least = (period.end - period.start) * LEAST_SHARE;
  const room = Math.min(split.calibrateUntil - split.trainUntil, period.end - split.calibrateUntil) - least;
  return { ...split, guardMs: Math.max(0, Math.min(guardMs, room)) };
}
