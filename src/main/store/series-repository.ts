import { FaultlineError } from '../../core/errors';
import { decimate, type Blocks } from '../../core/series/decimate';
import { blockTimes, buildPyramid, chooseFactor, decimateFromPyramid, joinBlocks } from '../../core/series/pyramid';
import { lowerBound } from '../../core/series/search';
import type { Series, TimeRange } from '../../core/series/series';
import { usualGapMs } from '../../core/series/statistics';
import { bytesOf, float32Of, float64Of } from './blobs';
import { blocksOf, clamp, expectedRows, iso, join, range, type ChunkSpan } from './chunk-spans';
import type { Connection } from './connection';
import { noChannel, type DatasetLayout, type Datasets } from './dataset-repository';
import { chunkCrc, levelCrc, levelsOf, sampleCrc, timeChannel } from './dataset-writer';
import { asNumber, damaged } from './sealed-table';
import type { DamagedRange, RowRange, SeriesRepository, StoredWindow } from './types';

interface Samples {
  readonly data: Buffer;
  readonly quality: Buffer | null;
}

/** Reading of samples. Every blob is checked before a value of it is given out. */
export class StoredSeries implements SeriesRepository {
  private readonly spansOf = new Map<string, readonly ChunkSpan[]>();
  private readonly selectTimeHeaders;
  private readonly selectChunk;
  private readonly selectLevels;

  constructor(
    private readonly connection: Connection,
    private readonly datasets: Datasets,
  ) {
    connection.onRollback(() => this.spansOf.clear());
    this.selectTimeHeaders = connection.prepare(
      `SELECT position, row_count, min, max, data_crc, crc FROM chunk WHERE dataset_id = ? AND channel = ${timeChannel} ORDER BY position`,
    );
    this.selectChunk = connection.prepare(
      'SELECT row_count, min, max, data_crc, crc, data, quality FROM chunk WHERE dataset_id = ? AND channel = ? AND position = ?',
    );
    this.selectLevels = connection.prepare(
      'SELECT position, crc, data FROM pyramid WHERE dataset_id = ? AND channel = ? AND factor = ? AND position BETWEEN ? AND ?',
    );
  }

  readTimestamps(datasetId: string, rowStart = 0, rowEnd?: number): Float64Array {
    const layout = this.datasets.layout(datasetId);
    return this.values(layout, timeChannel, clamp({ from: rowStart, to: rowEnd ?? layout.rows }, layout.rows));
  }

  readColumn(datasetId: string, channel: string, rowStart = 0, rowEnd?: number): Float64Array {
    const layout = this.datasets.layout(datasetId);
    return this.values(layout, position(layout, channel), clamp({ from: rowStart, to: rowEnd ?? layout.rows }, layout.rows));
  }

  readQuality(datasetId: string, channel: string, rowStart = 0, rowEnd?: number): Uint8Array {
    const layout = this.datasets.layout(datasetId);
    const range = clamp({ from: rowStart, to: rowEnd ?? layout.rows }, layout.rows);
    const codes = new Uint8Array(range.to - range.from);
    this.eachChunk(layout, position(layout, channel), range, (samples, from, to, at) => {
      if (samples.quality) codes.set(samples.quality.subarray(from, to), at);
    });
    return codes;
  }

  readSeries(datasetId: string, channels?: readonly string[], rows?: RowRange): Series {
    const layout = this.datasets.layout(datasetId);
    const names = channels ?? layout.channels;
    const range = clamp(rows ?? { from: 0, to: layout.rows }, layout.rows);
    return {
      timestamps: this.values(layout, timeChannel, range),
      columns: names.map((name) => this.values(layout, position(layout, name), range)),
      channels: names,
    };
  }

  rowsBetween(datasetId: string, range: TimeRange): RowRange {
    const layout = this.datasets.layout(datasetId);
    const from = this.firstRowAt(layout, range.start);
    return { from, to: Math.max(from, this.firstRowAt(layout, range.end)) };
  }

  window(datasetId: string, channels: readonly string[], range: TimeRange, buckets: number): StoredWindow {
    const layout = this.datasets.layout(datasetId);
    const positions = channels.map((channel) => position(layout, channel));
    const spans = this.spans(layout);
    const first = spans.findIndex((span) => span.end >= range.start);
    const last = spans.findLastIndex((span) => span.start < range.end);
    const damagedRanges: DamagedRange[] = [];
    if (first < 0 || last < first) {
      const nothing = { time: new Float64Array(), min: new Float32Array(), max: new Float32Array(), raw: true };
      return { range, lines: channels.map((channel) => ({ channel, line: nothing })), damaged: damagedRanges };
    }
    const factor = chooseFactor(expectedRows(spans.slice(first, last + 1), range), buckets, levelsOf(layout.chunkRows));
    const report = (channel: number, chunk: number): void => {
      damagedRanges.push(this.damagedRange(layout, channel, chunk));
    };
    const axis = this.timeBlocks(layout, factor, first, last, (chunk) => positions.forEach((channel) => report(channel, chunk)));
    const time = join(axis.map((part) => part ?? new Float64Array()));
    const gapMs = usualGapMs(time);
    const lines = channels.map((channel, c) => {
      const parts = this.valueBlocks(layout, positions[c]!, factor, first, axis, report);
      if (factor === 1) {
        const values = join(parts.map((part) => part.min as Float64Array));
        return { channel, line: decimate(time, values, range, buckets, gapMs) };
      }
      return { channel, line: decimateFromPyramid(joinBlocks(parts), range, buckets, gapMs) };
    });
    return { range, lines, damaged: damagedRanges };
  }

  verify(datasetId: string): readonly DamagedRange[] {
    const layout = this.datasets.layout(datasetId);
    const found: DamagedRange[] = [];
    for (const chunk of this.spans(layout).keys()) {
      const timeIsGood = this.tryChunk(layout, timeChannel, chunk) !== undefined;
      for (const channel of layout.channels.keys()) {
        if (!timeIsGood || !this.tryChunk(layout, channel, chunk)) found.push(this.damagedRange(layout, channel, chunk));
      }
    }
    return found;
  }

  /** Rows are copied at the place where they belong; a damaged chunk ends it. */
  private values(layout: DatasetLayout, channel: number, range: RowRange): Float64Array {
    const values = new Float64Array(range.to - range.from);
    const bytes = bytesOf(values);
    this.eachChunk(layout, channel, range, (samples, from, to, at) => {
      bytes.set(samples.data.subarray(from * 8, to * 8), at * 8);
    });
    return values;
  }

  private eachChunk(
    layout: DatasetLayout,
    channel: number,
    range: RowRange,
    take: (samples: Samples, from: number, to: number, at: number) => void,
  ): void {
    for (const [chunk, span] of this.spans(layout).entries()) {
      const from = Math.max(range.from, span.row);
      const to = Math.min(range.to, span.row + span.rows);
      if (from >= to) continue;
      const samples = this.tryChunk(layout, channel, chunk);
      if (!samples) throw this.damagedChunk(layout, channel, chunk);
      take(samples, from - span.row, to - span.row, from - range.from);
    }
  }

  /** undefined when it is damaged or gone. */
  private tryChunk(layout: DatasetLayout, channel: number, chunk: number): Samples | undefined {
    const row = this.reading(() => this.selectChunk.get(layout.id, channel, chunk));
    const span = this.spans(layout)[chunk];
    if (!row || !span || !Buffer.isBuffer(row['data'])) return undefined;
    const header = { row_count: row['row_count']!, min: row['min']!, max: row['max']!, data_crc: row['data_crc']! };
    const quality = Buffer.isBuffer(row['quality']) ? row['quality'] : null;
    const good =
      row['crc'] === chunkCrc(layout.id, channel, chunk, header) &&
      row['data_crc'] === sampleCrc(row['data'], quality) &&
      row['row_count'] === span.rows &&
      row['data'].byteLength === span.rows * 8;
    return good ? { data: row['data'], quality } : undefined;
  }

  /** A page that SQLite itself finds damaged counts like a failed checksum: the other chunks stay readable. */
  private reading<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (error instanceof FaultlineError && (error.code === 'store/damaged' || error.code === 'store/io')) return undefined;
      throw error;
    }
  }

  /** Where each chunk lies in rows and time. The headers have a checksum of their own, so this holds when samples are damaged. */
  private spans(layout: DatasetLayout): readonly ChunkSpan[] {
    const known = this.spansOf.get(layout.id);
    if (known) return known;
    let next = 0;
    const spans = this.selectTimeHeaders.all(layout.id).map((row, chunk): ChunkSpan => {
      const header = { row_count: row['row_count']!, min: row['min']!, max: row['max']!, data_crc: row['data_crc']! };
      if (row['crc'] !== chunkCrc(layout.id, timeChannel, chunk, header)) throw damaged(this.connection.file, 'chunk');
      const span = { row: next, rows: asNumber(header.row_count), start: asNumber(header.min), end: asNumber(header.max) };
      next += span.rows;
      return span;
    });
    if (next !== layout.rows) throw damaged(this.connection.file, 'chunk');
    this.spansOf.set(layout.id, spans);
    return spans;
  }

  private firstRowAt(layout: DatasetLayout, time: number): number {
    const spans = this.spans(layout);
    const chunk = spans.findIndex((span) => span.end >= time);
    const span = spans[chunk];
    if (!span) return layout.rows;
    if (span.start >= time) return span.row;
    const samples = this.tryChunk(layout, timeChannel, chunk);
    if (!samples) throw this.damagedChunk(layout, timeChannel, chunk);
    return span.row + lowerBound(float64Of(samples.data), time);
  }

  /** Times of the blocks of each chunk; undefined where the time axis is damaged: such rows have no place on a chart. */
  private timeBlocks(
    layout: DatasetLayout,
    factor: number,
    first: number,
    last: number,
    report: (chunk: number) => void,
  ): readonly (Float64Array | undefined)[] {
    const levels = factor === 1 ? new Map<number, Buffer>() : this.levels(layout, timeChannel, factor, first, last);
    return range(first, last).map((chunk) => {
      const level = levels.get(chunk);
      if (level && level.byteLength === blocksOf(this.spans(layout)[chunk]!, factor) * 8) return float64Of(level);
      const samples = this.tryChunk(layout, timeChannel, chunk);
      if (!samples) {
        report(chunk);
        return undefined;
      }
      return factor === 1 ? float64Of(samples.data) : blockTimes(float64Of(samples.data), factor);
    });
  }

  /** Blocks of one channel, chunk by chunk. A damaged level is made anew from the samples; damaged samples are NaN and reported. */
  private valueBlocks(
    layout: DatasetLayout,
    channel: number,
    factor: number,
    first: number,
    axis: readonly (Float64Array | undefined)[],
    report: (channel: number, chunk: number) => void,
  ): readonly Blocks[] {
    const levels = factor === 1 ? new Map<number, Buffer>() : this.levels(layout, channel, factor, first, first + axis.length - 1);
    return axis.map((time, i): Blocks => {
      const chunk = first + i;
      if (!time) return { time: new Float64Array(), min: new Float64Array(), max: new Float64Array() };
      const level = levels.get(chunk);
      if (level && level.byteLength === time.length * 8) {
        const both = float32Of(level);
        return { time, min: both.subarray(0, time.length), max: both.subarray(time.length) };
      }
      const samples = this.tryChunk(layout, channel, chunk);
      if (!samples) {
        report(channel, chunk);
        const nothing = new Float64Array(time.length).fill(NaN);
        return { time, min: nothing, max: nothing };
      }
      const values = float64Of(samples.data);
      if (factor === 1) return { time, min: values, max: values };
      const made = buildPyramid(values, [factor])[0]!;
      return { time, min: made.min, max: made.max };
    });
  }

  /** Levels that pass their check, by chunk. */
  private levels(layout: DatasetLayout, channel: number, factor: number, first: number, last: number): Map<number, Buffer> {
    const rows = this.reading(() => this.selectLevels.all(layout.id, channel, factor, first, last)) ?? [];
    const found = new Map<number, Buffer>();
    for (const row of rows) {
      const { position: chunk, data, crc } = row;
      if (typeof chunk !== 'number' || !Buffer.isBuffer(data)) continue;
      if (crc === levelCrc(layout.id, channel, factor, chunk, data)) found.set(chunk, data);
    }
    return found;
  }

  private damagedRange(layout: DatasetLayout, channel: number, chunk: number): DamagedRange {
    const span = this.spans(layout)[chunk]!;
    return { channel: layout.channels[channel] ?? '', start: span.start, end: span.end };
  }

  private damagedChunk(layout: DatasetLayout, channel: number, chunk: number): FaultlineError {
    const where = this.damagedRange(layout, channel, chunk);
    const what = where.channel === '' ? 'The time axis' : `Tag "${where.channel}"`;
    return new FaultlineError(
      'store/damaged-chunk',
      `${what} is damaged in the project file from ${iso(where.start)} to ${iso(where.end)}. Import the data again, or leave this period out.`,
      { ...where, datasetId: layout.id },
    );
  }
}

function position(layout: DatasetLayout, channel: string): number {
  const found = layout.channels.indexOf(channel);
  if (found < 0) throw noChannel(channel);
  return found;
}
