import type { RunContext } from '../detector';
import { NO_BLOCK, type Block, type Nearest, type NearestRows } from './nearest';
import { chosenRows, CHUNK } from './window-detector';
import { chunksOf } from './windows';

/** The k nearest of some entries among the others, less a block of them. */
export async function neighboursAmong(
  memory: NearestRows,
  entries: Int32Array,
  k: number,
  run: Pick<RunContext, 'checkpoint'>,
  leftOut: Block = NO_BLOCK,
): Promise<Nearest> {
  const result = { k, index: new Int32Array(entries.length * k), distance: new Float64Array(entries.length * k) };
  let at = 0;
  for (const own of chunksOf(entries, CHUNK)) {
    await run.checkpoint();
    const part = memory.find(chosenRows(memory.values, memory.width, own), k, own, leftOut);
    result.index.set(part.index, at);
    result.distance.set(part.distance, at);
    at += own.length * k;
  }
  return result;
}

/**
 * The k nearest of every entry, less a block, from those that are known among all: the first k outside of the block. Entries of which fewer
 * are left are searched again, so that the result is exact.
 *
 * @param known - of all entries. @returns of all entries too, those of the block among them.
 */
export async function neighboursWithout(
  leftOut: Block,
  known: Nearest,
  memory: NearestRows,
  k: number,
  run: Pick<RunContext, 'checkpoint'>,
): Promise<Nearest> {
  const { count } = memory;
  const result = { k, index: new Int32Array(count * k), distance: new Float64Array(count * k) };
  const again: number[] = [];
  for (let own = 0; own < count; own++) {
    const end = (own + 1) * k;
    let to = own * k;
    for (let i = own * known.k; i < (own + 1) * known.k && to < end; i++) {
      const entry = known.index[i]!;
      if (entry >= leftOut.from && entry < leftOut.to) continue;
      result.index[to] = entry;
      result.distance[to++] = known.distance[i]!;
    }
    if (to < end) again.push(own);
  }
  const searched = await neighboursAmong(memory, Int32Array.from(again), k, run, leftOut);
  again.forEach((own, i) => {
    result.index.set(searched.index.subarray(i * k, (i + 1) * k), own * k);
    result.distance.set(searched.distance.subarray(i * k, (i + 1) * k), own * k);
  });
  return result;
}

/** What is missing among the first `count` numbers. @param use - ascending, all but one block of them. */
export function missingBlock(use: Int32Array, count: number): Block {
  const gap = use.findIndex((entry, i) => entry !== i);
  const from = gap < 0 ? use.length : gap;
  return { from, to: from + count - use.length };
}
