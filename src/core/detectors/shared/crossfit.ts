/** A contiguous block of rows that is scored by what was fitted on the rows far from it. */
export interface Fold {
  /** Rows of the block. */
  readonly own: Int32Array;
  /** Position of the block's first row in the rows that were cut. */
  readonly at: number;
  /** True for a row that the fit may use: more than `gap` rows away from the block. */
  readonly usable: (row: number) => boolean;
}

/**
 * Cuts rows into contiguous blocks for cross-fitted scores of normal rows: what is fitted on the others never touched the block.
 *
 * @param rows - ascending. @param gap - rows kept free on both sides; the span of a score, so that no window reaches across.
 */
export function foldsOf(rows: Int32Array, blocks: number, gap: number): Fold[] {
  return Array.from({ length: blocks }, (_, block) => {
    const at = Math.floor((block * rows.length) / blocks);
    const own = rows.subarray(at, Math.floor(((block + 1) * rows.length) / blocks));
    const [first, last] = [(own[0] ?? 0) - gap, (own.at(-1) ?? -1) + gap];
    return { own, at, usable: (row: number) => row < first || row > last };
  }).filter(({ own }) => own.length > 0);
}
