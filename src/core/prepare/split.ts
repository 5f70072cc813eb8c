import { FaultlineError } from '../errors';
import {
  intersectSpans,
  maskedClasses,
  ofClass,
  rowMask,
  rowsWithin,
  subtractSpans,
  unionIntervals,
  type Span,
} from '../labels/interval';
import type { Label } from '../labels/label';
import { countOf } from '../report/format';
import { lowerBound } from '../series/search';
import { medianStep } from '../series/statistics';
import type { Part, PreparedSeries, Split } from './prepared';

/** The part a time belongs to. */
export function partOf(split: Split, time: number): Part {
  if (time < split.trainUntil) return 'train';
  if (time < split.trainUntil + split.guardMs) return 'guard';
  if (time < split.calibrateUntil) return 'calibration';
  return time < split.calibrateUntil + split.guardMs ? 'guard' : 'test';
}

/** Time of a part, half-open, unbounded at the ends of the data. */
export function partSpan(split: Split, part: Exclude<Part, 'guard'>): Span {
  if (part === 'train') return { start: -Infinity, end: split.trainUntil };
  if (part === 'test') return { start: split.calibrateUntil + split.guardMs, end: Infinity };
  return { start: split.trainUntil + split.guardMs, end: split.calibrateUntil };
}

/** Rows of a part, half-open; empty (start === end) when it has none. */
export function rowsOfPart(timestamps: ArrayLike<number>, split: Split, part: Exclude<Part, 'guard'>): Span {
  const span = partSpan(split, part);
  const start = lowerBound(timestamps, span.start);
  return { start, end: Math.max(start, lowerBound(timestamps, span.end)) };
}

/** Labels whose time must not be learned as normal. */
const notLearned = ['anomaly', ...maskedClasses] as const;

/** [n] 1 for rows of the train part outside labels of anomalies, instrument faults and ignored time. */
export function trainMask(timestamps: Float64Array, split: Split, labels: readonly Label[]): Uint8Array {
  const mask = rowMask(timestamps, ofClass(labels, ...notLearned)).map((excluded) => 1 - excluded);
  return mask.fill(0, rowsOfPart(timestamps, split, 'train').end);
}

/**
 * The rows that may train: those of the train part outside labels of anomalies, instrument faults and ignored time. Segments are cut
 * where rows are left out, never joined across.
 *
 * @throws FaultlineError 'prepare/too-short' when no row is left.
 */
export function trainingView(data: PreparedSeries, split: Split, labels: readonly Label[]): PreparedSeries {
  const { timestamps } = data;
  const excluded = ofClass(labels, ...notLearned).map((label) => rowsWithin(timestamps, label));
  const inTrain = intersectSpans(data.segments, [rowsOfPart(timestamps, split, 'train')]);
  const view = selectSpans(data, subtractSpans(inTrain, excluded));
  if (view.timestamps.length > 0) return view;
  throw new FaultlineError(
    'prepare/too-short',
    'The train part has no row outside labelled anomalies and masks. Move the end of the train part, or change the labels.',
    { trainUntil: split.trainUntil },
  );
}

/** A copy of the given rows; each span becomes a segment. @param spans - half-open, ascending, disjoint. */
export function selectSpans(data: PreparedSeries, spans: readonly Span[]): PreparedSeries {
  const c = data.channels.length;
  const n = spans.reduce((sum, span) => sum + span.end - span.start, 0);
  const timestamps = new Float64Array(n);
  const values = new Float32Array(n * c);
  const segments: Span[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    timestamps.set(data.timestamps.subarray(start, end), at);
    values.set(data.values.subarray(start * c, end * c), at * c);
    segments.push({ start: at, end: at + end - start });
    at += end - start;
  }
  return { timestamps, values, channels: data.channels, segments, stepMs: data.stepMs };
}

/**
 * Refuses a split that cannot be used.
 *
 * @throws FaultlineError 'prepare/bad-split' when its times are out of order, or the train or calibration part has no row.
 */
export function validateSplit(split: Split, timestamps: ArrayLike<number>): void {
  const refuse = (message: string): never => {
    throw new FaultlineError('prepare/bad-split', message, { ...split });
  };
  const { trainUntil, calibrateUntil, guardMs } = split;
  if (![trainUntil, calibrateUntil, guardMs].every(Number.isFinite) || guardMs < 0) {
    refuse('The times of the split must be dates, and its guard gap must not be negative.');
  }
  if (trainUntil + guardMs >= calibrateUntil) {
    refuse('The calibration part must begin after the train part and the guard gap. Move its end to a later time.');
  }
  const rows = (part: 'train' | 'calibration'): number => {
    const span = rowsOfPart(timestamps, split, part);
    return span.end - span.start;
  };
  if (rows('train') === 0) refuse('The train part has no row. Move its end to a later time.');
  if (rows('calibration') === 0) refuse('The calibration part has no row. Move its end, or the end of the train part.');
}

/**
 * What a guard gap is too short for, as a sentence; null when it is long enough. A score that covers more rows than the gap holds depends
 * on rows of the part before, and a missing value at an edge may be bridged with a value from behind it.
 *
 * @param neededRows - rows a score covers beside its own, or rows that preparation bridges, whichever is more.
 */
export function shortGuard(timestamps: ArrayLike<number>, split: Split, neededRows: number): string | null {
  const { calibrateUntil, guardMs } = split;
  const held = lowerBound(timestamps, calibrateUntil + guardMs) - lowerBound(timestamps, calibrateUntil);
  if (held >= neededRows) return null;
  return (
    `The gap between the parts holds ${countOf(held, 'row')}, but a score or a bridged value can reach over ${neededRows}: the first ` +
    `${countOf(neededRows - held, 'row')} of the calibration and of the test part may depend on the part before. Take a shorter window, or more data.`
  );
}

/** Shares of rows without labels to go by. */
const trainShare = 0.6;
const calibrationShare = 0.2;
/** The train part should hold this share of all rows, and this many windows, of normal data. */
const wantedTrainShare = 0.2;
const wantedWindows = 8;
/** Share of the time before the first calibration anomaly that is kept as normal time of the calibration part. */
const normalLead = 0.2;

/**
 * A chronological split proposed from nothing but the times of rows and labels.
 *
 * With labelled anomalies the calibration part holds about a third of them, at least one, and begins early enough to hold normal time
 * as well; the train part before it has enough normal data; the test part is the rest. A single anomaly is kept for the test where
 * enough data lies before it: a threshold can be chosen without labels, a test cannot be made without one. Without labels 60, 20 and
 * 20 % of the rows. The guard gap is one window.
 *
 * @param windowRows - rows of one window (p·k), the guard.
 * @throws FaultlineError 'prepare/bad-split' for fewer than three rows.
 */
export function defaultSplit(series: { readonly timestamps: Float64Array }, labels: readonly Label[], windowRows: number): Split {
  const { timestamps } = series;
  const n = timestamps.length;
  if (n < 3) throw new FaultlineError('prepare/bad-split', `${n} rows cannot be split into three parts.`, { rows: n });
  const guardRows = Math.max(0, Math.min(Math.round(windowRows), Math.floor(n / 20)));
  const step = medianStep(timestamps);
  const anomalies = unionIntervals(ofClass(labels, 'anomaly'))
    .map((interval) => rowsWithin(timestamps, interval))
    .filter((rows) => rows.end > rows.start);
  const rows = splitBefore(n, anomalies, guardRows) ?? (anomalies.length > 0 ? splitByLabels(n, anomalies, guardRows) : null);
  const trainEnd = rows?.train ?? Math.max(1, Math.floor(n * trainShare));
  const calibrationEnd = rows?.calibration ?? Math.max(trainEnd + guardRows + 1, Math.floor(n * (trainShare + calibrationShare)));
  const timeOf = (row: number): number => (row < n ? timestamps[row]! : timestamps[n - 1]! + step);
  return { trainUntil: timeOf(trainEnd), calibrateUntil: timeOf(Math.min(n, calibrationEnd)), guardMs: guardRows * step };
}

/** With a single anomaly: train and calibration part before it, and normal time in the test part too; null when that leaves too little. */
function splitBefore(n: number, anomalies: readonly Span[], guard: number): { train: number; calibration: number } | null {
  const only = anomalies[0];
  if (!only || anomalies.length > 1) return null;
  const calibration = Math.floor(only.start * (1 - normalLead)) - guard;
  const train = Math.floor((calibration - guard) * (trainShare / (trainShare + calibrationShare)));
  return train < Math.max(wantedTrainShare * n, wantedWindows * guard) ? null : { train, calibration };
}

/** First row after the train part, and after the calibration part; null when the labels leave no room for a train part. */
function splitByLabels(n: number, anomalies: readonly Span[], guard: number): { train: number; calibration: number } | null {
  const held = Math.max(1, Math.round(anomalies.length / 3));
  const lastFirst = Math.max(0, anomalies.length - held - (anomalies.length > held ? 1 : 0));
  const normalBefore = (j: number): number =>
    anomalies[j]!.start - anomalies.slice(0, j).reduce((sum, a) => sum + Math.min(a.end, anomalies[j]!.start) - a.start, 0);
  const wanted = Math.max(wantedTrainShare * n, wantedWindows * guard);
  // The first anomaly with enough normal time before it; failing that, the one with the most that still leaves one to test on.
  let first = 0;
  while (first < lastFirst && normalBefore(first) * (1 - normalLead) - guard < wanted) first++;

  const before = anomalies[first - 1]?.end ?? 0;
  const start = anomalies[first]!.start;
  const lead = Math.round(Math.min(normalLead * normalBefore(first), Math.max(0, start - before - guard)));
  const train = start - lead - guard;
  if (train < 1) return null;
  const end = anomalies[first + held - 1]!.end;
  const next = anomalies[first + held]?.start;
  // Midway to the next anomaly, so that calibration and test both get normal time; the guard lies behind the edge.
  const calibration = next === undefined ? Math.min(n, end + Math.floor((n - end) / 4)) : Math.floor((end + next - guard) / 2);
  return { train, calibration: Math.max(end, calibration) };
}
