/** Milliseconds of some work: the median of five runs after one that is not counted. */
export function medianMs(work: () => unknown): number {
  work();
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
  return times.sort((a, b) => a - b)[2]!;
}
