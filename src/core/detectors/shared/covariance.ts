/** What columns are taken in: off goes the mean, and the rest is divided by the scale. */
export interface Reference {
  /** [d] */
  readonly mean: Float64Array;
  /** [d] population standard deviation; 1 for a column without spread. */
  readonly scale: Float64Array;
}

/** Sums over some rows in the units of a reference; they add up over parts. */
export interface Moments {
  readonly count: number;
  /** [d] */
  readonly sums: Float64Array;
  /** [d, d] of products, upper triangle. */
  readonly products: Float64Array;
}

export type Rows = Float32Array | Float64Array;

/** Rows taken at once. */
const CHUNK = 512;
/** A column whose spread is below this share of its size has none: what is left is rounding. */
const NO_SPREAD = 1e-10;
/** The same for the spread of a part in units of the whole, where sums were subtracted. */
const NO_SPREAD_OF_PART = 1e-6;

/** @param rows - [N, d] */
export function referenceOf(rows: Rows, d: number): Reference {
  const n = rows.length / d;
  const mean = new Float64Array(d);
  const scale = new Float64Array(d);
  for (let at = 0; at < rows.length;) for (let j = 0; j < d; j++) mean[j] = mean[j]! + rows[at++]! / n;
  for (let at = 0; at < rows.length;) {
    for (let j = 0; j < d; j++) {
      const distance = rows[at++]! - mean[j]!;
      scale[j] = scale[j]! + (distance * distance) / n;
    }
  }
  return { mean, scale: scale.map((square, j) => (Math.sqrt(square) > NO_SPREAD * Math.abs(mean[j]!) ? Math.sqrt(square) : 1)) };
}

/**
 * Sums and products of some rows, in float64 and in blocks: no second copy of the data is held.
 *
 * @param use - numbers of the rows. @param pause - awaited once a block.
 */
export async function momentsOf(
  rows: Rows,
  d: number,
  use: Int32Array,
  { mean, scale }: Reference,
  pause: () => Promise<void>,
): Promise<Moments> {
  const sums = new Float64Array(d);
  const products = new Float64Array(d * d);
  const columns = new Float64Array(d * CHUNK);
  for (let from = 0; from < use.length; from += CHUNK) {
    await pause();
    const part = use.subarray(from, from + CHUNK);
    for (let i = 0; i < part.length; i++) {
      for (let j = 0, at = part[i]! * d; j < d; j++, at++) {
        const value = (rows[at]! - mean[j]!) / scale[j]!;
        columns[j * CHUNK + i] = value;
        sums[j] = sums[j]! + value;
      }
    }
    addProducts(products, columns, d, part.length);
  }
  return { count: use.length, sums, products };
}

/** What is left of some rows without a part of them. */
export function without(all: Moments, part: Moments): Moments {
  return {
    count: all.count - part.count,
    sums: all.sums.map((sum, j) => sum - part.sums[j]!),
    products: all.products.map((sum, j) => sum - part.products[j]!),
  };
}

/**
 * Mean and spread of rows in the units of the data, and the covariance of their standardised columns, divided by N − 1. A column without
 * spread in these rows keeps the scale of the reference.
 *
 * @returns covariance [d, d], both triangles.
 */
export function standardised(
  { count, sums, products }: Moments,
  reference: Reference,
): Reference & { readonly covariance: Float64Array } {
  const d = sums.length;
  const centre = sums.map((sum) => sum / count);
  const centred = (i: number, j: number): number => products[i * d + j]! - count * centre[i]! * centre[j]!;
  const spread = centre.map((_, j) => {
    const own = Math.sqrt(Math.max(0, centred(j, j) / count));
    return own > NO_SPREAD_OF_PART ? own : 1;
  });
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      covariance[i * d + j] = centred(i, j) / (count - 1) / (spread[i]! * spread[j]!);
      covariance[j * d + i] = covariance[i * d + j]!;
    }
  }
  return {
    mean: centre.map((value, j) => reference.mean[j]! + value * reference.scale[j]!),
    scale: spread.map((value, j) => value * reference.scale[j]!),
    covariance,
  };
}

/** Adds the products of columns to the upper triangle, two columns with two at a time: half the reads of memory. */
function addProducts(into: Float64Array, columns: Float64Array, d: number, count: number): void {
  for (let i = 0; i < d; i += 2) {
    const a = i * CHUNK;
    const b = i + 1 < d ? a + CHUNK : a;
    for (let j = i; j < d; j += 2) {
      const p = j * CHUNK;
      const q = j + 1 < d ? p + CHUNK : p;
      let ap = 0;
      let aq = 0;
      let bp = 0;
      let bq = 0;
      for (let k = 0; k < count; k++) {
        const x = columns[a + k]!;
        const y = columns[b + k]!;
        const u = columns[p + k]!;
        const w = columns[q + k]!;
        ap += x * u;
        aq += x * w;
        bp += y * u;
        bq += y * w;
      }
      into[i * d + j] = into[i * d + j]! + ap;
      if (q > p) into[i * d + j + 1] = into[i * d + j + 1]! + aq;
      if (b > a && j > i) into[(i + 1) * d + j] = into[(i + 1) * d + j]! + bp;
      if (b > a && q > p) into[(i + 1) * d + j + 1] = into[(i + 1) * d + j + 1]! + bq;
    }
  }
}
