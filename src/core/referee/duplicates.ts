import type { Segment } from '../prepare/prepared';
import { countOf, formatPercent } from '../report/format';
import type { RefereeCheck } from './report';

/** Rows of prepared data. */
export interface BlockRows {
  /** [n, c] row-major. */
  readonly values: Float32Array;
  readonly channels: readonly string[];
  /** Half-open runs that blocks stay inside of. */
  readonly segments: readonly Segment[];
}

export interface Duplicates {
  /** Blocks of the test part in which something moves. */
  readonly blocks: number;
  /** Those that are in the train part too, value for value. */
  readonly repeated: number;
}

/**
 * Blocks of `length` rows of the test part, side by side, that occur in the train part at any place, value for value in every tag.
 * Blocks in which nothing moves are not counted: a stopped machine repeats itself.
 */
export function duplicatedBlocks(train: BlockRows, test: BlockRows, length: number): Duplicates {
  const wanted = new Map<number, number[]>();
  const testHashes = rowHashes(test);
  let blocks = 0;
  for (const { start, end } of test.segments) {
    for (let at = start; at + length <= end; at += length) {
      if (constant(test, at, length)) continue;
      blocks++;
      const hash = blockHash(testHashes, at, length);
      wanted.set(hash, [...(wanted.get(hash) ?? []), at]);
    }
  }
  const found = new Set<number>();
  const trainHashes = rowHashes(train);
  const high = power(length);
  for (const { start, end } of train.segments) {
    let hash = 0;
    for (let i = start; i < end; i++) {
      hash = (Math.imul(hash, base) + trainHashes[i]!) | 0;
      if (i - start >= length) hash = (hash - Math.imul(trainHashes[i - length]!, high)) | 0;
      if (i - start + 1 < length) continue;
      for (const at of wanted.get(hash) ?? []) {
        if (!found.has(at) && sameRows(train, i - length + 1, test, at, length)) found.add(at);
      }
    }
  }
  return { blocks, repeated: found.size };
}

/** From this share on the test repeats so much of the train part that it is no test. */
const failShare = 0.2;

export function duplicatesCheck({ blocks, repeated }: Duplicates, length: number): RefereeCheck {
  const done = (state: RefereeCheck['state'], text: string): RefereeCheck => ({
    id: 'duplicated-blocks',
    title: 'Duplicated blocks',
    state,
    text,
  });
  const kind = `of ${countOf(length, 'row')} in which something moves`;
  if (blocks === 0) return done('unknown', `The test part has no block ${kind}.`);
  const of = `${countOf(blocks, 'block')} ${kind}`;
  if (repeated === 0) return done('passed', `None of the test part's ${of} is in the train part value for value.`);
  const share = repeated / blocks;
  return done(
    share >= failShare ? 'failed' : 'warning',
    `${formatPercent(share)} (${repeated}) of the test part's ${of} are in the train part value for value.`,
  );
}

/** Odd multiplier of the polynomial hash modulo 2³²; equality is checked value by value, so it only has to spread. */
const base = 0x01000193;

function power(length: number): number {
  let result = 1;
  for (let i = 0; i < length; i++) result = Math.imul(result, base);
  return result;
}

function rowHashes({ values, channels }: BlockRows): Int32Array {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const c = channels.length;
  const hashes = new Int32Array(values.length / c);
  for (let i = 0; i < hashes.length; i++) {
    let hash = 0x811c9dc5 | 0;
    // −0 equals 0, but not in bits.
    for (let j = 0; j < c; j++) hash = Math.imul(hash ^ (values[i * c + j] === 0 ? 0 : bits[i * c + j]!), 0x85ebca6b);
    hashes[i] = hash ^ (hash >>> 15);
  }
  return hashes;
}

function blockHash(hashes: Int32Array, at: number, length: number): number {
  let hash = 0;
  for (let i = at; i < at + length; i++) hash = (Math.imul(hash, base) + hashes[i]!) | 0;
  return hash;
}

function constant(rows: BlockRows, at: number, length: number): boolean {
  const c = rows.channels.length;
  for (let k = at * c + c; k < (at + length) * c; k++) if (rows.values[k] !== rows.values[k - c]) return false;
  return true;
}

function sameRows(a: BlockRows, fromA: number, b: BlockRows, fromB: number, length: number): boolean {
  const c = a.channels.length;
  for (let k = 0; k < length * c; k++) if (a.values[fromA * c + k] !== b.values[fromB * c + k]) return false;
  return true;
}
