import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { doRows, sharedArray, type GivenOf, type RowCrew, type RowWork } from '../../core/detectors/shared/row-crew';
import { countOf } from '../../core/report/format';
import { blocksOf, slots, takeBlocks, type RowOrder } from './row-order';

/** Beyond so many the memory is the limit, and others want to work too. */
const MOST_THREADS = 8;
/** Threads are told by bits of one number. */
const MOST_ASKED = 31;
/** Blocks for each thread: a slow one takes fewer, and each has its own preparations. */
const SHARE_OF_BLOCKS = 2;
/** Work on rows, in milliseconds, after which other threads are started: smaller jobs are over before these are there. */
const START_AFTER_MS = 100;

export interface CrewOptions {
  /** Built or source file of row-thread.ts. */
  readonly entry: URL;
  /** Together with the caller; absent: FAULTLINE_THREADS, else one for each core, at most 8. */
  readonly threads?: number;
  /** Flags of Node, where they are others than those of this process. */
  readonly execArgv?: readonly string[];
  readonly startAfterMs?: number;
}

/**
 * Threads of this process that share rows with the caller (docs/decisions/0021-row-threads.md). The caller works too, and waits only for
 * blocks that another thread has begun: one that is not there yet, or never comes, is not missed.
 */
export class ThreadCrew implements RowCrew {
  private readonly members = new Map<number, Worker>();
  private started = false;
  private spentMs = 0;
  /** A bit for each thread that did a block since it was told. */
  private workers = 0;
  private lost = '';

  constructor(private readonly options: CrewOptions) {}

  /** @throws what the work throws. */
  run<W extends RowWork>(work: W, given: GivenOf<W>, rows: number, least: number): void {
    const begun = performance.now();
    for (const value of Object.values(given)) {
      // A copy would reach the other threads, and their results nobody.
      if (ArrayBuffer.isView(value) && !(value.buffer instanceof SharedArrayBuffer))
        throw new Error(`${work}: an array is not shared`);
    }
    const even = 2 * Math.ceil(rows / (2 * SHARE_OF_BLOCKS * (this.members.size + 1)));
    const order: RowOrder<W> = { work, given, rows, block: Math.max(least, even), state: sharedArray(Int32Array, 4) };
    const blocks = blocksOf(order);
    if (blocks > 1) for (const member of this.members.values()) member.postMessage(order);
    takeBlocks(order, 0);
    waitFor(order.state, blocks);
    this.workers |= Atomics.load(order.state, slots.workers);
    if (Atomics.load(order.state, slots.failed) > 0) doRows(work, given, 0, rows);
    this.spentMs += performance.now() - begun;
    if (!this.started && this.spentMs > (this.options.startAfterMs ?? START_AFTER_MS)) this.start();
  }

  /** For the log, what happened since the last call; absent where there was too little to share. */
  tell(): string | undefined {
    const count = this.workers.toString(2).replaceAll('0', '').length;
    this.workers = 0;
    if (!this.started || count === 0) return undefined;
    return `Rows were shared among ${countOf(count, 'thread')}${this.lost && `; a thread was lost: ${this.lost}`}.`;
  }

  /** Ends the other threads; a process that ends need not call it. */
  async close(): Promise<void> {
    await Promise.all([...this.members.values()].map((member) => member.terminate()));
  }

  private start(): void {
    this.started = true;
    const { entry, threads = threadsOfMachine(), execArgv } = this.options;
    try {
      // Throws where a thread must not wait.
      Atomics.wait(sharedArray(Int32Array, 1), 0, 1);
      for (let thread = 1; thread < threads; thread++) {
        const member = new Worker(entry, { workerData: thread, ...(execArgv && { execArgv: [...execArgv] }) });
        member.unref();
        member.on('error', (error) => (this.lost = error.message));
        member.on('exit', () => this.members.delete(thread));
        this.members.set(thread, member);
      }
    } catch (error) {
      this.lost = String(error);
    }
  }
}

/** Until all blocks are done. A thread that dies in one freezes this process, and whoever supervises it says so (compute/client.ts). */
function waitFor(state: Int32Array, blocks: number): void {
  for (let done = Atomics.load(state, slots.done); done < blocks; done = Atomics.load(state, slots.done)) {
    Atomics.wait(state, slots.done, done);
  }
}

function threadsOfMachine(): number {
  const asked = Number(process.env['FAULTLINE_THREADS']);
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, MOST_ASKED) : Math.min(availableParallelism(), MOST_THREADS);
}
