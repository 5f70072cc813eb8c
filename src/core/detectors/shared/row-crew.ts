import { readWithForest } from '../isolation-forest/descend';
import { searchTree } from './kd-search';

/**
 * What is done row by row, by a name that another thread understands. Pure functions of what they are given: they write what belongs to the
 * rows `from`..`to`, and nothing that they write depends on other rows.
 */
const works = { 'isolation-forest': readWithForest, 'kd-tree': searchTree } as const;

export type RowWork = keyof typeof works;
/** Plain values, and arrays that `sharedArray` made. */
export type GivenOf<W extends RowWork> = Parameters<(typeof works)[W]>[0];

export function doRows<W extends RowWork>(work: W, given: GivenOf<W>, from: number, to: number): void {
  (works[work] as (given: GivenOf<W>, from: number, to: number) => void)(given, from, to);
}

/** Those who share the rows of a work. The result has the same bits whatever their number. */
export interface RowCrew {
  /**
   * Returns when all rows are done.
   *
   * @param least - rows, an even number, below which a part is not worth being handed over.
   */
  run<W extends RowWork>(work: W, given: GivenOf<W>, rows: number, least: number): void;
}

/** Nobody but the caller. */
export const alone: RowCrew = { run: (work, given, rows) => doRows(work, given, 0, rows) };

/** Zeros that all threads see. */
export function sharedArray<A>(
  type: { new (buffer: SharedArrayBuffer): A; readonly BYTES_PER_ELEMENT: number },
  length: number,
): A {
  return new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT));
}
