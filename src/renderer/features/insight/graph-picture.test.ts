import { expect, it } from 'vitest';
import type { GraphInsight } from '../../../core/insight/insight';
import { graphPicture } from './graph-picture';

const edge = (tag: number, from: number, weight: number) => ({ tag, from, weight, likeness: 0.5 });
const graph: GraphInsight = {
  kind: 'graph',
  tags: ['top', 'right', 'below', 'left'],
  own: [0.4, 0.5, 0.9, 0.9],
  edges: [edge(0, 1, 0.5), edge(0, 2, 0.1), edge(1, 0, 0.3), edge(1, 3, 0.2), edge(2, 0, 0.1), edge(3, 0, 0.1)],
};
const size = { width: 200, height: 200, radius: 60 };
const pairs = (picture: ReturnType<typeof graphPicture>) => picture.edges.map(({ edge: { tag, from } }) => `${from}>${tag}`).sort();

it('draws the strongest edges of each tag, their width by their weight', () => {
  const picture = graphPicture(graph, size, 1, null);
  expect(pairs(picture)).toEqual(['0>1', '0>2', '0>3', '1>0']);
  expect(picture.edges.at(-1)).toMatchObject({ edge: { tag: 0, from: 1 }, width: 5 });
  expect(picture.edges.find(({ edge: { tag } }) => tag === 1)!.width).toBeCloseTo(3, 12);
  // From the tag that is looked at to the one that is forecast: right (160, 100) to top (100, 40).
  expect(picture.edges.at(-1)!.path).toMatch(/^M160\.0 100\.0L.*L100\.0 40\.0$/);
});

it('draws all edges of the chosen tag, both ways, above the others', () => {
  const picture = graphPicture(graph, size, 1, 1);
  expect(
    picture.edges
      .slice(-3)
      .map(({ role }) => role)
      .sort(),
  ).toEqual(['given', 'taken', 'taken']);
  expect(pairs(picture)).toContain('3>1');
});

it('writes names level beside the circle, and turned along the radius where there are many', () => {
  const labels = (tags: number) => {
    const names = Array.from({ length: tags }, (_, i) => (i === 0 ? 'a name of many more letters' : `T${i}`));
    return graphPicture({ ...graph, tags: names, edges: [] }, size, 1, null).nodes.map(({ label }) => label);
  };
  const [top, right, below, left] = labels(4);
  expect([top, right, below, left].map((label) => label!.angle)).toEqual([0, 0, 0, 0]);
  expect([top, right, below, left].map((label) => label!.anchor)).toEqual(['middle', 'start', 'middle', 'end']);
  expect([right!.x, left!.x]).toEqual([170, 30]);
  expect(top!.text).toBe('a name of many mo…');
  // Of 40 the eleventh is at the right, the 31st at the left, the sixth at 45 degrees upwards.
  const many = labels(40);
  expect([many[10]!.angle, many[5]!.angle].map(Math.round)).toEqual([0, -45]);
  expect([many[10]!.anchor, many[30]!.anchor]).toEqual(['start', 'end']);
  expect(Math.round(many[30]!.angle) % 360).toBe(0);
});
