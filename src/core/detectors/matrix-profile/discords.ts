import type { PreparedSeries } from '../../prepare/prepared';
import { spanOf } from '../shared/window-params';
import { CHUNK, meanOf, type BlockReader } from './blocks';
import type { MatrixProfileParams } from '.';

export interface FoundDiscord {
  /** First row of the window. */
  readonly position: number;
  /** Root mean square over the tags. */
  readonly distance: number;
}

/**
 * The windows furthest from all that they are compared with, no two of which share a row. Exact: blocks of rows are read, those whose scores
 * allow the most first, until none that is left can hold a further one.
 *
 * @param score - [n] stored scores of the same rows; a row without one is read in any case.
 */
export async function findDiscords(
  data: Pick<PreparedSeries, 'segments' | 'timestamps' | 'channels'>,
  score: Float32Array,
  params: Pick<MatrixProfileParams, 'window' | 'span'>,
  read: BlockReader,
  count: number,
): Promise<readonly FoundDiscord[]> {
  const { window } = params;
  const c = data.channels.length;
  const bounds = boundsOf(data, score, params);
  const blocks = Array.from({ length: Math.ceil(bounds.length / CHUNK) }, (_, block) => {
    const own = bounds.subarray(block * CHUNK, (block + 1) * CHUNK);
    return { from: block * CHUNK, most: own.reduce((most, bound) => Math.max(most, bound), 0) };
  }).filter(({ most }) => most > 0);
  blocks.sort((a, b) => b.most - a.most);
  const distances = new Float64Array(bounds.length).fill(Number.NaN);
  let found: readonly FoundDiscord[] = [];
  for (const { from, most } of blocks) {
    if (found.length === count && found.at(-1)!.distance >= most) break;
    const squares = await read(from);
    for (let i = 0; i < squares.length / c; i++) distances[from + i] = Math.sqrt(meanOf(squares, i, c));
    found = largestApart(distances, count, window);
  }
  return found;
}

/**
 * What the distance of each window can be at most, by its score: a score is the fourth-power mean of the m distances of its span, so none of
 * them is above m^(1/4) times it. 0 where no window is.
 */
function boundsOf(
  { segments, timestamps }: Pick<PreparedSeries, 'segments' | 'timestamps'>,
  score: Float32Array,
  params: Pick<MatrixProfileParams, 'window' | 'span'>,
): Float64Array {
  const { window } = params;
  const [span, count] = [spanOf(params), spanOf(params) - window + 1];
  // Scores are rounded to float32.
  const factor = count ** 0.25 * (1 + 1e-6);
  const bounds = new Float64Array(Math.max(0, timestamps.length - window + 1));
  for (const { start, end } of segments) {
    for (let i = start; i + window <= end; i++) {
      const [first, last] = [Math.max(i + window - 1, start + span - 1), Math.min(i + span - 1, end - 1)];
      const least = first <= last ? Math.min(score[first]!, score[last]!) : Number.NaN;
      bounds[i] = Number.isNaN(least) ? Number.POSITIVE_INFINITY : factor * least;
    }
  }
  return bounds;
}

/** The largest values above 0, the largest first, of equal ones the first; no two less than `apart` rows from each other. NaN is none. */
function largestApart(values: Float64Array, count: number, apart: number): FoundDiscord[] {
  const left = values.slice();
  const found: FoundDiscord[] = [];
  while (found.length < count) {
    let position = -1;
    for (let i = 0; i < left.length; i++) if (left[i]! > (position < 0 ? 0 : left[position]!)) position = i;
    if (position < 0) break;
    found.push({ position, distance: left[position]! });
    left.fill(Number.NaN, Math.max(0, position - apart + 1), position + apart);
  }
  return found;
}
