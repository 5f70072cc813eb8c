import { expect, it } from 'vitest';
import { randomFrom } from '../random';
import { batchesOf } from './batches';

it('draws every item once an epoch, in a new order each epoch', () => {
  const items = Int32Array.from({ length: 12 }, (_, i) => 100 + i);
  const batches = batchesOf(items, 4, randomFrom(1));
  const epochs = [0, 1].map((epoch) => [0, 1, 2].flatMap((i) => [...batches(3 * epoch + i)]));
  for (const drawn of epochs) expect([...drawn].sort((a, b) => a - b)).toEqual([...items]);
  expect(epochs[1]).not.toEqual(epochs[0]);
});

it('gives the batch of a step whatever was drawn before', () => {
  const items = Int32Array.from({ length: 50 }, (_, i) => i);
  const inOrder = batchesOf(items, 8, randomFrom(3));
  for (let step = 0; step < 17; step++) inOrder(step);
  expect(inOrder(17)).toEqual(batchesOf(items, 8, randomFrom(3))(17));
});

it('takes all items when there are fewer than a batch', () => {
  expect(batchesOf(Int32Array.of(5, 6), 64, randomFrom(1))(9)).toHaveLength(2);
});
