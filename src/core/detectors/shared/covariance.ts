export interface Moments {
  /** [d] */
  readonly mean: Float64Array;
  /** [d] population standard deviation; 1 for a column without spread. */
  readonly scale: Float64Array;
  /** [d, d] covariance of the standardised columns, divided by N − 1. */
  readonly covariance: Float64Array;
}

/** Rows taken at once. */
const CHUNK = 512;
/** A column whose spread is below this share of its size has none: what is left is rounding. */
const NO_SPREAD = 1e-10;

/**
 * Mean, spread and covariance of standardised columns, in float64 and in blocks of rows: no second copy of the data is held.
 *
 * @param rows - [N, d], N >= 2. @param pause - awaited once a block.
 */
export async function standardisedCovariance(
  rows: Float32Array | Float64Array,
  d: number,
  pause: () => Promise<void>,
): Promise<Moments> {
  const n = rows.length / d;
  const mean = columnMeans(rows, d);
  const scale = new Float64Array(d);
  rows.forEach((value, i) => (scale[i % d] = scale[i % d]! + (value - mean[i % d]!) ** 2));
  for (let j = 0; j < d; j++) {
    const spread = Math.sqrt(scale[j]! / n);
    scale[j] = spread > NO_SPREAD * Math.abs(mean[j]!) ? spread : 1;
  }
  const covariance = new Float64Array(d * d);
  const columns = new Float64Array(d * CHUNK);
  for (let from = 0; from < n; from += CHUNK) {
    await pause();
    const count = Math.min(CHUNK, n - from);
    for (let i = 0; i < count; i++) {
      const at = (from + i) * d;
      for (let j = 0; j < d; j++) columns[j * CHUNK + i] = (rows[at + j]! - mean[j]!) / scale[j]!;
    }
    addProducts(covariance, columns, d, count);
  }
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      covariance[i * d + j] = covariance[i * d + j]! / (n - 1);
      covariance[j * d + i] = covariance[i * d + j]!;
    }
  }
  return { mean, scale, covariance };
}

function columnMeans(rows: Float32Array | Float64Array, d: number): Float64Array {
  const sums = new Float64Array(d);
  rows.forEach((value, i) => (sums[i % d] = sums[i % d]! + value));
  return sums.map((sum) => (sum * d) / rows.length);
}

/** Adds the products of columns to the upper triangle, two columns with two at a time: half the reads of memory. */
function addProducts(into: Float64Array, columns: Float64Array, d: number, count: number): void {
  for (let i = 0; i < d; i += 2) {
    const a = i * CHUNK;
    const b = i + 1 < d ? a + CHUNK : a;
    for (let j = i; j < d; j += 2) {
      const p = j * CHUNK;
      const q = j + 1 < d ? p + CHUNK : p;
      let [ap, aq, bp, bq] = [0, 0, 0, 0];
      for (let k = 0; k < count; k++) {
        const [x, y, u, w] = [columns[a + k]!, columns[b + k]!, columns[p + k]!, columns[q + k]!];
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
