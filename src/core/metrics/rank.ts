import type { ScoreColumn } from '../scoring/scores';
import { lowerBound } from '../series/search';
import { bufferDistances, segmentsOf, type Segment } from './segments';

/**
 * Metrics that judge the order of scores and need no threshold. `score` and `truth` hold the counted rows only: no NaN, masks taken
 * out. Each gives null when there is no anomaly or nothing else.
 */
export interface RankInput {
  /** [n] finite or infinite, no NaN. */
  readonly score: ScoreColumn;
  /** [n] 1 anomaly, 0 normal. */
  readonly truth: Uint8Array;
}

/** Scores of each kind, ascending. */
function sortedKinds({ score, truth }: RankInput): { anomalies: ScoreColumn; normals: ScoreColumn } | null {
  const anomalies = score.filter((_, i) => truth[i] === 1).sort();
  const normals = score.filter((_, i) => truth[i] === 0).sort();
  return anomalies.length === 0 || normals.length === 0 ? null : { anomalies, normals };
}

/** Area under the ROC curve: probability that an anomalous row scores higher than a normal one, ties count half (Mann and Whitney). */
export function aucRoc(input: RankInput): number | null {
  const kinds = sortedKinds(input);
  if (!kinds) return null;
  const { anomalies, normals } = kinds;
  let wins = 0;
  let below = 0;
  let upTo = 0;
  for (const s of anomalies) {
    while (below < normals.length && normals[below]! < s) below++;
    while (upTo < normals.length && normals[upTo]! <= s) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (anomalies.length * normals.length);
}

/** Average precision: sum over distinct scores of precision times gain in recall, without interpolation. */
export function averagePrecision(input: RankInput): number | null {
  const kinds = sortedKinds(input);
  if (!kinds) return null;
  const { anomalies, normals } = kinds;
  let a = anomalies.length;
  let b = normals.length;
  let sum = 0;
  while (a > 0) {
    const level = anomalies[a - 1]!;
    const before = a;
    while (a > 0 && anomalies[a - 1] === level) a--;
    while (b > 0 && normals[b - 1]! >= level) b--;
    const hits = anomalies.length - a;
    sum += ((before - a) / anomalies.length) * (hits / (hits + normals.length - b));
  }
  return sum;
}

/** Points of the score at which VUS is read, as in the reference code. */
export const vusThresholds = 250;

/** Place of the k-th threshold among `n` scores, highest first; rounded as numpy.linspace and astype(int) do it. */
export function vusIndex(k: number, n: number): number {
  return k === vusThresholds - 1 ? n - 1 : Math.floor(k * ((n - 1) / (vusThresholds - 1)));
}

export interface Vus {
  readonly roc: number;
  readonly pr: number;
}

/** Means over the buffers 0..L of areas that were added up; rounding of the sums must not lead beyond 1. */
export function volumesOf(roc: number, pr: number, longestBuffer: number): Vus {
  return { roc: Math.min(1, roc / (longestBuffer + 1)), pr: Math.min(1, pr / (longestBuffer + 1)) };
}

/**
 * Volume under the ROC and the precision-recall surface over buffers 0..L (variant of Paparrizos et al., VLDB 2022, as in TSB-AD).
 *
 * Exact without touching every row for every buffer: rows inside anomalies are counted by rank once; for each buffer only the rows
 * around anomalies change their weight, and these are sorted by score once.
 *
 * @param longestBuffer - L in rows.
 */
export function vus(input: RankInput, longestBuffer: number): Vus | null {
  const kinds = sortedKinds(input);
  if (!kinds) return null;
  const { score, truth } = input;
  const n = score.length;
  const ascending = score.slice().sort();
  const levels = Float64Array.from({ length: vusThresholds }, (_, k) => {
    return ascending[n - 1 - vusIndex(k, n)]!;
  });
  const predicted = levels.map((level) => n - lowerBound(ascending, level));
  const hits = levels.map((level) => kinds.anomalies.length - lowerBound(kinds.anomalies, level));
  const segments = segmentsOf(truth);
  const buffer = bufferRows(score, truth, segments, Math.floor(longestBuffer / 2));

  let roc = 0;
  let pr = 0;
  for (let l = 0; l <= longestBuffer; l++) {
    const half = Math.floor(l / 2);
    const outside = buffer.weightAbove(l, levels);
    const extended = extend(segments, half, n).map(({ start, end }) => highest(score, start, end));
    extended.sort((a, b) => a - b);
    let tprBefore = 0;
    let fprBefore = 0;
    for (let k = 0; k < levels.length; k++) {
      const weight = outside[k]!;
      const truePositive = hits[k]! + weight;
      const positives = kinds.anomalies.length + weight / 2;
      const found = (extended.length - lowerBound(extended, levels[k]!)) / extended.length;
      const tpr = Math.min(truePositive / positives, 1) * found;
      const fpr = (predicted[k]! - truePositive) / (n - positives);
      roc += ((fpr - fprBefore) * (tpr + tprBefore)) / 2;
      pr += (tpr - tprBefore) * (truePositive / predicted[k]!);
      tprBefore = tpr;
      fprBefore = fpr;
    }
    roc += ((1 - fprBefore) * (1 + tprBefore)) / 2;
  }
  return volumesOf(roc, pr, longestBuffer);
}

/** Segments widened by `half` rows on each side, merged where they overlap. */
export function extend(segments: readonly Segment[], half: number, n: number): { start: number; end: number }[] {
  const merged: { start: number; end: number }[] = [];
  for (const segment of segments) {
    const start = Math.max(0, segment.start - half);
    const end = Math.min(n - 1, segment.end + half);
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = end;
    else merged.push({ start, end });
  }
  return merged;
}

export function highest(score: ScoreColumn, start: number, end: number): number {
  let top = -Infinity;
  for (let i = start; i <= end; i++) if (score[i]! > top) top = score[i]!;
  return top;
}

/** Rows outside anomalies but at most `half` rows from one, highest score first, with their distances to the anomalies around them. */
function bufferRows(
  score: ScoreColumn,
  truth: Uint8Array,
  segments: readonly Segment[],
  half: number,
): { weightAbove: (l: number, levels: Float64Array) => Float64Array } {
  const rows = [...bufferDistances(truth, segments, half)].sort((a, b) => score[b[0]]! - score[a[0]]!);
  return {
    /** Sum of the soft labels of rows with score >= level, for levels in descending order. */
    weightAbove(l, levels) {
      const reach = Math.floor(l / 2);
      const sums = new Float64Array(levels.length);
      let at = 0;
      let sum = 0;
      for (let k = 0; k < levels.length; k++) {
        for (; at < rows.length && score[rows[at]![0]]! >= levels[k]!; at++) {
          let soft = 0;
          for (const d of rows[at]![1]) if (d <= reach) soft += Math.sqrt(1 - d / l);
          sum += Math.min(1, soft);
        }
        sums[k] = sum;
      }
      return sums;
    },
  };
}
