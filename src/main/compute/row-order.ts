import { doRows, type GivenOf, type RowWork } from '../../core/detectors/shared/row-crew';

/** A work on rows as all threads get it. */
export interface RowOrder<W extends RowWork = RowWork> {
  readonly work: W;
  readonly given: GivenOf<W>;
  readonly rows: number;
  /** Rows of a block. */
  readonly block: number;
  /** Shared, see `slots`. */
  readonly state: Int32Array;
}

/** Places in the state of an order: the block that is taken next, blocks that are done, blocks that failed, a bit for each thread that did one. */
export const slots = { next: 0, done: 1, failed: 2, workers: 3 } as const;

export const blocksOf = ({ rows, block }: RowOrder): number => Math.ceil(rows / block);

/** Takes blocks until there are none left. A failure is noted: whoever gave the order meets it again by itself. */
export function takeBlocks(order: RowOrder, thread: number): void {
  const { work, given, rows, block, state } = order;
  const blocks = blocksOf(order);
  for (let i = Atomics.add(state, slots.next, 1); i < blocks; i = Atomics.add(state, slots.next, 1)) {
    try {
      doRows(work, given, i * block, Math.min(rows, (i + 1) * block));
    } catch {
      Atomics.add(state, slots.failed, 1);
    }
    Atomics.or(state, slots.workers, 1 << thread);
    Atomics.add(state, slots.done, 1);
    Atomics.notify(state, slots.done);
  }
}
