import { open, type FileHandle } from 'node:fs/promises';
import { fileError } from './files';

/** Memory for rows before they are sorted and written out. */
const BUFFER_BYTES = 48 << 20;
/** Rows of one block on disk are about this large: what a merge holds of each run. */
const BLOCK_BYTES = 512 << 10;

/** A row as it lies in a buffer: `numbers` holds time, line and c values from `at`, `codes` c cell codes and the label from `codeAt`. */
export interface RowView {
  readonly numbers: Float64Array;
  readonly at: number;
  readonly codes: Uint8Array;
  readonly codeAt: number;
}

interface Block {
  readonly position: number;
  readonly rows: number;
}
interface Run {
  readonly blocks: Block[];
  readonly firstTime: number;
  readonly firstLine: number;
}

/**
 * Rows in the order of the file go in, rows sorted by (time, line) come out. What exceeds the buffer is written to a temporary file in
 * sorted runs and merged (external merge sort, Knuth, The Art of Computer Programming 3, 5.4), so memory does not grow with the file.
 */
export class RowSpool {
  private readonly stride: number;
  private readonly codeStride: number;
  private readonly capacity: number;
  private numbers: Float64Array;
  private codes: Uint8Array;
  private held = 0;
  private sorted = true;
  private readonly runs: Run[] = [];
  private file: FileHandle | undefined;
  private position = 0;

  /** @param bufferBytes - smaller in tests, to force the merge. */
  constructor(
    private readonly path: string,
    readonly columns: number,
    bufferBytes = BUFFER_BYTES,
  ) {
    this.stride = columns + 2;
    this.codeStride = columns + 1;
    this.capacity = Math.max(16, Math.floor(bufferBytes / (8 * this.stride + this.codeStride)));
    const start = Math.min(this.capacity, 4096);
    this.numbers = new Float64Array(start * this.stride);
    this.codes = new Uint8Array(start * this.codeStride);
  }

  /** True when the next row needs `flush` first. */
  get full(): boolean {
    return this.held >= this.capacity;
  }

  /** Room for one more row; the caller fills it in. */
  next(time: number, line: number): RowView {
    if (this.held * this.stride >= this.numbers.length) this.grow();
    const at = this.held * this.stride;
    if (this.sorted && this.held > 0 && time < this.numbers[at - this.stride]!) this.sorted = false;
    this.numbers[at] = time;
    this.numbers[at + 1] = line;
    const codeAt = this.held * this.codeStride;
    this.held++;
    return { numbers: this.numbers, at, codes: this.codes, codeAt };
  }

  private grow(): void {
    const rows = Math.min(this.capacity, this.held * 2);
    const numbers = new Float64Array(rows * this.stride);
    numbers.set(this.numbers);
    this.numbers = numbers;
    const codes = new Uint8Array(rows * this.codeStride);
    codes.set(this.codes);
    this.codes = codes;
  }

  /** Row numbers of the buffer by (time, line); lines rise with the row number. */
  private order(): Uint32Array {
    const order = new Uint32Array(this.held);
    for (let i = 0; i < this.held; i++) order[i] = i;
    if (!this.sorted) {
      const { numbers, stride } = this;
      order.sort((a, b) => numbers[a * stride]! - numbers[b * stride]! || a - b);
    }
    return order;
  }

  /** Writes the buffer as a sorted run. */
  async flush(): Promise<void> {
    if (this.held === 0) return;
    const { stride, codeStride } = this;
    try {
      this.file ??= await open(this.path, 'wx+', 0o600);
      const order = this.order();
      const perBlock = this.rowsPerBlock();
      const blocks: Block[] = [];
      const numbers = new Float64Array(perBlock * stride);
      const codes = new Uint8Array(perBlock * codeStride);
      for (let from = 0; from < order.length; from += perBlock) {
        const rows = Math.min(perBlock, order.length - from);
        for (let i = 0; i < rows; i++) {
          const row = order[from + i]!;
          numbers.set(this.numbers.subarray(row * stride, (row + 1) * stride), i * stride);
          codes.set(this.codes.subarray(row * codeStride, (row + 1) * codeStride), i * codeStride);
        }
        blocks.push({ position: this.position, rows });
        await this.write(this.file, Buffer.from(numbers.buffer, 0, rows * stride * 8));
        await this.write(this.file, Buffer.from(codes.buffer, 0, rows * codeStride));
      }
      const first = order[0]! * stride;
      this.runs.push({ blocks, firstTime: this.numbers[first]!, firstLine: this.numbers[first + 1]! });
    } catch (error) {
      throw fileError(error);
    }
    this.held = 0;
    this.sorted = true;
  }

  private async write(file: FileHandle, bytes: Buffer): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, this.position);
      done += bytesWritten;
      this.position += bytesWritten;
    }
  }

  private rowsPerBlock(): number {
    return Math.max(16, Math.min(8192, Math.floor(BLOCK_BYTES / (8 * this.stride))));
  }

  /** All rows by (time, line). A view is good until the next one is asked for. Yields once a block, rows within it by callback. */
  async drain(onRow: (row: RowView) => void, onBlock: () => Promise<void>): Promise<void> {
    if (this.runs.length === 0) {
      const order = this.order();
      for (let i = 0; i < order.length; i++) {
        onRow({ numbers: this.numbers, at: order[i]! * this.stride, codes: this.codes, codeAt: order[i]! * this.codeStride });
        if (i % 4096 === 4095) await onBlock();
      }
      await onBlock();
      return;
    }
    await this.flush();
    this.numbers = new Float64Array(0);
    this.codes = new Uint8Array(0);
    const cursors = this.runs.map((run) => new Cursor(this.file!, run, this.stride, this.codeStride));
    for (;;) {
      let first: Cursor | undefined;
      let second: Cursor | undefined;
      for (const cursor of cursors) {
        if (cursor.ended) continue;
        if (first === undefined || cursor.before(first)) {
          second = first;
          first = cursor;
        } else if (second === undefined || cursor.before(second)) second = cursor;
      }
      if (first === undefined) break;
      // Rows of one run are handed on until another run is due; runs of a file in order never interleave.
      do {
        await first.load();
        while (first.inBlock && (second === undefined || first.before(second))) {
          onRow(first.view());
          first.advance();
        }
        await onBlock();
      } while (!first.ended && (second === undefined || first.before(second)));
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }
}

/** Place in one run; reads a block at a time. */
class Cursor {
  private block = -1;
  private row = 0;
  private rows = 0;
  private numbers = new Float64Array(0);
  private codes = new Uint8Array(0);
  private time: number;
  private line: number;
  ended = false;

  constructor(
    private readonly file: FileHandle,
    private readonly run: Run,
    private readonly stride: number,
    private readonly codeStride: number,
  ) {
    this.time = run.firstTime;
    this.line = run.firstLine;
  }

  before(other: Cursor): boolean {
    return this.time < other.time || (this.time === other.time && this.line < other.line);
  }

  get inBlock(): boolean {
    return this.row < this.rows;
  }

  view(): RowView {
    return { numbers: this.numbers, at: this.row * this.stride, codes: this.codes, codeAt: this.row * this.codeStride };
  }

  advance(): void {
    this.row++;
    if (this.row < this.rows) this.mark();
    else if (this.block + 1 >= this.run.blocks.length) {
      this.ended = true;
      this.numbers = new Float64Array(0);
      this.codes = new Uint8Array(0);
    }
  }

  private mark(): void {
    this.time = this.numbers[this.row * this.stride]!;
    this.line = this.numbers[this.row * this.stride + 1]!;
  }

  async load(): Promise<void> {
    if (this.inBlock || this.ended) return;
    const block = this.run.blocks[++this.block]!;
    const numberBytes = block.rows * this.stride * 8;
    const codeBytes = block.rows * this.codeStride;
    this.numbers = new Float64Array(block.rows * this.stride);
    this.codes = new Uint8Array(codeBytes);
    await readExactly(this.file, Buffer.from(this.numbers.buffer), block.position);
    await readExactly(this.file, Buffer.from(this.codes.buffer), block.position + numberBytes);
    this.row = 0;
    this.rows = block.rows;
    this.mark();
  }
}

async function readExactly(file: FileHandle, into: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw fileError(new Error('The temporary file of the import ended too early.'));
    done += bytesRead;
  }
}
