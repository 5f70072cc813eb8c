/**
 * Which tags the forecast of each tag looks at: itself and the K others whose embeddings have the largest cosine with its own; of equal
 * ones the first.
 *
 * @param embeddings - [N, d]. @returns [N, N] 1 where tag i (row) looks at tag j (column), else 0.
 * @see Deng and Hooi 2021, Eq. 2 and 3.
 */
export function sensorGraph(embeddings: ArrayLike<number>, tags: number, neighbours: number): Float32Array {
  if (neighbours >= tags - 1) return new Float32Array(tags * tags).fill(1);
  const size = embeddings.length / tags;
  const product = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += embeddings[i * size + k]! * embeddings[j * size + k]!;
    return sum;
  };
  const lengths = Float64Array.from({ length: tags }, (_, i) => Math.sqrt(product(i, i)) || 1);
  const graph = new Float32Array(tags * tags);
  // The length of tag i's own embedding changes no order.
  const likeness = new Float64Array(tags);
  for (let i = 0; i < tags; i++) {
    for (let j = 0; j < tags; j++) likeness[j] = j === i ? -Infinity : product(i, j) / lengths[j]!;
    const least = likeness.toSorted()[tags - neighbours]!;
    let left = neighbours;
    const lookAt = (j: number): void => {
      graph[i * tags + j] = 1;
      left--;
    };
    for (let j = 0; j < tags; j++) if (likeness[j]! > least) lookAt(j);
    for (let j = 0; j < tags && left > 0; j++) if (likeness[j] === least) lookAt(j);
    graph[i * tags + i] = 1;
  }
  return graph;
}
