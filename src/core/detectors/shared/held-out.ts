import type { PreparedSeries } from '../../prepare/prepared';
import type { Scores } from '../../scoring/scores';
import { quantile } from './windows';

/** Rows that a band is read from, evenly spaced; a quantile of so many moves no more. */
const MOST_ROWS = 50_000;

/** What a threshold and a band without labels need, from rows that did not train what scored them. */
export interface HeldOut {
  readonly normalScores: Float32Array;
  /** [c] scaled units: 99 % quantile of |residual| of each channel. */
  readonly halfWidth: Float32Array;
}

/** A series of which only the rows `from..to` exist: no window reaches a row outside. Row numbers stay. */
export function onlyRows(data: PreparedSeries, from: number, to = data.timestamps.length): PreparedSeries {
  const segments = data.segments
    .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
    .filter(({ start, end }) => end > start);
  return { ...data, segments };
}

/** Reads the scores of held-out rows (`onlyRows`). @param scores - with `expected` at one row at least. */
export function heldOut({ values, channels }: PreparedSeries, { score, expected }: Scores): HeldOut {
  const c = channels.length;
  const step = c * Math.max(1, Math.floor(score.length / MOST_ROWS));
  const deviations = channels.map((_, j) => {
    const found: number[] = [];
    for (let at = j; at < values.length; at += step) {
      const deviation = Math.abs(values[at]! - expected![at]!);
      if (!Number.isNaN(deviation)) found.push(deviation);
    }
    return found;
  });
  return {
    normalScores: score.filter((value) => !Number.isNaN(value)),
    halfWidth: Float32Array.from(deviations, (values) => quantile(values, 0.99)),
  };
}
