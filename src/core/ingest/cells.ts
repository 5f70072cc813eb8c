import { qualityCode } from '../series/series';
import { parseNumber } from './numbers';
import type { Recipe } from './recipe';
import { statusKey, statusMap, type StatusQuality } from './status';

/** Why a cell has no value. */
export type CellKind = 'value' | 'missing' | 'status' | 'unreadable';
export const cellKinds: readonly CellKind[] = ['value', 'missing', 'status', 'unreadable'];

export interface Cell {
  readonly kind: CellKind;
  /** NaN unless kind is 'value'. */
  readonly value: number;
  /** Code of core/series. */
  readonly quality: number;
}

const missing: Cell = { kind: 'missing', value: NaN, quality: qualityCode.absent };
const unreadable: Cell = { kind: 'unreadable', value: NaN, quality: qualityCode.bad };
const statusCells: Record<StatusQuality, Cell> = {
  bad: { kind: 'status', value: NaN, quality: qualityCode.bad },
  masked: { kind: 'status', value: NaN, quality: qualityCode.masked },
  absent: { kind: 'status', value: NaN, quality: qualityCode.absent },
};

export interface CellReader {
  /** A text under the recipe. */
  read(text: string): Cell;
  /** A number that something else parsed: a status text such as "-9999" is still a status. */
  readNumber(value: number): Cell | null;
}

/** Reads value cells under one recipe: numbers, then status texts; what is neither is unreadable and stored as bad. */
export function cellReader(recipe: Pick<Recipe, 'decimal' | 'thousands' | 'statusTexts'>): CellReader {
  const status = statusMap(recipe.statusTexts);
  const codes = new Map<number, Cell>();
  for (const { text, quality } of recipe.statusTexts) {
    const value = parseNumber(text, recipe.decimal, recipe.thousands);
    if (!Number.isNaN(value)) codes.set(value, statusCells[quality]);
  }
  return {
    read(text) {
      const value = parseNumber(text, recipe.decimal, recipe.thousands);
      if (!Number.isNaN(value)) return codes.get(value) ?? { kind: 'value', value, quality: qualityCode.good };
      const key = statusKey(text);
      if (key === '') return missing;
      const quality = status.get(key);
      return quality === undefined ? unreadable : statusCells[quality];
    },
    readNumber: (value) => (codes.size === 0 ? null : (codes.get(value) ?? null)),
  };
}
