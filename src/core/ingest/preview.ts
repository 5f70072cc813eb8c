import type { ImportReport, Recipe } from './recipe';

/** One choice of the recipe with the evidence for it, as a sentence; `doubt` asks the user to look. */
export interface Evidence {
  readonly choice: string;
  readonly text: string;
  readonly doubt: boolean;
}

export interface PreviewedCell {
  readonly text: string;
  /** null when there is no value (missing, status text, unreadable). */
  readonly value: number | null;
  readonly quality: string;
}

export interface PreviewedRow {
  readonly line: number;
  readonly time: number | null;
  readonly timeText: string;
  readonly cells: readonly PreviewedCell[];
  /** '' or why the row is not taken: 'repeated', 'bad-time'. */
  readonly problem: string;
}

/** A file as it would be read, before anything is stored. */
export interface PreviewResult {
  readonly bytes: number;
  readonly sha256: string;
  readonly recipe: Recipe;
  readonly evidence: readonly Evidence[];
  readonly rawLines: readonly { readonly line: number; readonly text: string }[];
  readonly rows: readonly PreviewedRow[];
  /** Names of all columns of the file, in its order. */
  readonly columns: readonly string[];
  readonly report: ImportReport;
  /** True when `report` covers the whole file. */
  readonly complete: boolean;
}
