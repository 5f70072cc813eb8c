import { curve, onCircle, placedTags, strongest, type Place } from '../insight/circle';
import type { GraphInsight, ShapesInsight } from '../insight/insight';
import { textWidth, type Drawing, type Mark } from './drawing';

interface Captioned {
  readonly drawing: Drawing;
  readonly caption: string;
}

const width = 690;
const textSize = 10;

/** Edges of a tag in the picture: with more of them nothing can be told apart. */
const edgesOfTag = 2;
/** Names beside a circle that do not run into each other. */
const mostNames = 36;

/** The tags on a circle with the strongest edges of each. */
export function graphDrawing(graph: GraphInsight): Captioned {
  const placed = placedTags(graph, mostNames);
  const [radius, height] = [150, 380];
  const places = onCircle(placed.length);
  const at = new Map(placed.map((tag, i) => [tag, places[i]!]));
  const pixels = ({ x, y }: Place, far = radius) => ({ x: width / 2 + far * x, y: height / 2 + far * y });
  const most = graph.edges.reduce((sum, { weight }) => Math.max(sum, weight), 0) || 1;
  const lines = strongest(graph.edges, edgesOfTag).flatMap(({ tag, from, weight }): Mark[] => {
    const [a, b] = [at.get(from), at.get(tag)];
    if (!a || !b) return [];
    const points = curve(a, b)
      .map((place) => pixels(place))
      .flatMap(({ x, y }) => [x, y]);
    return [{ kind: 'line', points, stroke: 'signal', width: Math.max(0.5, (4 * weight) / most) }];
  });
  const nodes = placed.flatMap((tag): Mark[] => {
    const place = at.get(tag)!;
    const [{ x, y }, name] = [pixels(place), pixels(place, radius + 10)];
    return [
      { kind: 'rect', x: x - 3.5, y: y - 3.5, w: 7, h: 7, fill: 'panel', stroke: 'text-2' },
      {
        ...{ kind: 'text', x: name.x, y: name.y + 3.5 + 4 * place.y, text: graph.tags[tag]!, size: textSize, fill: 'text' },
        anchor: place.x < -1e-9 ? 'end' : 'start',
      },
    ];
  });
  const some = placed.length < graph.tags.length ? ` The ${placed.length} tags that others take most from are drawn.` : '';
  return {
    drawing: { width, height, marks: [...lines, ...nodes], alternative: 'Sensor graph; the table below holds the same.' },
    caption: `The ${edgesOfTag} strongest edges of each tag; a wider one is a larger share of the forecast, at most ${(100 * most).toFixed(0)} %.${some}`,
  };
}

/** Small pictures of the first discords and motifs, each pair as it was compared; null without any. */
export function shapesDrawing({ discords, motifs, tags }: ShapesInsight): Captioned | null {
  const pairs = [
    ...discords
      .slice(0, 3)
      .map(({ tags: [first] }, i) => first && { ...first, name: `Discord ${i + 1}`, other: first.nearestShape }),
    ...motifs
      .slice(0, 3)
      .map(
        ({ tags: [first] }, i) =>
          first && { tag: first.tag, shape: first.shapes[0]!, other: first.shapes[1]!, name: `Motif ${i + 1}` },
      ),
  ].filter((pair) => pair !== undefined);
  if (pairs.length === 0) return null;
  const [columns, gap, box, head] = [3, 18, 84, 18];
  const w = (width - gap * (columns - 1)) / columns;
  const marks = pairs.flatMap(({ tag, shape, other, name }, i): Mark[] => {
    const [left, top] = [(i % columns) * (w + gap), Math.floor(i / columns) * (box + head + 14)];
    const all = [...shape, ...other];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const points = (values: readonly number[]): number[] =>
      values.flatMap((value, k) => [
        left + (k / Math.max(1, values.length - 1)) * w,
        top + head + 4 + (high > low ? (high - value) / (high - low) : 0.5) * (box - 8),
      ]);
    return [
      { kind: 'text', x: left, y: top + 11, text: name, size: textSize, fill: 'text', strong: true },
      { kind: 'text', x: left + textWidth(name, textSize) + 8, y: top + 11, text: tags[tag]!, size: textSize, fill: 'text-3' },
      { kind: 'rect', x: left, y: top + head, w, h: box, stroke: 'line' },
      { kind: 'line', points: points(other), stroke: 'text-3', width: 1, dash: [4, 2] },
      { kind: 'line', points: points(shape), stroke: 'signal', width: 1.4 },
    ];
  });
  const height = Math.ceil(pairs.length / columns) * (box + head + 14);
  return {
    drawing: {
      width,
      height,
      marks,
      alternative: `${pairs.map(({ name }) => name).join(', ')}, each over its most similar window.`,
    },
    caption:
      'Line: the window. Dashed: the most similar one. As they are compared, with mean 0 and standard deviation 1; the tag with the largest ' +
      'distance of a discord, the one that repeats best of a motif.',
  };
}
