/** How many thresholds high the score axis is at most: far above it, more height tells nothing, and the threshold must stay in sight. */
const mostThresholds = 4;

/** Upper end of a score axis, the same at every zoom, and whether scores lie above it. */
export function scoreAxis(highest: number, threshold: number | null): { readonly high: number; readonly cut: boolean } {
  if (threshold === null || !(threshold > 0)) return { high: highest > 0 ? highest : 1, cut: false };
  const high = Math.min(Math.max(highest, 1.25 * threshold), mostThresholds * threshold);
  return { high, cut: highest > high };
}

/** Largest number of a line or of scores; 0 when there is none. */
export const highestOf = (values: Float32Array | undefined): number => values?.reduce((a, b) => (b > a ? b : a), 0) ?? 0;
