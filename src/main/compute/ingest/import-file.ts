import { join } from 'node:path';
import { Findings } from '../../../core/ingest/findings';
import type { ImportReport, Recipe } from '../../../core/ingest/recipe';
import { utcText } from '../../../core/ingest/times';
import type { TimeRange } from '../../../core/series/series';
import { cellCode, convert, kindOf, qualityOf } from './convert';
import { checkCancelled } from './files';
import { withSource, type Source } from './source';
import { RowSpool, type RowView } from './spool';

/** Rows in time order; times are strictly increasing over all batches. The arrays belong to the receiver. */
export interface ImportBatch {
  /** [n] ms since 1970 UTC. */
  readonly timestamps: Float64Array;
  /** c columns of [n] in the order of the recipe's tags; NaN where there is no value. */
  readonly columns: readonly Float64Array[];
  /** c columns of [n], codes of core/series. */
  readonly quality: readonly Uint8Array[];
  /** [n] 0 or 1, when the recipe has a label column. */
  readonly labels?: Uint8Array;
}

/** Takes the batches one after the other; the import waits for it. */
export type ImportSink = (batch: ImportBatch) => void | Promise<void>;

export interface ImportProgress {
  /** scan: hash and check; copy: strict copy of an unclean file; read: parse; write: hand on in order. */
  readonly phase: 'scan' | 'copy' | 'read' | 'write';
  readonly rows: number;
  /** Rows of the file, 0 while not known. */
  readonly totalRows: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ImportOptions {
  readonly signal?: AbortSignal;
  readonly report?: (progress: ImportProgress) => void;
}

export interface ImportResult {
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  /** First and last time kept. */
  readonly range: TimeRange;
  readonly ordering: { readonly sorted: boolean; readonly outOfOrder: number; readonly repeated: number };
  readonly report: ImportReport;
  /** Runs of rows marked 1 by the label column, ends included; empty without one. */
  readonly labelIntervals: readonly TimeRange[];
  /** Names of all columns of the file. */
  readonly columns: readonly string[];
}

/** Samples of one batch over all tags, and the most rows: a chunk of the store. */
const BATCH_CELLS = 4_000_000;
const BATCH_ROWS = 65_536;

/**
 * Reads a file under a recipe and hands its rows on sorted by time; of rows with one time the last of the file is kept.
 *
 * The file is read twice (scan, then parse). Rows go through a spool that keeps them in memory up to 48 MB and beyond that in a
 * temporary file, so memory is bounded and nothing reaches the sink before the whole file was found readable.
 *
 * @throws FaultlineError of the areas file, import and store, and 'job/cancelled'.
 */
export async function importFile(
  path: string,
  recipe: Recipe,
  sink: ImportSink,
  options: ImportOptions = {},
): Promise<ImportResult> {
  return readFile(path, recipe, sink, options);
}

/** @param limitBytes - only the beginning of the file; for previews. */
export async function readFile(
  path: string,
  recipe: Recipe,
  sink: ImportSink,
  options: ImportOptions & {
    readonly limitBytes?: number | undefined;
    readonly inspect?: (source: Source, findings: Findings) => Promise<void>;
  },
): Promise<ImportResult> {
  const { signal } = options;
  const findings = new Findings();
  const progress = { phase: 'scan' as ImportProgress['phase'], rows: 0, totalRows: 0, bytes: 0, totalBytes: 0 };
  const tell = (change: Partial<ImportProgress>): void => {
    Object.assign(progress, change);
    options.report?.({ ...progress });
  };
  return withSource(
    path,
    recipe,
    findings,
    {
      signal,
      limitBytes: options.limitBytes,
      report: (phase, bytes, totalBytes) => tell({ phase, bytes, totalBytes }),
    },
    async (source, tempFolder) => {
      tell({ phase: 'read', rows: 0, totalRows: source.rows, bytes: 0, totalBytes: source.bytes });
      const spool = new RowSpool(join(tempFolder, 'spool'), recipe.tags.length);
      try {
        const { fileRows } = await convert(source, recipe, findings, spool, {
          signal,
          report: (rows) => tell({ rows, bytes: Math.round((rows / source.rows) * source.bytes) }),
        });
        tell({ phase: 'write', rows: 0 });
        const timeName = source.columns[recipe.timeColumn ?? -1] ?? '';
        const out = new BatchWriter(recipe.tags.length, recipe.labelColumn !== null, sink, (line, time) =>
          findings.repeated.add(line, timeName, utcText(time)),
        );
        await spool.drain(
          (row) => out.add(row),
          async () => {
            checkCancelled(signal);
            await out.flushFull();
            tell({ rows: out.rows });
          },
        );
        await out.end();
        tell({ rows: out.rows });
        await options.inspect?.(source, findings);
        return {
          sha256: source.sha256,
          bytes: source.bytes,
          rows: out.rows,
          range: { start: out.firstTime, end: out.lastTime },
          ordering: {
            sorted: findings.outOfOrder.count === 0,
            outOfOrder: findings.outOfOrder.count,
            repeated: findings.repeated.count,
          },
          report: {
            ...findings.report({ fileRows, rows: out.rows, columns: recipe.tags.length, ...out.kept }),
            ...(recipe.rowTimes && { rowTimes: recipe.rowTimes }),
          },
          labelIntervals: out.intervals,
          columns: source.columns,
        };
      } finally {
        await spool.close();
      }
    },
  );
}

/** Turns sorted rows into batches: resolves repeated times, counts what was kept, and finds the runs of labels. */
class BatchWriter {
  rows = 0;
  firstTime = NaN;
  lastTime = NaN;
  readonly kept = { missing: 0, status: 0, unreadable: 0 };
  readonly intervals: TimeRange[] = [];
  private readonly capacity: number;
  private readonly ready: ImportBatch[] = [];
  private batch: {
    timestamps: Float64Array;
    columns: Float64Array[];
    codes: Uint8Array[];
    lines: Float64Array;
    labels: Uint8Array;
  };
  private length = 0;
  private labelStart = NaN;
  private labelEnd = NaN;

  constructor(
    private readonly width: number,
    private readonly labelled: boolean,
    private readonly sink: ImportSink,
    private readonly onRepeated: (line: number, time: number) => void,
  ) {
    this.capacity = Math.max(256, Math.min(BATCH_ROWS, Math.floor(BATCH_CELLS / width)));
    this.batch = this.fresh();
  }

  private fresh(): BatchWriter['batch'] {
    const n = this.capacity;
    return {
      timestamps: new Float64Array(n),
      columns: Array.from({ length: this.width }, () => new Float64Array(n)),
      codes: Array.from({ length: this.width }, () => new Uint8Array(n)),
      lines: new Float64Array(n),
      labels: new Uint8Array(n),
    };
  }

  add(row: RowView): void {
    const time = row.numbers[row.at]!;
    let at = this.length;
    if (at > 0 && this.batch.timestamps[at - 1] === time) {
      // The later line replaces the earlier one.
      at--;
      this.onRepeated(this.batch.lines[at]!, time);
    } else {
      // Only when another time follows is the last row of a full batch settled.
      if (at === this.capacity) {
        this.seal();
        at = 0;
      }
      this.length = at + 1;
    }
    const { timestamps, columns, codes, lines, labels } = this.batch;
    timestamps[at] = time;
    lines[at] = row.numbers[row.at + 1]!;
    for (let c = 0; c < this.width; c++) {
      columns[c]![at] = row.numbers[row.at + 2 + c]!;
      codes[c]![at] = row.codes[row.codeAt + c]!;
    }
    labels[at] = row.codes[row.codeAt + this.width]!;
  }

  private seal(): void {
    const n = this.length;
    if (n === 0) return;
    const { timestamps, columns, codes, labels } = this.batch;
    for (const column of codes) {
      for (let i = 0; i < n; i++) {
        const code = column[i]!;
        if (code === GOOD) continue;
        const kind = kindOf(code);
        if (kind !== 'value') this.kept[kind]++;
        column[i] = qualityOf(code);
      }
    }
    for (let i = 0; i < n; i++) this.mark(timestamps[i]!, labels[i]!);
    if (this.rows === 0) this.firstTime = timestamps[0]!;
    this.lastTime = timestamps[n - 1]!;
    this.rows += n;
    const cut = <A extends Float64Array | Uint8Array>(array: A): A => (n === this.capacity ? array : (array.slice(0, n) as A));
    this.ready.push({
      timestamps: cut(timestamps),
      columns: columns.map(cut),
      quality: codes.map(cut),
      ...(this.labelled ? { labels: cut(labels) } : {}),
    });
    this.length = 0;
    this.batch = this.fresh();
  }

  private mark(time: number, label: number): void {
    if (label === 1) {
      if (Number.isNaN(this.labelStart)) this.labelStart = time;
      this.labelEnd = time;
    } else if (!Number.isNaN(this.labelStart)) {
      this.intervals.push({ start: this.labelStart, end: this.labelEnd });
      this.labelStart = NaN;
    }
  }

  async flushFull(): Promise<void> {
    for (let batch = this.ready.shift(); batch !== undefined; batch = this.ready.shift()) await this.sink(batch);
  }

  async end(): Promise<void> {
    this.seal();
    this.mark(NaN, 0);
    await this.flushFull();
  }
}

const GOOD = cellCode({ kind: 'value', quality: 0 });
