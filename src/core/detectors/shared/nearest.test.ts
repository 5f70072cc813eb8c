import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { randomFrom } from '../../random';
import { NearestRows } from './nearest';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Every distance in float64, sorted; of equal ones the earlier first. */
function direct(values: Float32Array, query: Float32Array, width: number, k: number, leftOut = (_: number) => false) {
  return Array.from({ length: values.length / width }, (_, entry) => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += (query[j]! - values[entry * width + j]!) ** 2;
    return { entry, square: sum, distance: Math.sqrt(sum) };
  })
    .filter(({ entry }) => !leftOut(entry))
    .sort((a, b) => a.square - b.square || a.entry - b.entry)
    .slice(0, k);
}

const cases: readonly [string, (i: number, noise: number) => number][] = [
  ['standardised values', (_, noise) => noise],
  // |a|² is 1e8 times the squared distances: the float32 product alone would choose at random.
  ['values far from 0', (_, noise) => 1e4 + noise],
  // Squares of them are no normal float32.
  ['values near 0', (_, noise) => 1e-22 * noise],
  ['many equal rows', (i) => Math.floor(i / 30) % 3],
  ['a value at the end of float32', (i, noise) => (i === 31 ? 3e38 : noise)],
];

it.each(
  cases.flatMap(([name, value]) => [
    // Few rows are searched by products, many in few columns by a tree.
    ...[[`${name}, products`, value, 6, 200] as const],
    ...[[`${name}, tree`, value, 3, 3000] as const],
  ]),
)('finds what a direct search in float64 finds, bit by bit: %s', (_, value, width, count) => {
  const k = 7;
  const random = randomFrom(3);
  const values = Float32Array.from({ length: count * width }, (__, i) => value(i, random.normal()));
  const queries = values.slice(5 * width, 15 * width).map((x, i) => x + (i % 4 === 0 ? 0.01 : 0));
  const memory = new NearestRows(tf, values, width);
  const before = tf.memory().numTensors;
  const found = memory.find(queries, k);
  const own = Int32Array.from({ length: 10 }, (__, i) => 5 + i);
  const among = memory.find(values.subarray(5 * width, 15 * width), k, own);
  const without = memory.find(queries, k, own, { from: 30, to: 150 });
  // The tree needs no tensor.
  expect(tf.memory().numTensors - before).toBe(count < 1000 ? 1 : 0);
  memory.dispose();
  for (let row = 0; row < 10; row++) {
    const of = (rows: Float32Array) => rows.subarray(row * width, (row + 1) * width);
    const expected = direct(values, of(queries), width, k);
    expect([...found.distance.slice(row * k, (row + 1) * k)]).toEqual(expected.map(({ distance }) => distance));
    expect([...found.index.slice(row * k, (row + 1) * k)]).toEqual(expected.map(({ entry }) => entry));
    const others = direct(values, of(values.subarray(5 * width)), width, k, (entry) => entry === 5 + row);
    expect([...among.index.slice(row * k, (row + 1) * k)]).toEqual(others.map(({ entry }) => entry));
    const outside = direct(values, of(queries), width, k, (entry) => entry === 5 + row || (entry >= 30 && entry < 150));
    expect([...without.index.slice(row * k, (row + 1) * k)]).toEqual(outside.map(({ entry }) => entry));
    expect([...without.distance.slice(row * k, (row + 1) * k)]).toEqual(outside.map(({ distance }) => distance));
  }
});
