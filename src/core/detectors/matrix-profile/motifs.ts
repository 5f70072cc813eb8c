import type { RunContext } from '../detector';
import { meanOf } from './blocks';
import { least, meanSquares, squaresByTag } from './distances';
import { nearestSquares } from './join';
import type { SubsequenceSet } from './subsequences';

/** Windows that repeat; positions are first rows. */
export interface FoundMotif {
  /** The earlier window of the pair, then all within twice the pair's distance of it; nearest first, no two share a row. */
  readonly positions: readonly number[];
  /** Squared distance of the pair, mean over the tags. */
  readonly square: number;
}

/** Further windows of a motif are at most so many times as far from its first one as the second is. */
const RADIUS = 2;

/**
 * The pairs of windows that are most alike, with all that are alike them. No two windows share a row: of a pair, of a motif, of two motifs.
 * Windows that are flat in every tag are left out: they are all the same.
 *
 * @param count - motifs at most. @see Yeh et al. 2016, Matrix Profile I, section IV.
 */
export async function findMotifs(
  set: SubsequenceSet,
  count: number,
  run: Pick<RunContext, 'checkpoint'>,
): Promise<readonly FoundMotif[]> {
  const { length, tags } = set;
  const joined = await nearestSquares(set, set, { joint: true, excluded: [1 - length, length] }, run);
  const isFlat = (i: number): boolean => tags.every(({ inverse }) => inverse[i] === 0);
  // What a window's nearest is away at least; NaN for one that is not, or no longer, to be had.
  const nearest = Float64Array.from({ length: set.count }, (_, i) => (isFlat(i) ? Number.NaN : meanOf(joined, i, tags.length)));
  /** To all windows that are still to be had and share no row with it. */
  const squaresOf = (i: number): Float64Array => {
    const squares = meanSquares(squaresByTag(set, i, set)).map((square, j) => (Number.isNaN(nearest[j]) ? Number.NaN : square));
    return squares.fill(Number.NaN, Math.max(0, i - length + 1), i + length);
  };
  const found: FoundMotif[] = [];
  for (let first = least(nearest); found.length < count && first >= 0; first = least(nearest)) {
    await run.checkpoint();
    const own = squaresOf(first);
    const second = least(own);
    // Where its nearest is in an earlier motif, others may be closer to each other than it is to what is left.
    if (second < 0) nearest[first] = Number.NaN;
    else if (own[second]! > nearest[first]!) nearest[first] = own[second]!;
    else {
      const start = Math.min(first, second);
      const positions = [start, ...within(squaresOf(start), RADIUS ** 2 * own[second]!, length)];
      for (const position of positions) nearest.fill(Number.NaN, Math.max(0, position - length + 1), position + length);
      found.push({ positions, square: own[second]! });
    }
  }
  return found;
}

/** Positions with at most a value, the smallest first, each at least `apart` from those before. */
function within(values: Float64Array, most: number, apart: number): number[] {
  const left = values.map((value) => (value <= most ? value : Number.NaN));
  const taken: number[] = [];
  for (let at = least(left); at >= 0; at = least(left)) {
    taken.push(at);
    left.fill(Number.NaN, Math.max(0, at - apart + 1), at + apart);
  }
  return taken;
}
