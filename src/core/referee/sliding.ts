/** Range and spread of the last rows, for each row. */
export interface Sliding {
  /** [n] largest minus smallest value; NaN in the first `width` − 1 rows. */
  readonly range: Float32Array;
  /** [n] population standard deviation; NaN there too. */
  readonly deviation: Float32Array;
}

interface Sums {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
  readonly min: number;
  readonly max: number;
}

const none: Sums = { count: 0, mean: 0, squares: 0, min: Infinity, max: -Infinity };

/**
 * Range and standard deviation over the last `width` rows. The window is the end of one block of `width` rows and the begin of the next,
 * each summed once from its edge: constant work a row, and nothing is ever subtracted, so one huge value leaves no rounding behind it.
 *
 * @param at - value of row i, 0 <= i < n.
 * @see van Herk 1992 (extremes by blocks); Chan, Golub and LeVeque 1983 (joining variances).
 */
export function sliding(at: (i: number) => number, n: number, width: number): Sliding {
  const range = new Float32Array(n).fill(NaN);
  const deviation = new Float32Array(n).fill(NaN);
  let ends: Sums[] = [];
  for (let block = 0; block < n; block += width) {
    let begin = none;
    for (let i = block; i < Math.min(n, block + width); i++) {
      begin = join(begin, single(at(i)));
      // Rows of the block before that are still inside the window; none at the last row of a block.
      const rest = i === block + width - 1 ? none : ends[i - block + 1];
      if (!rest) continue;
      const { count, squares, min, max } = join(rest, begin);
      range[i] = max - min;
      deviation[i] = Math.sqrt(squares / count);
    }
    ends = endsOf(at, block, Math.min(n, block + width));
  }
  return { range, deviation };
}

/** Sums of rows k..end of a block, for each k. */
function endsOf(at: (i: number) => number, start: number, end: number): Sums[] {
  const sums: Sums[] = Array.from({ length: end - start });
  let sum = none;
  for (let i = end - 1; i >= start; i--) {
    sum = join(single(at(i)), sum);
    sums[i - start] = sum;
  }
  return sums;
}

function single(value: number): Sums {
  return { count: 1, mean: value, squares: 0, min: value, max: value };
}

function join(a: Sums, b: Sums): Sums {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const delta = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (delta * b.count) / count,
    squares: a.squares + b.squares + (delta * delta * a.count * b.count) / count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}
