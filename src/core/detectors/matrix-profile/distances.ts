import { ROUNDING } from './join';
import { FLAT_CORRELATION, type Subsequences, type SubsequenceSet } from './subsequences';

/**
 * Squared z-normalised Euclidean distances of one subsequence of a tag to each of a memory, straight from their values: for the few
 * whose neighbours are wanted with their places.
 *
 * @returns [memory] NaN for one that may not be used.
 */
export function tagSquares(query: Subsequences, at: number, memory: Subsequences, length: number): Float64Array {
  const [mean, inverse] = [query.means[at]!, query.inverse[at]!];
  const centred = query.values.slice(at, at + length).map((value) => value - mean);
  return memory.means.map((other, j) => {
    let sum = 0;
    // The centred values sum to 0, so that the other mean falls out; taken off all the same, for its rounding.
    for (let k = 0; k < length; k++) sum += centred[k]! * (memory.values[j + k]! - other);
    const [inverseOther, shift] = [memory.inverse[j]!, memory.shift[j]!];
    const correlation = inverse === 0 ? FLAT_CORRELATION + shift : sum * inverseOther * inverse + shift;
    return 2 * length * (correlation > 1 - ROUNDING ? 0 : 1 - correlation);
  });
}

/** Mean of the squared distances over the tags. */
export function meanSquares(byTag: readonly Float64Array[]): Float64Array {
  return byTag[0]!.map((_, j) => byTag.reduce((sum, squares) => sum + squares[j]!, 0) / byTag.length);
}

/** Squared distances of one subsequence of all tags, by tag. */
export function squaresByTag(queries: SubsequenceSet, at: number, memory: SubsequenceSet): Float64Array[] {
  return queries.tags.map((tag, j) => tagSquares(tag, at, memory.tags[j]!, queries.length));
}

/** Position of the smallest value, of equal ones the first; −1 where all are NaN. */
export function least(values: Float64Array): number {
  let best = -1;
  for (let i = 0; i < values.length; i++) if (best < 0 ? !Number.isNaN(values[i]) : values[i]! < values[best]!) best = i;
  return best;
}
