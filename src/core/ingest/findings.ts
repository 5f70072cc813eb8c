import type { Finding, ImportReport } from './recipe';

const FIRST = 20;
const UNKNOWN = 20;
/** Texts are shown, not kept: a cell may hold a million characters. */
const TEXT_LIMIT = 80;
/** Distinct unknown texts counted; a column of free text must not fill the memory. */
const DISTINCT_LIMIT = 10_000;

/** A text short enough to show. */
export function clip(text: string): string {
  return text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text;
}

/** Counts one kind of finding and keeps the first places. */
export class FindingCounter {
  count = 0;
  private readonly places: { line: number; column: string; text: string }[] = [];

  /** True while another place would be kept; lets a caller skip finding out about it. */
  get open(): boolean {
    return this.places.length < FIRST;
  }

  add(line: number, column: string, text: string): void {
    this.count++;
    if (this.open) this.places.push({ line, column, text: clip(text) });
  }

  /** @param exact - the count over the rows that were kept, where it is known better at the end. */
  finding(exact = this.count): Finding {
    return { count: exact, first: exact === 0 ? [] : this.places };
  }
}

/** Everything that was not simply a value, gathered while rows are read. */
export class Findings {
  readonly missing = new FindingCounter();
  readonly status = new FindingCounter();
  readonly unreadable = new FindingCounter();
  readonly badTime = new FindingCounter();
  readonly repeated = new FindingCounter();
  readonly outOfOrder = new FindingCounter();
  readonly ragged = new FindingCounter();
  readonly clockChange = new FindingCounter();
  private readonly unknown = new Map<string, { text: string; count: number; line: number; column: string }>();

  addUnreadable(line: number, column: string, text: string): void {
    this.unreadable.add(line, column, text);
    const key = clip(text.trim());
    const known = this.unknown.get(key);
    if (known !== undefined) known.count++;
    else if (this.unknown.size < DISTINCT_LIMIT) this.unknown.set(key, { text: key, count: 1, line, column });
  }

  /** @param kept - counts over the rows that were kept. */
  report(kept: {
    fileRows: number;
    rows: number;
    columns: number;
    missing: number;
    status: number;
    unreadable: number;
  }): ImportReport {
    const cells = kept.rows * kept.columns;
    return {
      fileRows: kept.fileRows,
      rows: kept.rows,
      cells,
      values: cells - kept.missing - kept.status - kept.unreadable,
      missing: this.missing.finding(kept.missing),
      status: this.status.finding(kept.status),
      unreadable: this.unreadable.finding(kept.unreadable),
      badTime: this.badTime.finding(),
      repeated: this.repeated.finding(),
      outOfOrder: this.outOfOrder.finding(),
      ragged: this.ragged.finding(),
      clockChange: this.clockChange.finding(),
      unknownTexts: [...this.unknown.values()].sort((a, b) => b.count - a.count || a.line - b.line).slice(0, UNKNOWN),
    };
  }
}
