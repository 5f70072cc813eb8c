import type { PreparedSeries, Segment } from '../../prepare/prepared';

/** Subsequences of one tag, all of one length, with what their correlations need. Position i is the one that starts at row i. */
export interface Subsequences {
  readonly values: Float64Array;
  /** [count] */
  readonly means: Float64Array;
  /** [count] 1 / |x − mean|; 0 for a flat one. */
  readonly inverse: Float64Array;
  /** [count] correlation with one that is not flat, to be added to a product with `inverse`: ½ where flat, NaN where none may be used, else 0. */
  readonly shift: Float64Array;
  /** [count] how a product of two subsequences changes from one position to the next. */
  readonly slope: Float64Array;
  readonly sum: Float64Array;
}

/** Series cut into subsequences of `length` rows that cross no border of a segment. */
export interface SubsequenceSet {
  readonly length: number;
  readonly count: number;
  readonly tags: readonly Subsequences[];
}

/** Of a flat subsequence with another that is not: they are a distance of √length apart, as in STUMPY. */
export const FLAT_CORRELATION = 0.5;

/** @param values - [n, c], n >= length. @param segments - of these rows. */
export function subsequencesOf(values: Float32Array, c: number, segments: readonly Segment[], length: number): SubsequenceSet {
  const rows = values.length / c;
  const count = rows - length + 1;
  const usable = new Uint8Array(count);
  for (const { start, end } of segments) usable.fill(1, Math.max(0, start), Math.max(0, Math.min(rows, end) - length + 1));
  const tags = Array.from({ length: c }, (_, tag) =>
    ofTag(
      Float64Array.from({ length: rows }, (__, row) => values[row * c + tag]!),
      usable,
      length,
    ),
  );
  return { length, count, tags };
}

function ofTag(values: Float64Array, usable: Uint8Array, length: number): Subsequences {
  const count = usable.length;
  const result = {
    ...{ values, means: new Float64Array(count), inverse: new Float64Array(count), shift: new Float64Array(count) },
    ...{ slope: new Float64Array(count), sum: new Float64Array(count) },
  };
  let alike = 0;
  for (let row = 0; row < length - 1; row++) alike = row > 0 && values[row] === values[row - 1] ? alike + 1 : 1;
  for (let i = 0; i < count; i++) {
    const last = i + length - 1;
    alike = last > 0 && values[last] === values[last - 1] ? alike + 1 : 1;
    let sum = 0;
    for (let row = i; row <= last; row++) sum += values[row]!;
    const mean = sum / length;
    let squares = 0;
    for (let row = i; row <= last; row++) squares += (values[row]! - mean) ** 2;
    const flat = alike >= length || squares === 0;
    result.means[i] = mean;
    result.inverse[i] = flat ? 0 : 1 / Math.sqrt(squares);
    result.shift[i] = !usable[i] ? Number.NaN : flat ? FLAT_CORRELATION : 0;
    if (i === 0) continue;
    result.slope[i] = (values[last]! - values[i - 1]!) / 2;
    result.sum[i] = values[last]! - mean + (values[i - 1]! - result.means[i - 1]!);
  }
  return result;
}

/** Subsequences of the rows `from` to `to` of a series. */
export function cutOut({ values, segments, channels }: Rows, from: number, to: number, length: number): SubsequenceSet {
  const c = channels.length;
  const cut = segments.map(({ start, end }) => ({ start: start - from, end: Math.min(end, to) - from }));
  return subsequencesOf(values.subarray(from * c, to * c), c, cut, length);
}

type Rows = Pick<PreparedSeries, 'values' | 'segments' | 'channels'>;

/** The last rows of a series, with row numbers from 0. */
export function lastRows({ values, segments, channels }: Rows, most: number): Rows {
  const from = Math.max(0, values.length / channels.length - most);
  return {
    channels,
    values: values.slice(from * channels.length),
    segments: segments
      .map(({ start, end }) => ({ start: Math.max(0, start - from), end: end - from }))
      .filter(({ end }) => end > 0),
  };
}
