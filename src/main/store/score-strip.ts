/** Buckets of the thumbnail in the project list. */
export const stripBuckets = 160;

/**
 * Score over the whole run for a thumbnail: largest score of each bucket of rows, scaled to the threshold = 1, three digits.
 * A bucket without a score is 0, and so is a score below 0.
 *
 * @param score - [n] NaN where there is none.
 * @returns [≤160]
 */
export function scoreStrip(score: Float32Array, threshold: number): readonly number[] {
  const buckets = Math.min(stripBuckets, score.length);
  return Array.from({ length: buckets }, (_, b) => {
    const first = Math.floor((b * score.length) / buckets);
    const last = Math.floor(((b + 1) * score.length) / buckets);
    let max = 0;
    for (let i = first; i < last; i++) if (score[i]! > max) max = score[i]!;
    return threshold > 0 ? Math.round((max / threshold) * 1000) / 1000 : 0;
  });
}
