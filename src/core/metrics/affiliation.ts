import { harmonic, type Segment } from './segments';

export interface Affiliation {
  /** Mean over the zones with predictions; null where no zone has any. */
  readonly precision: number | null;
  /** Mean over all zones; 0 for one without predictions. */
  readonly recall: number;
  readonly f1: number | null;
  /** One a labelled segment, in order. */
  readonly zones: readonly { readonly precision: number | null; readonly recall: number }[];
}

/**
 * Affiliation precision and recall. Time is cut into one zone for each labelled segment, at the mid-points between segments; inside a
 * zone a distance counts by the probability that a random point of the zone would be farther away. Segments are intervals
 * [start, end + 1) of time, and all means are exact integrals over them, not sums over rows.
 *
 * @param predicted - ascending, disjoint.
 * @param real - ascending and not adjoining (`mergeAdjoining`): zones between adjoining segments would have no room. At least one.
 * @param n - rows of the series.
 * @see Huet, Navarro and Rossi, "Local evaluation of time series anomaly detection algorithms", KDD 2022.
 */
export function affiliation(predicted: readonly Segment[], real: readonly Segment[], n: number): Affiliation {
  const zones: { precision: number | null; recall: number }[] = [];
  let first = 0;
  let precisionSum = 0;
  let withPrediction = 0;
  let recallSum = 0;
  for (let i = 0; i < real.length; i++) {
    const from = real[i]!.start;
    const to = real[i]!.end + 1;
    const zone = {
      start: i === 0 ? 0 : (real[i - 1]!.end + 1 + from) / 2,
      end: i === real.length - 1 ? n : (to + real[i + 1]!.start) / 2,
    };
    while (first < predicted.length && predicted[first]!.end + 1 <= zone.start) first++;
    const inside: { start: number; end: number }[] = [];
    for (let j = first; j < predicted.length && predicted[j]!.start < zone.end; j++) {
      inside.push({ start: Math.max(zone.start, predicted[j]!.start), end: Math.min(zone.end, predicted[j]!.end + 1) });
    }
    const precision = inside.length === 0 ? null : zonePrecision(inside, from, to, zone);
    const recall = inside.length === 0 ? 0 : zoneRecall(inside, from, to, zone);
    zones.push({ precision, recall });
    if (precision !== null) {
      precisionSum += precision;
      withPrediction++;
    }
    recallSum += recall;
  }
  const precision = withPrediction === 0 ? null : precisionSum / withPrediction;
  const recall = recallSum / real.length;
  return { precision, recall, f1: precision === null ? null : harmonic(precision, recall), zones };
}

/** A stretch of continuous time, half-open. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Mean over the predicted time of the probability that a random point of the zone is at least as far from [from, to). */
function zonePrecision(inside: readonly Stretch[], from: number, to: number, zone: Stretch): number {
  const room = zone.end - zone.start;
  const nearer = Math.min(from - zone.start, zone.end - to);
  // Integral over the distances d1..d2 of 1 − (min(d, nearer) + d + |R|) / |E|.
  const far = (d1: number, d2: number): number =>
    d2 <= d1 ? 0 : (d2 - d1) * (1 - (to - from) / room) - (linear(d1, d2) + capped(d2, nearer) - capped(d1, nearer)) / room;
  let sum = 0;
  let length = 0;
  for (const { start, end } of inside) {
    length += end - start;
    sum += Math.max(0, Math.min(end, to) - Math.max(start, from));
    if (start < from) sum += far(from - Math.min(end, from), from - start);
    if (end > to) sum += far(Math.max(start, to) - to, end - to);
  }
  return sum / length;
}

/** Mean over the labelled time y of the probability that a random point of the zone is at least as far from y as the prediction is. */
function zoneRecall(inside: readonly Stretch[], from: number, to: number, zone: Stretch): number {
  const room = zone.end - zone.start;
  let sum = 0;
  for (let j = 0; j < inside.length; j++) {
    const { start, end } = inside[j]!;
    // The part of the label that is nearest to this prediction.
    const a = Math.max(from, j === 0 ? -Infinity : (inside[j - 1]!.end + start) / 2);
    const b = Math.min(to, j === inside.length - 1 ? Infinity : (end + inside[j + 1]!.start) / 2);
    if (b <= a) continue;
    sum += Math.max(0, Math.min(b, end) - Math.max(a, start));
    sum += ahead(a, Math.min(b, start), start, zone.start, room);
    sum += ahead(-b, -Math.max(a, end), -end, -zone.end, room);
  }
  return sum / (to - from);
}

/**
 * Integral over y in [a, b), b <= p, of 1 − (min(d, y − edge) + d) / |E| with d = p − y. The edge of the zone on the side of the
 * prediction is never nearer than the prediction, so the other one alone limits.
 */
function ahead(a: number, b: number, p: number, edge: number, room: number): number {
  if (b <= a) return 0;
  const turn = Math.min(b, Math.max(a, (p + edge) / 2));
  const lower = linear(a - edge, turn - edge);
  const upper = linear(p - b, p - turn);
  return b - a - (lower + upper + linear(p - b, p - a)) / room;
}

/** Integral of x over [x1, x2]. */
const linear = (x1: number, x2: number): number => ((x2 - x1) * (x1 + x2)) / 2;

/** Integral of min(x, m) over [0, d]. */
const capped = (d: number, m: number): number => (d <= m ? (d * d) / 2 : (m * m) / 2 + m * (d - m));
