import { curve, onCircle, placedTags, strongest, type Place } from '../../../core/insight/circle';
import type { GraphEdge, GraphInsight } from '../../../core/insight/insight';

/** A sensor graph in pixels. */
export interface GraphPicture {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly DrawnEdge[];
}
export interface GraphNode extends Place {
  readonly tag: number;
  /** Where the name stands, cut where it would be too long, and how it is turned where there are many of them. */
  readonly label: Place & { readonly text: string; readonly angle: number; readonly anchor: 'start' | 'middle' | 'end' };
}
export interface DrawnEdge {
  readonly edge: GraphEdge;
  readonly path: string;
  readonly width: number;
  /** What it is to the chosen tag: what its forecast takes from, what takes from it, or neither. */
  readonly role: 'taken' | 'given' | 'other';
}

/** Pixels between the circle and the names, and at most so wide an edge. */
const gap = 10;
const widest = 5;
/** More names than this are turned outwards, so that they do not run into each other. */
export const mostLevel = 24;
const mostLetters = 18;
/** Nearer to the upright through the centre, of radius 1, a name stands above or below its tag. */
const beside = 0.15;

/**
 * @param perTag - edges of a tag that are drawn: its strongest. Those of the chosen tag are drawn in any case, both ways.
 * @param chosen - tag that is looked at; null for none.
 */
export function graphPicture(
  graph: GraphInsight,
  size: { readonly width: number; readonly height: number; readonly radius: number },
  perTag: number,
  chosen: number | null,
): GraphPicture {
  const placed = placedTags(graph);
  const centre = { x: size.width / 2, y: size.height / 2 };
  const places = onCircle(placed.length);
  const at = new Map(placed.map((tag, i) => [tag, places[i]!]));
  const pixels = ({ x, y }: Place, radius = size.radius): Place => ({ x: centre.x + radius * x, y: centre.y + radius * y });
  const most = graph.edges.reduce((sum, { weight }) => Math.max(sum, weight), 0) || 1;
  const roleOf = ({ tag, from }: GraphEdge): DrawnEdge['role'] =>
    chosen === null ? 'other' : tag === chosen ? 'taken' : from === chosen ? 'given' : 'other';
  const shown = new Set(strongest(graph.edges, perTag));
  const edges = graph.edges
    .filter((edge) => shown.has(edge) || roleOf(edge) !== 'other')
    .flatMap((edge): DrawnEdge[] => {
      const [to, from] = [at.get(edge.tag), at.get(edge.from)];
      if (!to || !from) return [];
      const points = curve(from, to).map((place) => pixels(place));
      const path = points.map(({ x, y }, i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
      return [{ edge, path, width: Math.max(0.75, (widest * edge.weight) / most), role: roleOf(edge) }];
    });
  return {
    nodes: placed.map((tag) => {
      const place = at.get(tag)!;
      const text = shortened(graph.tags[tag]!);
      return {
        tag,
        ...pixels(place),
        label: {
          ...pixels(place, size.radius + (Math.abs(place.x) < beside ? 1.5 : 1) * gap),
          text,
          ...turned(place, placed.length),
        },
      };
    }),
    // The strongest on top, those of the chosen tag above all.
    edges: edges.sort((a, b) => Number(a.role !== 'other') - Number(b.role !== 'other') || a.width - b.width),
  };
}

/** Names read from left to right: level beside the circle, or along its radius where there are many. */
function turned({ x, y }: Place, count: number): Pick<GraphNode['label'], 'angle' | 'anchor'> {
  const anchor = x < -beside ? 'end' : x > beside ? 'start' : 'middle';
  if (count <= mostLevel) return { angle: 0, anchor };
  const angle = (Math.atan2(y, x) * 180) / Math.PI;
  return x < 0 ? { angle: angle + 180, anchor: 'end' } : { angle, anchor: 'start' };
}

const shortened = (name: string): string => (name.length > mostLetters ? `${name.slice(0, mostLetters - 1)}…` : name);
