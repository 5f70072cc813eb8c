import { rowsWithin } from '../labels/interval';
import type { Label } from '../labels/label';
import { medianStep } from '../series/statistics';
import { rowKinds, scoresOfKind } from '../thresholds/rows';
import { quantileOf } from '../thresholds/tail';
import type { PartJudge } from './judged';

/** Thresholds of the sequence. */
const fineCount = 200;
/** A range wider than this factor is divided in equal ratios, a narrower one in equal steps. */
const wideRatio = 5;

/** Highest score of each label; −Infinity where all its rows are masked or without score. */
export function peaksOf(part: PartJudge, labels: readonly Label[]): number[] {
  const { timestamps, score } = part.rows;
  return labels.map((label) => {
    const rows = rowsWithin(timestamps, label);
    let peak = -Infinity;
    for (let i = rows.start; i < rows.end; i++) if (part.rows.kinds[i] === rowKinds.anomaly && score[i]! > peak) peak = score[i]!;
    return peak;
  });
}

/**
 * The thresholds to try, highest first. Their range is taken from the labels and from the bulk of the normal scores (its median), not from
 * the number of false events, so that the order and the places of the tests are fixed before the first of them. The highest lies above
 * the lowest and the second lowest peak of the labels to catch, and above every normal score as long as those are not far higher.
 *
 * @param peaks - of the labels to catch.
 * @returns [f] descending; empty when no row is scored.
 */
export function fineThresholds(part: PartJudge, peaks: readonly number[]): number[] {
  const normal = scoresOfKind(part.rows.score, part.rows.kinds, rowKinds.normal).sort();
  const ascending = peaks.filter(Number.isFinite).toSorted((a, b) => a - b);
  const normalTop = normal.at(-1) ?? -Infinity;
  const labelTop = ascending.at(-1) ?? Infinity;
  const top = Math.max(ascending[1] ?? ascending[0] ?? -Infinity, Math.min(normalTop, labelTop));
  if (!Number.isFinite(top)) return [];
  const low = [0.5, 0.9, 0.99, 0.999].map((q) => (normal.length > 0 ? quantileOf(normal, q) : 0)).find((s) => s > 0 && s < top);
  const bottom = low ?? Math.min(normal[0] ?? ascending[0]!, ascending[0] ?? Infinity);
  const wide = bottom > 0 && top / bottom > wideRatio;
  const high = wide ? top * (top / bottom) ** 0.05 : top + 0.1 * (top - bottom || Math.abs(top) || 1);
  const at = (k: number): number =>
    wide ? high * (bottom / high) ** (k / (fineCount - 1)) : high + ((bottom - high) * k) / (fineCount - 1);
  const values = Array.from({ length: fineCount }, (_, k) => rounded(at(k), Math.abs(at(k) - at(k + 1))));
  // At the median itself half of all normal time is one long event that catches every label and is never false.
  return values.filter((value, k) => value > bottom && (k === 0 || value < values[k - 1]!));
}

/** As few digits as tell neighbours apart. */
function rounded(value: number, step: number): number {
  const digits = Math.max(0, Math.min(12, 1 - Math.floor(Math.log10(step))));
  return Number(value.toFixed(digits));
}

/** Rows of the map. */
const durationCount = 10;

/**
 * Minimum durations of the map, ascending, with 0 and the given one: up to a third of the time allowed to find a label (a person sees an event
 * that much later), and to a third of the usual label, in whole steps of the data.
 */
export function durationsOf(part: PartJudge, given: number, withinMs: number | null): number[] {
  const step = medianStep(part.rows.timestamps);
  const lengths = part.labels.map(({ start, end }) => end - start).toSorted((a, b) => a - b);
  const usual = lengths[lengths.length >> 1] ?? 20 * step;
  const most = Math.max(given, Math.min(usual, withinMs ?? Infinity) / 3);
  const spacing = step > 0 ? Math.max(1, Math.ceil(most / step / (durationCount - 1))) * step : most / (durationCount - 1);
  const regular = spacing > 0 ? Array.from({ length: durationCount }, (_, k) => k * spacing).filter((d) => d <= most * 1.001) : [0];
  return [...new Set([...regular, given])].sort((a, b) => a - b);
}
