import { expect, it } from 'vitest';
import { resolveParams } from '../params';
import { gdn } from '.';
import { sensorGraph } from './graph';
import { graphOf } from './insight';
import { specs } from './params';

it('connects each tag with itself and the most alike by angle, not by length', () => {
  // Angles of 0, 10, 90 and 100 degrees; the second and the last are long.
  const degrees = [0, 10, 90, 100];
  const embeddings = degrees.flatMap((angle, i) => {
    const length = i % 2 === 0 ? 1 : 50;
    return [length * Math.cos((angle * Math.PI) / 180), length * Math.sin((angle * Math.PI) / 180)];
  });
  expect([...sensorGraph(embeddings, 4, 1)]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1]);
  expect([...sensorGraph(embeddings, 4, 9)]).toEqual(new Array(16).fill(1));
});

it('takes the first of equally alike tags, also where embeddings are 0', () => {
  expect([...sensorGraph([0, 0, 0], 3, 1)]).toEqual([1, 1, 0, 1, 1, 0, 1, 0, 1]);
});

it('counts its weights, and refuses one tag and more tags than a batch has room for', async () => {
  const params = resolveParams(specs, { window: 6, embedding: 32, hidden: 64 });
  // By hand: 10 embeddings, 5 past rows, 2 + 2 columns of attention, 32·64 + 64 and 64 + 1 of the forecast.
  expect(gdn.size(2000, 10, params).weights).toBe(10 * 32 + 5 * 32 + 4 * 32 + 32 * 64 + 64 + 65);
  expect(gdn.size(20_000, 559, params).weights).toBeGreaterThan(0);
  expect(() => gdn.size(20_000, 560, params)).toThrow(/at most 559 tags, or a batch of at most 127/);
  const one = { timestamps: new Float64Array(9), values: new Float32Array(9), channels: ['a'], segments: [], stepMs: 1 };
  await expect(gdn.train(one, params, {} as never)).rejects.toThrow(/have one tag/);
});

it('shows the stored graph: an edge where there is attention, the strongest of a tag first', () => {
  // Rows: the tag that is forecast. The second has no edge to the first.
  const attention = Float32Array.of(0.5, 0.125, 0.375, 0, 0.75, 0.25, 0.25, 0.25, 0.5);
  // Angles of 0, 90 and 60 degrees; one is long.
  const embeddings = Float32Array.of(1, 0, 0, 7, 0.5, Math.sqrt(0.75));
  const graph = graphOf(['a', 'b', 'c'], attention, embeddings);
  expect(graph.own).toEqual([0.5, 0.75, 0.5]);
  expect(graph.edges.map(({ tag, from, weight }) => [tag, from, weight])).toEqual([
    [0, 2, 0.375],
    [0, 1, 0.125],
    [1, 2, 0.25],
    [2, 0, 0.25],
    [2, 1, 0.25],
  ]);
  const likeness = [0.5, 0, Math.sqrt(0.75), 0.5, Math.sqrt(0.75)];
  graph.edges.forEach((edge, i) => expect(edge.likeness).toBeCloseTo(likeness[i]!, 6));
});
