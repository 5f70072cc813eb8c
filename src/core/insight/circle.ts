import type { GraphEdge, GraphInsight } from './insight';

/** A picture of a sensor graph: tags on a circle of radius 1 around 0, edges as curves inside. Screens and reports draw the same. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Places on the circle, the first on top, then clockwise. */
export function onCircle(count: number): Place[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count - Math.PI / 2;
    return { x: Math.cos(angle), y: Math.sin(angle) };
  });
}

/** How far a curve is drawn to the centre, and to its right: there and back between two tags are two curves. */
const BEND = { centre: 0.5, side: 0.06 };

/** Points of the curve from one place to another. */
export function curve(from: Place, to: Place, points = 17): Place[] {
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const control = {
    x: middle.x * (1 - BEND.centre) - (to.y - from.y) * BEND.side,
    y: middle.y * (1 - BEND.centre) + (to.x - from.x) * BEND.side,
  };
  return Array.from({ length: points }, (_, i) => {
    const t = i / (points - 1);
    const along = (a: number, b: number, c: number): number => (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c;
    return { x: along(from.x, control.x, to.x), y: along(from.y, control.y, to.y) };
  });
}

/** Tags that a picture has room for. */
export const mostPlaces = 60;

/** The tags that get a place, in the order of the data: all, or those that the others take most from. */
export function placedTags({ tags, edges }: Pick<GraphInsight, 'tags' | 'edges'>, most = mostPlaces): number[] {
  const given = new Float64Array(tags.length);
  for (const { from, weight } of edges) given[from] = given[from]! + weight;
  return tags
    .map((_, tag) => tag)
    .sort((a, b) => given[b]! - given[a]! || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
}

/** The strongest edges of each tag, as they are in the insight: by tag, the strongest first. */
export function strongest(edges: readonly GraphEdge[], perTag: number): GraphEdge[] {
  const taken = new Map<number, number>();
  return edges.filter(({ tag }) => {
    const before = taken.get(tag) ?? 0;
    taken.set(tag, before + 1);
    return before < perTag;
  });
}
