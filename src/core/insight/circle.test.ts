import { expect, it } from 'vitest';
import { curve, onCircle, placedTags, strongest } from './circle';

it('puts the first tag on top and goes on clockwise', () => {
  const [top, right, below, left] = onCircle(4).map(({ x, y }) => [Math.round(x), Math.round(y)]);
  // y grows downwards.
  expect([top, right, below, left]).toEqual([
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ]);
});

it('draws there and back as two curves with the same ends', () => {
  const [a, b] = onCircle(5) as [{ x: number; y: number }, { x: number; y: number }];
  const [there, back] = [curve(a, b), curve(b, a)];
  expect([there[0], there.at(-1)]).toEqual([a, b]);
  expect([back[0], back.at(-1)]).toEqual([b, a]);
  const middle = Math.floor(there.length / 2);
  expect(Math.hypot(there[middle]!.x - back[middle]!.x, there[middle]!.y - back[middle]!.y)).toBeGreaterThan(0.05);
});

it('keeps the tags that others take most from, and the strongest edges of each', () => {
  const edge = (tag: number, from: number, weight: number) => ({ tag, from, weight, likeness: 0 });
  const edges = [edge(0, 2, 0.5), edge(0, 1, 0.1), edge(1, 2, 0.4), edge(1, 0, 0.2), edge(2, 0, 0.3)];
  expect(placedTags({ tags: ['a', 'b', 'c'], edges }, 2)).toEqual([0, 2]);
  expect(strongest(edges, 1).map(({ tag, from }) => [tag, from])).toEqual([
    [0, 2],
    [1, 2],
    [2, 0],
  ]);
});
