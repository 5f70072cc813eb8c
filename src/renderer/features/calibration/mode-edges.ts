/** "40; 80" (or "40 80", or "0,5; 1,5" with decimal commas) as ascending edges; null when it cannot be read. 1 to 8 edges. */
export function parseEdges(text: string): readonly number[] | null {
  const parts = text
    .trim()
    .split(/\s*;\s*|\s+/)
    .filter((part) => part !== '');
  const edges = parts.map((part) => Number(part.replace(',', '.').replace('−', '-')));
  if (edges.length === 0 || edges.length > 8 || edges.some((edge) => !Number.isFinite(edge))) return null;
  return edges.every((edge, i) => i === 0 || edge > edges[i - 1]!) ? edges : null;
}

export const edgesText = (edges: readonly number[]): string => edges.join('; ');
