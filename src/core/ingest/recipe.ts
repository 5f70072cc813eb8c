/** How a delimited file is read; every field is a choice the user sees and may change. Plain data, kept with the dataset. */
export interface Recipe {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1' | 'windows-1252';
  readonly delimiter: ',' | ';' | '\t' | '|';
  /** 1-based line of the names; 0 when there is none (columns are then called column 1, 2, …). */
  readonly headerLine: number;
  /** 1-based line of the units; 0 when there is none. */
  readonly unitLine: number;
  /** 0-based position of the time column; null where the times are made from the order of the rows. */
  readonly timeColumn: number | null;
  /** How the times are made; given if and only if there is no time column. */
  readonly rowTimes?: RowTimes | undefined;
  readonly timeFormat: TimeFormat;
  /** IANA zone of clock times without offset. 'UTC' when the file does not say. */
  readonly timeZone: string;
  readonly decimal: '.' | ',';
  readonly thousands: '' | '.' | ',' | ' ' | "'";
  /** Texts that mean "no value", compared without case and surrounding space; their cells get the quality given. */
  readonly statusTexts: readonly { readonly text: string; readonly quality: 'bad' | 'masked' | 'absent' }[];
  /** 0-based positions of the columns to take as tags. */
  readonly valueColumns: readonly number[];
  /** Name, unit and step flag for each of valueColumns. */
  readonly tags: readonly { readonly name: string; readonly unit: string; readonly step: boolean }[];
  /** 0-based position of a 0/1 label column, or null. It is not taken as a tag. */
  readonly labelColumn: number | null;
}

/** Times made from the order of the rows: row i (0-based) has firstMs + i·stepMs. */
export interface RowTimes {
  /** ms since 1970 UTC. */
  readonly firstMs: number;
  readonly stepMs: number;
}

/** The columns of the file that a recipe reads: time (where there is one), tags, labels (where there are any), in this order. */
export function usedColumns({ timeColumn, valueColumns, labelColumn }: Recipe): readonly number[] {
  return [timeColumn, ...valueColumns, labelColumn].filter((column) => column !== null);
}

/** Order of the parts is fixed for the whole column, never guessed row by row. */
export const timeFormats = ['iso', 'ymd', 'dmy', 'mdy', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'excel-serial'] as const;
export type TimeFormat = (typeof timeFormats)[number];

/** Counts and the first places of everything that was not simply a value. Lines are 1-based lines of the file. */
export interface ImportReport {
  /** Data rows of the file (without header, unit and blank lines). */
  readonly fileRows: number;
  /** How the times were made where the file has none: they are not measured. */
  readonly rowTimes?: RowTimes;
  readonly rows: number;
  readonly cells: number;
  readonly values: number;
  readonly missing: Finding;
  /** Status texts of the recipe. */
  readonly status: Finding;
  /** Texts that are neither number nor known status; stored as bad. */
  readonly unreadable: Finding;
  readonly badTime: Finding;
  /** Repeated times: the last row is kept. */
  readonly repeated: Finding;
  /** Rows earlier than a row before them; sorted by time. */
  readonly outOfOrder: Finding;
  /** Rows with more or fewer cells than the header. */
  readonly ragged: Finding;
  /** Clock times that do not exist or exist twice because of a change of the clock. */
  readonly clockChange: Finding;
  /** Distinct unknown texts with their number, most frequent first, at most 20. */
  readonly unknownTexts: readonly {
    readonly text: string;
    readonly count: number;
    readonly line: number;
    readonly column: string;
  }[];
}

export interface Finding {
  readonly count: number;
  /** At most 20. */
  readonly first: readonly { readonly line: number; readonly column: string; readonly text: string }[];
}
