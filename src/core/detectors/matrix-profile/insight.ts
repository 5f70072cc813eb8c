import {
  mostPoints,
  type Discord,
  type DiscordTag,
  type InsightRequest,
  type Motif,
  type ShapesInsight,
  type WindowSpan,
} from '../../insight/insight';
import type { PreparedSeries } from '../../prepare/prepared';
import type { RunContext } from '../detector';
import { spanOf } from '../shared/window-params';
import { firstOfPast, type BlockReader, type Model } from './blocks';
import { findDiscords, type FoundDiscord } from './discords';
import { least, meanSquares, squaresByTag } from './distances';
import { findMotifs, type FoundMotif } from './motifs';
import { cutOut, lastRows, subsequencesOf, type SubsequenceSet } from './subsequences';

const MOST_DISCORDS = 8;
const MOST_MOTIFS = 5;
/** Windows of a motif that are named, and tags of a window that are drawn. */
const MOST_NAMED = 12;
const MOST_TAGS = 3;
/** Rows that motifs are sought in: the time grows with their square. */
const MOST_SEARCHED = 20_000;

/**
 * Discords of the scored data and motifs of the training data.
 *
 * @see Yeh et al. 2016, Matrix Profile I. Distances and places equal STUMPY's (test/reference/matrix_profile_insight.py).
 */
export async function shapesOf(
  model: Model,
  { train, scored, score }: InsightRequest,
  read: BlockReader,
  run: Pick<RunContext, 'checkpoint'>,
): Promise<ShapesInsight> {
  const { params, channels, series, segments } = model;
  const { window } = params;
  const remembered = series.length / channels.length;
  const times = timesOf(model, train);
  const spanAt = (row: number): WindowSpan => times && { start: times[row]!, end: times[row + window - 1]! };
  const known = subsequencesOf(series, channels.length, segments, window);
  const describe = discordWriter(model, scored, known, spanAt);
  const found = await findDiscords(scored, score, params, read, MOST_DISCORDS);
  await run.checkpoint();

  const searched = lastRows({ values: series, segments, channels }, MOST_SEARCHED);
  const rows = searched.values.length / channels.length;
  const set = subsequencesOf(searched.values, channels.length, searched.segments, window);
  const motifs = await findMotifs(set, MOST_MOTIFS, run);
  return {
    ...{ kind: 'shapes', tags: channels, window, remembered, searched: rows, past: params.compare === 'past' },
    discords: found.map(describe),
    motifs: motifs.map((motif) => motifOf(motif, set, (row) => spanAt(row + remembered - rows))),
  };
}

/** Times of the remembered rows; null where the last rows that train today are not those. */
function timesOf({ series, channels }: Model, { values, timestamps }: PreparedSeries): Float64Array | null {
  const from = values.length - series.length;
  if (from < 0 || series.some((value, i) => value !== values[from + i])) return null;
  return timestamps.subarray(from / channels.length);
}

/** Finds the nearest windows of a discord again, with their places. */
function discordWriter(
  { params }: Model,
  scored: PreparedSeries,
  known: SubsequenceSet,
  spanAt: (row: number) => WindowSpan,
): (found: FoundDiscord) => Discord {
  const { window } = params;
  const scoredSpan = (row: number) => ({ start: scored.timestamps[row]!, end: scored.timestamps[row + window - 1]! });
  return ({ position, distance }) => {
    const query = cutOut(scored, position, position + window, window);
    const among = [nearestIn(query, known, params.neighbour === 'joint')];
    const first = firstOfPast(position, params.memory);
    // The last window that ends a span before.
    const to = position - spanOf(params) + window;
    const past = params.compare === 'past' && to - first >= window ? cutOut(scored, first, to, window) : null;
    if (past) among.push(nearestIn(query, past, params.neighbour === 'joint'));
    const tags = query.tags.map((_, tag): DiscordTag => {
      const [fromTraining, fromPast] = among.map((of) => of[tag]!);
      const usePast = fromPast !== undefined && fromPast.rank < fromTraining!.rank;
      const nearest = usePast ? fromPast : fromTraining!;
      return {
        ...{ tag, distance: Math.sqrt(nearest.square), among: usePast ? 'scored' : 'training' },
        nearest: usePast ? scoredSpan(first + nearest.position) : spanAt(nearest.position),
        shape: shapeOf(query, tag, 0),
        nearestShape: shapeOf(usePast ? past! : known, tag, nearest.position),
      };
    });
    tags.sort((a, b) => b.distance - a.distance || a.tag - b.tag);
    return { span: scoredSpan(position), distance, tags: tags.slice(0, MOST_TAGS) };
  };
}

interface Nearest {
  readonly position: number;
  readonly square: number;
  /** What decides between two memories: the tag's own distance, or that of all tags where one moment is sought for all. */
  readonly rank: number;
}

/** The nearest window of each tag. */
function nearestIn(query: SubsequenceSet, memory: SubsequenceSet, joint: boolean): Nearest[] {
  const byTag = squaresByTag(query, 0, memory);
  const all = joint ? meanSquares(byTag) : null;
  return byTag.map((squares) => {
    const deciding = all ?? squares;
    const position = least(deciding);
    return position < 0
      ? { position: 0, square: 0, rank: Number.POSITIVE_INFINITY }
      : { position, square: squares[position]!, rank: deciding[position]! };
  });
}

function motifOf({ positions, square }: FoundMotif, set: SubsequenceSet, spanAt: (row: number) => WindowSpan): Motif {
  const [first, second] = [positions[0]!, positions[1]!];
  const squares = squaresByTag(set, first, set);
  const tags = set.tags.flatMap(({ inverse }, tag) => (inverse[first] === 0 || inverse[second] === 0 ? [] : [tag]));
  tags.sort((a, b) => squares[a]![second]! - squares[b]![second]! || a - b);
  return {
    ...{ distance: Math.sqrt(square), count: positions.length },
    windows: positions.slice(0, MOST_NAMED).map(spanAt),
    tags: tags.slice(0, MOST_TAGS).map((tag) => ({ tag, shapes: [shapeOf(set, tag, first), shapeOf(set, tag, second)] })),
  };
}

/** A window of a tag with mean 0 and standard deviation 1, thinned to what a small chart shows. */
function shapeOf({ tags, length }: SubsequenceSet, tag: number, position: number): number[] {
  const { values, means, inverse } = tags[tag]!;
  const factor = inverse[position]! * Math.sqrt(length);
  const points = Math.min(length, mostPoints);
  return Array.from({ length: points }, (_, k) => {
    const row = Math.round((k * (length - 1)) / (points - 1));
    return (values[position + row]! - means[position]!) * factor;
  });
}
