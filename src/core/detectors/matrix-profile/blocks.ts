import type { PreparedSeries, Segment } from '../../prepare/prepared';
import type { RunContext } from '../detector';
import { spanOf } from '../shared/window-params';
import { nearestSquares, NOTHING } from './join';
import { cutOut, subsequencesOf } from './subsequences';
import type { MatrixProfileParams } from '.';

export interface Model {
  readonly params: MatrixProfileParams;
  readonly channels: readonly string[];
  /** [rows, c] */
  readonly series: Float32Array;
  readonly segments: readonly Segment[];
  readonly normalScores: Float32Array;
}

/** Subsequences worked on at once: bounds the memory of scoring whatever the length of the series. */
export const CHUNK = 4096;

/** Squared distances [block, c] of the at most `CHUNK` subsequences that start from a row on, to the nearest that each may be compared with. */
export type BlockReader = (from: number) => Promise<Float64Array>;

export function blockReader({ params, series, segments }: Model, data: PreparedSeries, run: RunContext): BlockReader {
  const c = data.channels.length;
  const { window, memory } = params;
  const span = spanOf(params);
  const options = joinOf(params);
  const known = subsequencesOf(series, c, segments, window);
  return async (from) => {
    const to = Math.min(data.timestamps.length, from + CHUNK + window - 1);
    const queries = cutOut(data, from, to, window);
    const squares = await nearestSquares(queries, known, { ...options, excluded: NOTHING }, run);
    if (params.compare === 'past') {
      // What ends at least a span before: an event is not compared with its own beginning.
      const first = firstOfPast(from, memory);
      const past = cutOut(data, first, to, window);
      const excluded = [from - first - span + 1, Number.POSITIVE_INFINITY] as const;
      const before = await nearestSquares(queries, past, { ...options, excluded }, run);
      keepNearer(squares, before, c, options.joint);
    }
    return squares;
  };
}

/** How subsequences are compared, training and scoring alike. */
export const joinOf = ({ neighbour, share }: MatrixProfileParams) => ({ joint: neighbour === 'joint', share: share / 100 });

/** First row of what came before that the block of a row may be compared with. */
export const firstOfPast = (row: number, memory: number): number => Math.max(0, Math.floor(row / CHUNK) * CHUNK - memory);

/** The nearer of two neighbours into the first: by tag, or for all tags together. */
function keepNearer(squares: Float64Array, other: Float64Array, c: number, joint: boolean): void {
  for (let i = 0; i < squares.length / c; i++) {
    const nearer = joint && meanOf(other, i, c) < meanOf(squares, i, c);
    for (let at = i * c; at < (i + 1) * c; at++) if (joint ? nearer : other[at]! < squares[at]!) squares[at] = other[at]!;
  }
}

/** Mean of row i of [n, c]. */
export function meanOf(squares: Float64Array, i: number, c: number): number {
  let sum = 0;
  for (let at = i * c; at < (i + 1) * c; at++) sum += squares[at]!;
  return sum / c;
}
