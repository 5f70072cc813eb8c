import { columnNames } from './headers';
import { count } from './numbers';
import type { Evidence } from './preview';
import type { Recipe } from './recipe';
import { firstRecords } from './records';

/** Records looked at for a guess. */
export const SAMPLE = 2000;
const delimiters = ['\t', ';', '|', ','] as const;
/** Words for sentences. */
export const delimiterNames = { '\t': 'tab', ';': 'semicolon', '|': 'bar', ',': 'comma' } as const;

/** The beginning of a file, decoded. */
export interface Head {
  readonly text: string;
  /** False when `text` is the whole file. */
  readonly partial: boolean;
  readonly encoding: Recipe['encoding'];
}

/** One record at its line. */
export interface Sampled {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Number of cells that most records have; 0 without records. */
export function modalWidth(records: readonly Sampled[]): number {
  const widths = new Map<number, number>();
  for (const r of records) widths.set(r.cells.length, (widths.get(r.cells.length) ?? 0) + 1);
  let best = 0;
  for (const [width, n] of widths) if (n > (widths.get(best) ?? 0) || (n === widths.get(best) && width > best)) best = width;
  return best;
}

/** The mark that splits most lines alike. Comma comes last, because it is also a decimal mark. */
export function guessDelimiter(head: Head): {
  readonly delimiter: Recipe['delimiter'];
  readonly records: readonly Sampled[];
  readonly evidence: Evidence;
} {
  let best: { delimiter: Recipe['delimiter']; records: readonly Sampled[]; agree: number; share: number } | null = null;
  for (const delimiter of delimiters) {
    const records = firstRecords(head.text, delimiter, SAMPLE, head.partial);
    const width = modalWidth(records);
    const agree = records.filter((r) => r.cells.length === width).length;
    const share = width < 2 || records.length === 0 ? 0 : agree / records.length;
    if (best === null || share > best.share + 0.02) best = { delimiter, records, agree, share };
  }
  const { delimiter, records, agree, share } = best!;
  const text =
    share === 0
      ? 'no line has a tab, semicolon, bar or comma'
      : `${delimiterNames[delimiter]}: ${count(agree)} of ${count(records.length)} lines agree`;
  return { delimiter, records, evidence: { choice: 'delimiter', text, doubt: share < 0.9 } };
}

/** The columns of a file under a recipe's delimiter and header line. */
export interface Layout {
  /** Cells that most rows have; a row with another number is ragged. */
  readonly width: number;
  readonly header: readonly string[];
  /** Names of all columns. */
  readonly columns: readonly string[];
}

/** Where the columns lie, from the beginning of the file. */
export function layoutOf(head: Head, recipe: Pick<Recipe, 'delimiter' | 'headerLine' | 'unitLine'>): Layout {
  const records = firstRecords(head.text, recipe.delimiter, SAMPLE, head.partial);
  const dataFrom = Math.max(recipe.headerLine, recipe.unitLine);
  const header = records.find((r) => r.line === recipe.headerLine)?.cells ?? [];
  const unit = records.find((r) => r.line === recipe.unitLine)?.cells ?? [];
  const width = modalWidth(records.filter((r) => r.line > dataFrom)) || header.length;
  return { width, header, columns: columnNames(header, unit, Math.max(width, header.length)).columns.map((c) => c.name) };
}
