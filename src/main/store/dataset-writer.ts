import { crc32 } from 'node:zlib';
import { FaultlineError } from '../../core/errors';
import { blockTimes, buildPyramid, pyramidFactors } from '../../core/series/pyramid';
import type { ChannelStats } from '../../core/series/series';
import { RunningStatistics } from '../../core/series/statistics';
import { bytesOf } from './blobs';
import type { Cell, Connection, Statement } from './connection';
import { crcOfCells } from './sealed-table';
import type { RowBatch } from './types';

/** Rows in a chunk. Of a file with very many tags fewer, so that one chunk of all tags stays within `bufferBytes`. */
export const chunkRows = 65_536;
const bufferBytes = 96 * 2 ** 20;
const smallestChunk = 1024;

/** Position of the time axis among the channels of a dataset. */
export const timeChannel = -1;

/** Largest power of two that keeps all columns of one chunk within the buffer. */
export function rowsPerChunk(channels: number): number {
  let rows = chunkRows;
  while (rows > smallestChunk && rows * channels * 9 > bufferBytes) rows /= 2;
  return rows;
}

/** Levels that a dataset with chunks of this size has: a block never reaches over the end of a chunk. */
export function levelsOf(rows: number): readonly number[] {
  return pyramidFactors.filter((factor) => factor <= rows);
}

/** Checksum of a chunk's header; with it a chunk cannot be taken for another one. */
export function chunkCrc(
  datasetId: string,
  channel: number,
  position: number,
  header: { readonly row_count: Cell; readonly min: Cell; readonly max: Cell; readonly data_crc: Cell },
): number {
  return crcOfCells('chunk', [datasetId, channel, position, header.row_count, header.min, header.max, header.data_crc]);
}

/** Checksum of a level; the key is part of it. */
export function levelCrc(datasetId: string, channel: number, factor: number, position: number, data: Buffer): number {
  return crc32(data, crc32(JSON.stringify(['pyramid', datasetId, channel, factor, position])));
}

/** Checksum over values, then quality codes. */
export function sampleCrc(data: Buffer, quality: Buffer | null): number {
  return quality ? crc32(quality, crc32(data)) : crc32(data);
}

/** Rows of one import on their way into the file: gathered until a chunk is full, which is then committed. */
export class DatasetWriter {
  private readonly chunkRows: number;
  private readonly timestamps: Float64Array;
  private readonly columns: readonly Float64Array[];
  private readonly quality: readonly Uint8Array[];
  private readonly statistics: readonly RunningStatistics[];
  private readonly steps = new StepCounter();
  private readonly insertChunk: Statement;
  private readonly insertLevel: Statement;
  private filled = 0;
  private position = 0;
  private failed = false;
  rows = 0;
  start = NaN;
  end = NaN;

  constructor(
    private readonly connection: Connection,
    private readonly datasetId: string,
    channels: number,
  ) {
    this.chunkRows = rowsPerChunk(channels);
    this.timestamps = new Float64Array(this.chunkRows);
    this.columns = Array.from({ length: channels }, () => new Float64Array(this.chunkRows));
    this.quality = Array.from({ length: channels }, () => new Uint8Array(this.chunkRows));
    this.statistics = Array.from({ length: channels }, () => new RunningStatistics());
    this.insertChunk = connection.prepare(
      'INSERT INTO chunk (dataset_id, channel, position, row_count, min, max, data_crc, crc, data, quality) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.insertLevel = connection.prepare(
      'INSERT INTO pyramid (dataset_id, channel, factor, position, crc, data) VALUES (?, ?, ?, ?, ?, ?)',
    );
  }

  append(batch: RowBatch): void {
    if (this.failed) throw new FaultlineError('store/io', 'This import failed before; cancel it and start again.');
    const n = batch.timestamps.length;
    for (const array of [...batch.columns, ...batch.quality]) {
      if (array.length !== n) throw new RangeError('columns and quality must be as long as the timestamps');
    }
    if (batch.columns.length !== this.columns.length || batch.quality.length !== this.columns.length) {
      throw new RangeError(`${this.columns.length} columns expected`);
    }
    this.checkOrder(batch.timestamps);
    for (let from = 0; from < n;) {
      const take = Math.min(n - from, this.chunkRows - this.filled);
      this.timestamps.set(batch.timestamps.subarray(from, from + take), this.filled);
      for (const [c, column] of this.columns.entries()) column.set(batch.columns[c]!.subarray(from, from + take), this.filled);
      for (const [c, codes] of this.quality.entries()) codes.set(batch.quality[c]!.subarray(from, from + take), this.filled);
      this.filled += take;
      from += take;
      if (this.filled === this.chunkRows) this.flush();
    }
  }

  /** Commits what was gathered, also when it is less than a chunk. */
  flush(): void {
    if (this.filled === 0) return;
    try {
      this.connection.transaction(() => this.writeChunk());
    } catch (error) {
      // Statistics and positions no longer fit the file.
      this.failed = true;
      throw error;
    }
    this.position++;
    this.filled = 0;
  }

  stats(): readonly ChannelStats[] {
    return this.statistics.map((running) => running.result());
  }

  /** Median distance of rows in ms. */
  stepMs(): number {
    return this.steps.median();
  }

  private checkOrder(timestamps: Float64Array): void {
    let last = Number.isNaN(this.end) ? -Infinity : this.end;
    for (const [row, time] of timestamps.entries()) {
      if (!(time > last) || time === Infinity) {
        throw new FaultlineError('import/bad-timestamp', `Row ${this.rows + row + 1} is not later than the row before it.`, {
          row: this.rows + row + 1,
        });
      }
      if (last !== -Infinity) this.steps.add(time - last);
      last = time;
    }
    if (timestamps.length === 0) return;
    if (Number.isNaN(this.start)) this.start = timestamps[0]!;
    this.end = last;
    this.rows += timestamps.length;
  }

  private writeChunk(): void {
    const n = this.filled;
    const times = this.timestamps.subarray(0, n);
    const levels = levelsOf(this.chunkRows);
    this.writeSamples(timeChannel, times, null, times[0]!, times[n - 1]!);
    for (const factor of levels) this.writeLevel(timeChannel, factor, bytesOf(blockTimes(times, factor)));
    for (const [c, buffer] of this.columns.entries()) {
      const values = buffer.subarray(0, n);
      const codes = this.quality[c]!.subarray(0, n);
      this.statistics[c]!.addAll(values, codes);
      const pyramid = buildPyramid(values, levels);
      const { min, max } = extremes(values);
      this.writeSamples(c, values, codes.some((code) => code !== 0) ? bytesOf(codes) : null, min, max);
      for (const level of pyramid) this.writeLevel(c, level.factor, Buffer.concat([bytesOf(level.min), bytesOf(level.max)]));
    }
  }

  private writeSamples(
    channel: number,
    values: Float64Array,
    quality: Buffer | null,
    min: number | null,
    max: number | null,
  ): void {
    const data = bytesOf(values);
    const header = { row_count: values.length, min, max, data_crc: sampleCrc(data, quality) };
    const crc = chunkCrc(this.datasetId, channel, this.position, header);
    this.insertChunk.run(this.datasetId, channel, this.position, header.row_count, min, max, header.data_crc, crc, data, quality);
  }

  private writeLevel(channel: number, factor: number, data: Buffer): void {
    const crc = levelCrc(this.datasetId, channel, factor, this.position, data);
    this.insertLevel.run(this.datasetId, channel, factor, this.position, crc, data);
  }
}

function extremes(values: Float64Array): { readonly min: number | null; readonly max: number | null } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : { min: null, max: null };
}

/** Median of distances by counting equal ones. Exact as long as there are few different ones; later ones are not counted then. */
class StepCounter {
  private static readonly cap = 65_536;
  private readonly counts = new Map<number, number>();
  private all = 0;

  add(step: number): void {
    const count = this.counts.get(step);
    if (count === undefined && this.counts.size >= StepCounter.cap) return;
    this.counts.set(step, (count ?? 0) + 1);
    this.all++;
  }

  /** The lower middle one of an even number; 0 of none. */
  median(): number {
    let left = (this.all - 1) >> 1;
    for (const [step, count] of [...this.counts].sort((a, b) => a[0] - b[0])) {
      if (left < count) return step;
      left -= count;
    }
    return 0;
  }
}
