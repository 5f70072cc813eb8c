import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { EngineInfo } from '../../core/detectors/detector';
import { FaultlineError } from '../../core/errors';
import type { Scores } from '../../core/scoring/scores';
import { lowerBound } from '../../core/series/search';
import type { TimeRange } from '../../core/series/series';
import { bytesOf } from './blobs';
import type { Cell, Connection } from './connection';
import { noChannel } from './dataset-repository';
import { chunkRows } from './dataset-writer';
import { asBlob, asJson, asNumber, asText, crcOfCells, SealedTable } from './sealed-table';
import type { Thresholds } from './threshold-repository';
import type { NewRun, RowRange, RunRepository, StoredRun } from './types';

const runColumns = [
  'id',
  'model_id',
  'dataset_id',
  'title',
  'engine',
  'channels',
  'row_count',
  'start_ms',
  'end_ms',
  'has_share',
  'has_expected',
  'half_width',
  'created_at',
] as const;
type RunRow = Record<(typeof runColumns)[number], Cell>;
type Kind = 'time' | 'score' | 'share' | 'expected' | 'review';

/** Scores of runs, column by column in chunks, so that one tag's band is read without the others. */
export class Runs implements RunRepository {
  private readonly table: SealedTable<(typeof runColumns)[number]>;
  private readonly select;
  private readonly insertChunk;
  private readonly selectChunk;
  private readonly ofReview;

  constructor(
    private readonly connection: Connection,
    private readonly thresholds: Pick<Thresholds, 'current' | 'eventCount'>,
  ) {
    this.table = new SealedTable(connection, 'run', runColumns);
    this.select = { byId: this.table.select('WHERE id = ?'), all: this.table.select('ORDER BY seq') };
    this.insertChunk = connection.prepare(
      'INSERT INTO run_chunk (run_id, kind, channel, position, row_count, data_crc, crc, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.selectChunk = connection.prepare(
      'SELECT row_count, data_crc, crc, data FROM run_chunk WHERE run_id = ? AND kind = ? AND channel = ? AND position = ?',
    );
    this.ofReview = {
      any: connection.prepare('SELECT 1 AS found FROM run_review_chunk WHERE run_id = ? LIMIT 1'),
      insert: connection.prepare(
        'INSERT INTO run_review_chunk (run_id, position, row_count, data_crc, crc, data) VALUES (?, ?, ?, ?, ?, ?)',
      ),
      select: connection.prepare('SELECT row_count, data_crc, crc, data FROM run_review_chunk WHERE run_id = ? AND position = ?'),
    };
  }

  create(run: NewRun): StoredRun {
    const { timestamps, scores, channels } = run;
    const n = timestamps.length;
    if (n === 0 || scores.score.length !== n) throw new RangeError('one score for each timestamp expected');
    return this.connection.transaction(() => {
      const id = randomUUID();
      this.table.insert({
        id,
        model_id: run.modelId,
        dataset_id: run.datasetId,
        title: run.title,
        engine: JSON.stringify(run.engine),
        channels: JSON.stringify(channels),
        row_count: n,
        start_ms: timestamps[0]!,
        end_ms: timestamps[n - 1]!,
        has_share: Number(scores.byChannel !== undefined),
        has_expected: Number(scores.expected !== undefined),
        half_width: scores.expectedHalfWidth ? JSON.stringify([...scores.expectedHalfWidth]) : null,
        created_at: this.connection.now(),
      });
      this.write(id, 'time', 0, timestamps);
      this.write(id, 'score', 0, scores.score);
      if (scores.review) this.write(id, 'review', 0, scores.review);
      for (const c of channels.keys()) {
        if (scores.byChannel) this.write(id, 'share', c, columnOf(scores.byChannel, c, channels.length, n));
        if (scores.expected) this.write(id, 'expected', c, columnOf(scores.expected, c, channels.length, n));
      }
      return this.get(id);
    });
  }

  get(runId: string): StoredRun {
    return this.stored(this.row(runId));
  }

  list(): readonly StoredRun[] {
    return this.select.all().map((row) => this.stored(row));
  }

  rowsBetween(runId: string, range: TimeRange): RowRange {
    const time = this.timestamps(runId);
    const from = lowerBound(time, range.start);
    return { from, to: Math.max(from, lowerBound(time, range.end)) };
  }

  timestamps(runId: string, rows?: RowRange): Float64Array {
    return this.read(this.row(runId), 'time', 0, rows, (n) => new Float64Array(n));
  }

  score(runId: string, rows?: RowRange): Float32Array {
    return this.read(this.row(runId), 'score', 0, rows, (n) => new Float32Array(n));
  }

  review(runId: string, rows?: RowRange): Float32Array | undefined {
    const row = this.row(runId);
    return this.hasReview(row) ? this.read(row, 'review', 0, rows, (n) => new Float32Array(n)) : undefined;
  }

  share(runId: string, channel: string, rows?: RowRange): Float32Array | undefined {
    const row = this.row(runId);
    return row.has_share === 1 ? this.read(row, 'share', channelIndex(row, channel), rows, (n) => new Float32Array(n)) : undefined;
  }

  expected(runId: string, channel: string, rows?: RowRange): Float32Array | undefined {
    const row = this.row(runId);
    return row.has_expected === 1
      ? this.read(row, 'expected', channelIndex(row, channel), rows, (n) => new Float32Array(n))
      : undefined;
  }

  scores(runId: string): { readonly timestamps: Float64Array; readonly scores: Scores } {
    const run = this.get(runId);
    const rowMajor = (kind: 'share' | 'expected'): Float32Array => {
      const all = new Float32Array(run.rows * run.channels.length);
      for (const [c, channel] of run.channels.entries()) {
        const column = this[kind](runId, channel)!;
        for (const [i, value] of column.entries()) all[i * run.channels.length + c] = value;
      }
      return all;
    };
    return {
      timestamps: this.timestamps(runId),
      scores: {
        score: this.score(runId),
        ...(run.parts.review ? { review: this.review(runId)! } : {}),
        ...(run.parts.byChannel ? { byChannel: rowMajor('share') } : {}),
        ...(run.parts.expected ? { expected: rowMajor('expected') } : {}),
        ...(run.expectedHalfWidth ? { expectedHalfWidth: Float32Array.from(run.expectedHalfWidth) } : {}),
      },
    };
  }

  private write(runId: string, kind: Kind, channel: number, values: Float64Array | Float32Array): void {
    for (let position = 0; position * chunkRows < values.length; position++) {
      const part = values.subarray(position * chunkRows, (position + 1) * chunkRows);
      const data = bytesOf(part);
      const dataCrc = crc32(data);
      const crc = headerCrc(runId, kind, channel, position, part.length, dataCrc);
      if (kind === 'review') this.ofReview.insert.run(runId, position, part.length, dataCrc, crc, data);
      else this.insertChunk.run(runId, kind, channel, position, part.length, dataCrc, crc, data);
    }
  }

  private read<A extends Float64Array | Float32Array>(
    run: RunRow,
    kind: Kind,
    channel: number,
    rows: RowRange | undefined,
    make: (n: number) => A,
  ): A {
    const all = asNumber(run.row_count);
    const from = Math.min(Math.max(0, rows?.from ?? 0), all);
    const to = Math.min(Math.max(from, rows?.to ?? all), all);
    const values = make(to - from);
    const bytes = bytesOf(values);
    const width = values.BYTES_PER_ELEMENT;
    for (let position = Math.floor(from / chunkRows); position * chunkRows < to; position++) {
      const begin = position * chunkRows;
      const data = this.chunk(run, kind, channel, position, Math.min(chunkRows, all - begin), width);
      const first = Math.max(from, begin);
      const last = Math.min(to, begin + chunkRows);
      bytes.set(data.subarray((first - begin) * width, (last - begin) * width), (first - from) * width);
    }
    return values;
  }

  private chunk(run: RunRow, kind: Kind, channel: number, position: number, count: number, width: number): Buffer {
    const runId = asText(run.id);
    const row =
      kind === 'review' ? this.ofReview.select.get(runId, position) : this.selectChunk.get(runId, kind, channel, position);
    const dataCrc = row?.['data_crc'];
    const good =
      row !== undefined &&
      row['row_count'] === count &&
      row['crc'] === headerCrc(runId, kind, channel, position, count, dataCrc ?? null) &&
      Buffer.isBuffer(row['data']) &&
      row['data'].byteLength === count * width &&
      dataCrc === crc32(row['data']);
    if (!good) {
      throw new FaultlineError(
        'store/damaged-chunk',
        `The scores of "${asText(run.title)}" are damaged in the project file and are not shown. Score the data again.`,
        { runId, kind, start: asNumber(run.start_ms), end: asNumber(run.end_ms) },
      );
    }
    return asBlob(row['data']);
  }

  private hasReview(run: RunRow): boolean {
    return this.ofReview.any.get(run.id) !== undefined;
  }

  private row(runId: string): RunRow {
    const [row] = this.select.byId(runId);
    if (!row) throw new FaultlineError('score/not-found', 'This run is not in the project.', { runId });
    return row;
  }

  private stored(row: RunRow): StoredRun {
    const id = asText(row.id);
    const threshold = this.thresholds.current(id);
    return {
      id,
      modelId: asText(row.model_id),
      datasetId: asText(row.dataset_id),
      title: asText(row.title),
      createdAt: asNumber(row.created_at),
      engine: asJson<EngineInfo>(row.engine),
      channels: asJson<readonly string[]>(row.channels),
      rows: asNumber(row.row_count),
      start: asNumber(row.start_ms),
      end: asNumber(row.end_ms),
      parts: { byChannel: row.has_share === 1, expected: row.has_expected === 1, review: this.hasReview(row) },
      expectedHalfWidth:
        row.half_width === null ? null : asJson<readonly (number | null)[]>(row.half_width).map((value) => value ?? NaN),
      threshold,
      eventCount: threshold ? this.thresholds.eventCount(threshold.id) : 0,
    };
  }
}

function headerCrc(runId: string, kind: Kind, channel: number, position: number, count: number, dataCrc: Cell): number {
  return crcOfCells('run_chunk', [runId, kind, channel, position, count, dataCrc]);
}

function columnOf(rowMajor: Float32Array, column: number, columns: number, rows: number): Float32Array {
  return Float32Array.from({ length: rows }, (_, i) => rowMajor[i * columns + column]!);
}

function channelIndex(run: RunRow, channel: string): number {
  const index = asJson<readonly string[]>(run.channels).indexOf(channel);
  if (index < 0) throw noChannel(channel);
  return index;
}
