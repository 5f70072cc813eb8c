import type { Random } from '../random';

/**
 * Batches without replacement, epoch after epoch. The items of a batch follow from the stream's seed and the step alone, so that a
 * resumed run draws what the uninterrupted one would have drawn.
 *
 * @param items - what to draw from. @param size - items in a batch; all of them when there are fewer.
 */
export function batchesOf(items: Int32Array, size: number, random: Random): (step: number) => Int32Array {
  const batch = Math.min(size, items.length);
  // The remainder of an epoch is left out: every batch has the same size, and the next order differs.
  const perEpoch = Math.floor(items.length / batch);
  let epoch = -1;
  let order: Int32Array = new Int32Array(0);
  return (step) => {
    const wanted = Math.floor(step / perEpoch);
    if (wanted !== epoch) {
      epoch = wanted;
      order = random.fork(`epoch ${epoch}`).permutation(items.length);
    }
    const from = (step % perEpoch) * batch;
    return Int32Array.from(order.subarray(from, from + batch), (position) => items[position]!);
  };
}
