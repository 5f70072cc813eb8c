/** Splitting delimited text into records: RFC 4180 with the deviations that historians and spreadsheets really write. */

/** One record: its cells, and the 1-based line on which it starts. */
export type RecordHandler = (cells: string[], line: number) => void;

export interface SplitterLimits {
  /** Longest record in characters. */
  readonly maxRecord: number;
  /** Most cells of one record. */
  readonly maxCells: number;
}

/** What stopped a splitter: the line where the record (or its open quote) began. */
export class RecordLimit extends Error {
  constructor(
    readonly kind: 'unclosed-quote' | 'too-long' | 'too-many-cells',
    readonly line: number,
  ) {
    super(`${kind} in line ${line}`);
  }
}

const QUOTE = 34;
const LF = 10;
const CR = 13;

/**
 * Splits text that arrives in pieces of any size. A quote counts only as the first character of a cell; text behind a closing quote
 * belongs to the cell. CR, LF and CRLF end a line each, mixed as they come. Blank lines are skipped but counted.
 */
export class RecordSplitter {
  private cells: string[] = [];
  private cell = '';
  private recordLength = 0;
  /** 0 cell start, 1 plain cell, 2 inside quotes, 3 behind a closing quote. */
  private state = 0;
  private line = 1;
  private recordLine = 1;
  private quoteLine = 1;
  private afterCr = false;
  private readonly delimiterCode: number;

  constructor(
    delimiter: string,
    private readonly onRecord: RecordHandler,
    private readonly limits: SplitterLimits = { maxRecord: 16 * 1024 * 1024, maxCells: 20_000 },
  ) {
    this.delimiterCode = delimiter.charCodeAt(0);
  }

  /** @throws RecordLimit */
  push(text: string): void {
    const { delimiterCode } = this;
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (this.afterCr) {
        this.afterCr = false;
        if (code === LF) {
          if (this.state === 2) this.cell += text.slice(from, i + 1);
          from = i + 1;
          continue;
        }
      }
      if (this.state === 2) {
        if (code === QUOTE) {
          this.cell += text.slice(from, i);
          from = i + 1;
          this.state = 3;
        } else if (code === LF || code === CR) {
          this.line++;
          this.afterCr = code === CR;
          if (this.afterCr) {
            this.cell += text.slice(from, i + 1);
            from = i + 1;
          }
        }
        continue;
      }
      if (code === delimiterCode) {
        this.take(text.slice(from, i));
        from = i + 1;
        this.endCell();
      } else if (code === LF || code === CR) {
        this.take(text.slice(from, i));
        from = i + 1;
        this.afterCr = code === CR;
        this.line++;
        this.endRecord();
      } else if (code === QUOTE && this.state === 0) {
        from = i + 1;
        this.state = 2;
        this.quoteLine = this.line;
      } else if (code === QUOTE && this.state === 3) {
        // A doubled quote is one quote of the text.
        from = i + 1;
        this.cell += '"';
        this.state = 2;
      } else if (this.state !== 1) {
        this.state = 1;
      }
    }
    this.take(text.slice(from));
  }

  /** Hands on the last record when the text does not end with a line break. @throws RecordLimit for a quote never closed. */
  end(): void {
    if (this.state === 2) throw new RecordLimit('unclosed-quote', this.quoteLine);
    if (this.cells.length > 0 || this.cell !== '' || this.state !== 0) this.endRecord();
  }

  private take(piece: string): void {
    if (piece === '') return;
    this.cell += piece;
    if (this.recordLength + this.cell.length > this.limits.maxRecord) {
      throw this.state === 2 ? new RecordLimit('unclosed-quote', this.quoteLine) : new RecordLimit('too-long', this.recordLine);
    }
  }

  private endCell(): void {
    this.recordLength += this.cell.length;
    this.cells.push(this.cell);
    this.cell = '';
    this.state = 0;
    if (this.cells.length > this.limits.maxCells) throw new RecordLimit('too-many-cells', this.recordLine);
  }

  private endRecord(): void {
    const blank = this.cells.length === 0 && this.state === 0 && this.cell === '';
    if (!blank) this.endCell();
    const start = this.recordLine;
    this.recordLine = this.line;
    if (blank) return;
    const cells = this.cells;
    this.cells = [];
    this.recordLength = 0;
    this.onRecord(cells, start);
  }
}

/** The first `most` records of a text. A record cut off by the end of the text is left out when `partial` is set. */
export function firstRecords(
  text: string,
  delimiter: string,
  most: number,
  partial: boolean,
): { readonly cells: readonly string[]; readonly line: number }[] {
  const records: { cells: readonly string[]; line: number }[] = [];
  const enough = new Error('enough');
  const splitter = new RecordSplitter(delimiter, (cells, line) => {
    records.push({ cells, line });
    if (records.length >= most) throw enough;
  });
  try {
    splitter.push(text);
    if (!partial) splitter.end();
  } catch (error) {
    // A quote that never closes ends the sample here; the import itself reports it with its line.
    if (error !== enough && !(error instanceof RecordLimit)) throw error;
  }
  return records;
}
