/**
 * Which tags the forecast of each tag looks at: itself and the K others whose embeddings have the largest cosine with its own; of equal
 * ones the first.
 *
 * @param embeddings - [N, d]. @returns [N, N] 1 where tag i (row) looks at tag j (column), else 0.
 * @see Deng and Hooi 2021, Eq. 2 and 3.
 */
export function sensorGraph(embeddings: ArrayLike<number>, tags: number, neighbours: number): Float32Array {
  const size = embeddings.length / tags;
  const product = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += embeddings[i * size + k]! * embeddings[j * size + k]!;
    return sum;
  };
  const lengths = Array.from({ length: tags }, (_, i) => Math.sqrt(product(i, i)) || 1);
  const graph = new Float32Array(tags * tags);
  for (let i = 0; i < tags; i++) {
    const others = Array.from({ length: tags }, (_, j) => ({ j, cosine: product(i, j) / lengths[j]! })).filter(({ j }) => j !== i);
    others.sort((a, b) => b.cosine - a.cosine || a.j - b.j);
    graph[i * tags + i] = 1;
    for (const { j } of others.slice(0, neighbours)) graph[i * tags + j] = 1;
  }
  return graph;
}
