import { between } from './fbeta';

/**
 * Thresholds worth trying, highest first. Between two neighbouring scores every threshold does the same, so one midway stands for all;
 * the first lies above every score (nothing is detected), the last at the lowest.
 *
 * @param score - [n] NaN is left out.
 * @param most - number returned at most; of more, an even choice of ranks of both `wanted` and the others, dense at the high end.
 * @param wanted - [n] 1 where the score is of an anomaly.
 */
export function thresholdLevels(score: Float32Array, most: number, wanted?: Uint8Array): number[] {
  const levels = distinct(score);
  if (levels.length === 0) return [];
  const all = [aboveAll(levels[0]!), ...levels.map((level, i) => midway(levels, level, i))];
  if (all.length <= most) return all;
  const half = Math.max(2, most >> 1);
  const chosen = new Set<number>([0]);
  const add = (sorted: readonly number[]): void => {
    // Ranks 0, 1, 2, 4, 8 …: geometric, because what matters is in the tail.
    const last = sorted.length - 1;
    for (let k = 0; k < half; k++) {
      const rank = Math.min(last, Math.round((last + 1) ** (k / (half - 1)) - 1));
      chosen.add(indexOfLevel(levels, sorted[rank]!) + 1);
    }
  };
  add(levels);
  const anomalies = wanted ? distinct(score.filter((_, i) => wanted[i] === 1)) : [];
  if (anomalies.length > 0) add(anomalies);
  return [...chosen].sort((a, b) => a - b).map((i) => all[i]!);
}

/** At most `most` thresholds worth trying strictly between two others, highest first. */
export function levelsBetween(score: Float32Array, high: number, low: number, most: number): number[] {
  const inside = distinct(score.filter((s) => s > low && s < high));
  const all = inside.map((level, i) => midway(inside, level, i, low)).filter((v) => v > low && v < high);
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(most, all.length) }, (_, k) => all[Math.floor(k * step)]!);
}

/** Distinct scores, highest first. */
function distinct(score: Float32Array): number[] {
  const sorted = score.filter((s) => !Number.isNaN(s)).sort();
  const found: number[] = [];
  for (let i = sorted.length - 1; i >= 0; i--) if (sorted[i] !== found.at(-1)) found.push(sorted[i]!);
  return found;
}

function midway(levels: readonly number[], level: number, i: number, lowest = level): number {
  return between(levels[i + 1] ?? lowest, level);
}

/** Above the highest score there is nothing; the margin keeps it so after rounding. */
function aboveAll(highest: number): number {
  return highest + Math.max(Math.abs(highest) * 1e-3, 1e-6);
}

/** @param levels - descending. */
function indexOfLevel(levels: readonly number[], level: number): number {
  let low = 0;
  let high = levels.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (levels[middle]! > level) low = middle + 1;
    else high = middle;
  }
  return low;
}
