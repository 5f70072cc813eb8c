import type { GraphEdge, GraphInsight } from '../../insight/insight';

/**
 * The learned sensor graph as it is stored.
 *
 * @param attention - [N, N] how much tag i (row) takes from tag j, 0 where there is no edge. @param embeddings - [N, d].
 */
export function graphOf(tags: readonly string[], attention: Float32Array, embeddings: Float32Array): GraphInsight {
  const n = tags.length;
  const size = embeddings.length / n;
  const vectors = tags.map((_, i) => embeddings.subarray(i * size, (i + 1) * size));
  const lengths = vectors.map((vector) => Math.sqrt(product(vector, vector)) || 1);
  const edges: GraphEdge[] = [];
  for (let tag = 0; tag < n; tag++) {
    const own: GraphEdge[] = [];
    for (let from = 0; from < n; from++) {
      const weight = attention[tag * n + from]!;
      if (from === tag || weight === 0) continue;
      const cosine = product(vectors[tag]!, vectors[from]!) / (lengths[tag]! * lengths[from]!);
      own.push({ tag, from, weight, likeness: Math.max(-1, Math.min(1, cosine)) });
    }
    edges.push(...own.sort((a, b) => b.weight - a.weight || a.from - b.from));
  }
  return { kind: 'graph', tags, own: tags.map((_, i) => attention[i * n + i]!), edges };
}

function product(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0);
}
