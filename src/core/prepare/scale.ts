import type { Scaler } from './prepared';

/** Scaled values are kept inside ± this many standard deviations, so that their squares stay finite in float32. */
export const scaledLimit = 1e6;

/** A spread below this many units in the last place of the values is rounding, not movement. */
const flatUlps = 16;

/**
 * Mean and population standard deviation of each column over the rows that train, in float64 (Welford, so offsets cost no digits).
 *
 * @param columns - c columns of [n]; NaN entries do not count.
 * @param fitMask - [n] 1 for rows that train; all rows when absent.
 */
export function fitScaler(columns: readonly Float64Array[], fitMask?: Uint8Array): Scaler {
  const fits = columns.map((column) => fitColumn(column, fitMask));
  return { mean: fits.map((f) => f.mean), std: fits.map((f) => f.std), flat: fits.map((f) => f.flat) };
}

function fitColumn(values: Float64Array, mask: Uint8Array | undefined): { mean: number; std: number; flat: boolean } {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if ((mask && mask[i] === 0) || !Number.isFinite(value)) continue;
    count++;
    const delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const rounding = flatUlps * Number.EPSILON * Math.max(Math.abs(min), Math.abs(max));
  const std = Math.sqrt(squares / count);
  // Values near the end of the number range have no finite spread; they cannot be scaled either.
  if (count === 0 || max - min <= rounding || !Number.isFinite(std)) {
    return { mean: Number.isFinite(mean) ? mean : 0, std: 1, flat: true };
  }
  return { mean, std, flat: false };
}

/**
 * Columns as one scaled matrix. A flat channel is 0 everywhere: nothing is known about how far it usually moves, so it must not
 * outweigh the others.
 *
 * @param columns - c columns of [n], finite.
 * @returns [n, c] row-major, within ± `scaledLimit`.
 */
export function scaleColumns(columns: readonly Float64Array[], scaler: Scaler): Float32Array {
  const n = columns[0]?.length ?? 0;
  const c = columns.length;
  const values = new Float32Array(n * c);
  for (let j = 0; j < c; j++) {
    if (scaler.flat[j]) continue;
    const column = columns[j]!;
    const mean = scaler.mean[j]!;
    const std = scaler.std[j]!;
    for (let i = 0; i < n; i++) {
      values[i * c + j] = Math.min(scaledLimit, Math.max(-scaledLimit, (column[i]! - mean) / std));
    }
  }
  return values;
}

/** A scaled value of channel `j` in the channel's own unit. */
export function unscale(scaled: number, scaler: Scaler, j: number): number {
  return scaler.mean[j]! + (scaler.flat[j] ? 0 : scaled * scaler.std[j]!);
}
