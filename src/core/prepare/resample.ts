import { FaultlineError } from '../errors';

/** More grid rows than this are refused: the step is far too small for the period. */
const maxGridRows = 20_000_000;

export interface Resampled {
  readonly timestamps: Float64Array;
  readonly columns: readonly Float64Array[];
  /** [n] last input row that took part in the row; -1 for a row of the grid without any. */
  readonly rowIndex: Int32Array;
}

/**
 * Rows on a grid of multiples of `stepMs`. A row at time g summarises the input rows in (g − stepMs, g], so no row knows the future:
 * their mean, or for step tags the last value. Grid times without input rows are NaN; runs of more than `maxFillRows` of them are
 * left out, because they would be cut anyway.
 *
 * @throws FaultlineError 'prepare/too-short' when the grid would have more than 20 million rows.
 */
export function resample(
  timestamps: Float64Array,
  columns: readonly Float64Array[],
  isStep: readonly boolean[],
  stepMs: number,
  maxFillRows: number,
): Resampled {
  const n = timestamps.length;
  const slot = (row: number): number => Math.ceil(timestamps[row]! / stepMs);
  const slots: number[] = [];
  const from: number[] = [];
  let row = 0;
  while (row < n) {
    const g = slot(row);
    const previous = slots.at(-1);
    if (previous !== undefined && g - previous - 1 <= maxFillRows) {
      for (let empty = previous + 1; empty < g; empty++) {
        slots.push(empty);
        from.push(-1);
      }
    }
    slots.push(g);
    from.push(row);
    if (slots.length > maxGridRows) {
      throw new FaultlineError(
        'prepare/too-short',
        `Resampling to ${stepMs} ms gives more than ${maxGridRows.toLocaleString('en')} rows. Choose a longer step.`,
        { stepMs, limit: maxGridRows },
      );
    }
    while (row < n && slot(row) === g) row++;
  }
  const rowIndex = new Int32Array(slots.length).fill(-1);
  const out = columns.map(() => new Float64Array(slots.length).fill(NaN));
  for (let k = 0; k < slots.length; k++) {
    if (from[k]! < 0) continue;
    let end = from[k]!;
    while (end < n && slot(end) === slots[k]) end++;
    rowIndex[k] = end - 1;
    columns.forEach((column, j) => {
      out[j]![k] = summary(column, from[k]!, end, isStep[j] === true);
    });
  }
  return { timestamps: Float64Array.from(slots, (g) => g * stepMs), columns: out, rowIndex };
}

function summary(column: Float64Array, start: number, end: number, last: boolean): number {
  let sum = 0;
  let count = 0;
  for (let i = end - 1; i >= start; i--) {
    const value = column[i]!;
    if (!Number.isFinite(value)) continue;
    if (last) return value;
    sum += value;
    count++;
  }
  return count === 0 ? NaN : sum / count;
}
