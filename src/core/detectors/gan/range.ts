import type { PreparedSeries } from '../../prepare/prepared';
import { quantile } from '../shared/windows';

/** Where the 0.1 % and 99.9 % quantiles of the training rows come to lie. */
const EDGE = 0.9;
/** Rows that the quantiles are taken from. */
const MOST_ROWS = 50_000;

/**
 * Usual range of each tag. The networks work in units of it, and the generator's output ends in tanh: it cannot leave the range of normal
 * values by more than a ninth, so a value beyond leaves a residual however long the search for it is.
 */
export interface Range {
  /** [c] */
  readonly centre: Float32Array;
  /** [c] distance from the centre to ±1. */
  readonly half: Float32Array;
}

/** Range of the rows before `until`. A tag that does not move is measured in the scaler's own unit. */
export function rangeOf({ values, channels }: PreparedSeries, until: number): Range {
  const c = channels.length;
  const count = Math.min(until, MOST_ROWS);
  const edges = channels.map((_, j) => {
    const column = Float64Array.from({ length: count }, (_row, i) => values[Math.floor((i * until) / count) * c + j]!);
    return [quantile(column, 0.001), quantile(column, 0.999)] as const;
  });
  return {
    centre: Float32Array.from(edges, ([low, high]) => (low + high) / 2),
    half: Float32Array.from(edges, ([low, high]) => (high > low ? (high - low) / 2 / EDGE : 1)),
  };
}

/** Rows of all tags in units of the range, in place. */
export function intoRange(values: Float32Array, { centre, half }: Range): Float32Array {
  const c = centre.length;
  for (let k = 0; k < values.length; k++) values[k] = (values[k]! - centre[k % c]!) / half[k % c]!;
  return values;
}

/** The way back, in place. */
export function outOfRange(values: Float32Array, { centre, half }: Range): Float32Array {
  const c = centre.length;
  for (let k = 0; k < values.length; k++) values[k] = centre[k % c]! + half[k % c]! * values[k]!;
  return values;
}
