import type { ScoreColumn } from '../scoring/scores';
import { extend, highest, volumesOf, vusIndex, vusThresholds, type RankInput, type Vus } from './rank';
import { bufferDistances, segmentsOf, type Segment } from './segments';

/** More anomalies than this are resampled in blocks of consecutive ones, so that time and memory stay bounded. */
export const zoneCap = 50;

/**
 * What VUS needs of each stretch of a part, as sums that a resample only has to weight. A zone holds one labelled anomaly (a run of
 * anomalous rows) and reaches half-way to its neighbours; the first and the last reach to the ends. All arrays go over the 250
 * thresholds of the whole part, highest first.
 */
export interface VusZones {
  /** z, number of zones. */
  readonly count: number;
  /** Labelled anomalies (runs of anomalous rows); equals `count` unless there are more than `zoneCap`. */
  readonly anomalies: number;
  /** L in rows. */
  readonly buffer: number;
  /** [z + 1] first row of each zone, and the number of rows. */
  readonly bounds: Int32Array;
  /** [z] anomalous rows. */
  readonly positives: Float64Array;
  /** [z, k] rows with score >= threshold, and the anomalous ones among them. */
  readonly predicted: Float64Array;
  readonly hits: Float64Array;
  /** [L + 1, z, k] soft labels of the rows outside anomalies with score >= threshold, for each buffer. */
  readonly outside: Float64Array;
  /** [⌊L/2⌋ + 1, z] widened anomalies; one that reaches over several zones counts in each by its share. */
  readonly segments: Float64Array;
  /** [⌊L/2⌋ + 1, z, k] those of them with a score >= threshold. */
  readonly found: Float64Array;
}

/**
 * Cuts a part into zones of one labelled anomaly each. Each row takes its soft label from all anomalies around it, whichever zone it
 * lies in, so that the zones together are the part: `vusOf(zones)` equals `vus` of the whole.
 *
 * @param input - counted rows only, in order of time.
 * @param longestBuffer - L in rows.
 * @returns null when there is no anomaly or nothing else.
 */
export function vusZones(input: RankInput, longestBuffer: number): VusZones | null {
  const { score, truth } = input;
  const anomalies = segmentsOf(truth);
  const n = truth.length;
  const positiveRows = anomalies.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  if (positiveRows === 0 || positiveRows === n) return null;

  const buffer = Math.floor(longestBuffer);
  const z = Math.min(anomalies.length, zoneCap);
  const zoneOfAnomaly = anomalies.map((_, i) => Math.floor((i * z) / anomalies.length));
  const bounds = zoneBounds(anomalies, zoneOfAnomaly, z, n);
  const firstLevel = levelFinder(score);
  const k = vusThresholds;

  const positives = new Float64Array(z);
  const predicted = new Float64Array(z * k);
  const hits = new Float64Array(z * k);
  const zoneOfRow = new Uint8Array(n);
  for (let zone = 0; zone < z; zone++) {
    zoneOfRow.fill(zone, bounds[zone], bounds[zone + 1]);
    for (let i = bounds[zone]!; i < bounds[zone + 1]!; i++) {
      const at = zone * k + firstLevel(score[i]!);
      predicted[at]! += 1;
      if (truth[i] !== 1) continue;
      positives[zone]! += 1;
      hits[at]! += 1;
    }
  }

  const half = Math.floor(buffer / 2);
  const segments = new Float64Array((half + 1) * z);
  const found = new Float64Array((half + 1) * z * k);
  for (let h = 0; h <= half; h++) {
    let member = 0;
    for (const { start, end } of extend(anomalies, h, n)) {
      const from = member;
      while (member < anomalies.length && anomalies[member]!.start <= end) member++;
      const level = firstLevel(highest(score, start, end));
      for (let m = from; m < member; m++) {
        const zone = h * z + zoneOfAnomaly[m]!;
        segments[zone]! += 1 / (member - from);
        found[zone * k + level]! += 1 / (member - from);
      }
    }
  }

  const outside = new Float64Array((buffer + 1) * z * k);
  for (const [row, distances] of bufferDistances(truth, anomalies, half)) {
    const at = zoneOfRow[row]! * k + firstLevel(score[row]!);
    for (let l = 2; l <= buffer; l++) {
      const reach = Math.floor(l / 2);
      let soft = 0;
      for (const d of distances) if (d <= reach) soft += Math.sqrt(1 - d / l);
      outside[l * z * k + at]! += Math.min(1, soft);
    }
  }
  for (const sums of [predicted, hits, found, outside]) accumulate(sums, k);
  return { count: z, anomalies: anomalies.length, buffer, bounds, positives, predicted, hits, outside, segments, found };
}

/**
 * Volume under the ROC and the precision-recall surface of weighted zones: of the part itself without weights, of a resample with the
 * number of times that each zone was drawn. Costs 250·(L + 1) operations for each zone with weight.
 *
 * @param weights - [z] at least one above 0.
 */
export function vusOf(zones: VusZones, weights?: ArrayLike<number>): Vus {
  const { count, buffer, bounds } = zones;
  const k = vusThresholds;
  const drawn: number[] = [];
  const times = Float64Array.from({ length: count }, (_, zone) => weights?.[zone] ?? 1);
  let rows = 0;
  let labelled = 0;
  for (let zone = 0; zone < count; zone++) {
    const weight = times[zone]!;
    if (weight === 0) continue;
    drawn.push(zone);
    rows += weight * (bounds[zone + 1]! - bounds[zone]!);
    labelled += weight * zones.positives[zone]!;
  }
  const sumOf = (of: Float64Array, layer: number, into: Float64Array): void => {
    into.fill(0);
    for (const zone of drawn) {
      const weight = times[zone]!;
      const from = (layer * count + zone) * k;
      for (let i = 0; i < k; i++) into[i]! += weight * of[from + i]!;
    }
  };
  const predicted = new Float64Array(k);
  const hits = new Float64Array(k);
  const outside = new Float64Array(k);
  const found = new Float64Array(k);
  sumOf(zones.predicted, 0, predicted);
  sumOf(zones.hits, 0, hits);
  // A resample may hold no row above the highest thresholds of the part: nothing is predicted there yet.
  let first = 0;
  while (predicted[first] === 0) first++;

  let roc = 0;
  let pr = 0;
  for (let l = 0; l <= buffer; l++) {
    if (l % 2 === 0) {
      sumOf(zones.found, l / 2, found);
      const segments = drawn.reduce((sum, zone) => sum + times[zone]! * zones.segments[(l / 2) * count + zone]!, 0);
      for (let i = 0; i < k; i++) found[i]! /= segments;
    }
    sumOf(zones.outside, l, outside);
    let tprBefore = 0;
    let fprBefore = 0;
    for (let i = first; i < k; i++) {
      const truePositive = hits[i]! + outside[i]!;
      const positives = labelled + outside[i]! / 2;
      const tpr = Math.min(truePositive / positives, 1) * found[i]!;
      const fpr = rows === positives ? fprBefore : (predicted[i]! - truePositive) / (rows - positives);
      roc += ((fpr - fprBefore) * (tpr + tprBefore)) / 2;
      pr += (tpr - tprBefore) * (truePositive / predicted[i]!);
      tprBefore = tpr;
      fprBefore = fpr;
    }
    roc += ((1 - fprBefore) * (1 + tprBefore)) / 2;
  }
  return volumesOf(roc, pr, buffer);
}

/** [z + 1] first row of each zone: midway between the last anomaly of one and the first of the next. */
function zoneBounds(anomalies: readonly Segment[], zoneOf: readonly number[], z: number, n: number): Int32Array {
  const bounds = new Int32Array(z + 1);
  for (let i = 1; i < anomalies.length; i++) {
    if (zoneOf[i] === zoneOf[i - 1]) continue;
    bounds[zoneOf[i]!] = Math.floor((anomalies[i - 1]!.end + anomalies[i]!.start) / 2) + 1;
  }
  bounds[z] = n;
  return bounds;
}

/** Gives the first of the part's thresholds (highest first) that a score reaches. */
function levelFinder(score: ScoreColumn): (value: number) => number {
  const ascending = score.slice().sort();
  const n = score.length;
  const levels = Float64Array.from({ length: vusThresholds }, (_, k) => {
    const index = vusIndex(k, n);
    return ascending[n - 1 - index]!;
  });
  return (value) => {
    let low = 0;
    let high = vusThresholds - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (levels[middle]! <= value) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Running sums within each run of `k` entries, in place: "first reached at" becomes "reached by". */
function accumulate(sums: Float64Array, k: number): void {
  for (let from = 0; from < sums.length; from += k) {
    for (let i = from + 1; i < from + k; i++) sums[i]! += sums[i - 1]!;
  }
}
