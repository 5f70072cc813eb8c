import { overlaps, type Interval, type Span } from '../labels/interval';
import type { Label } from '../labels/label';
import { lowerBound } from '../series/search';
import type { Part, Split } from './prepared';
import { partOf, partSpan } from './split';

/** Time, half-open, that the model or the threshold was made from. */
export interface SeenSpan extends Span {
  readonly by: 'train' | 'calibration';
}

/** Parts of a run: the split, and what of its test part was seen before and is no test. */
export interface RunParts {
  readonly split: Split;
  readonly seen: readonly SeenSpan[];
}

/** The part of a time; time of the test part that was seen belongs to the part that saw it, and the gap around it to none. */
export function partAt({ split, seen }: RunParts, time: number): Part {
  const part = partOf(split, time);
  if (part !== 'test') return part;
  const by = seen.find((span) => time >= span.start && time < span.end);
  if (by) return by.by;
  return seen.some((span) => within(span, split.guardMs, time)) ? 'guard' : 'test';
}

/** Rows of the test part that neither the model nor the threshold has seen. */
export interface TestView {
  /** Half-open. */
  readonly range: Span;
  /** [n] the given scores; NaN in rows of the test part that were seen. */
  readonly score: Float32Array;
  /** The given labels; an anomaly that the threshold has seen is masked, as is what happens on it. */
  readonly labels: readonly Label[];
  /** Rows with a score that were left out. */
  readonly left: number;
  /** Why nothing is left to judge; null when something is. */
  readonly refused: string | null;
}

/**
 * The test part without what was seen: rows of seen time and of a guard gap around it (no window may hold both), and labelled anomalies
 * that reach into the time that chose the threshold, because the threshold has seen those labels.
 *
 * @param timestamps - [n] ms, ascending; rows of the run.
 * @param score - [n] NaN where there is no score; not changed.
 * @param labels - those the test is judged with.
 * @param calibratedOn - time of the rows that chose the threshold, both ends included.
 */
export function testView(
  { split, seen }: RunParts,
  timestamps: Float64Array,
  score: Float32Array,
  labels: readonly Label[],
  calibratedOn: Interval | undefined,
): TestView {
  const range = partSpan(split, 'test');
  const told = calibratedOn ? labels.map((label) => (sawLabel(label, calibratedOn) ? maskOf(label) : label)) : labels;
  const rows = timestamps.length;
  const start = lowerBound(timestamps, range.start);
  const seenBy = (time: number): SeenSpan['by'] | undefined => seen.find((span) => within(span, split.guardMs, time))?.by;
  let kept = score;
  let left = 0;
  let first = rows;
  let last = -1;
  let graver: SeenSpan['by'] | undefined;
  for (let i = start; i < rows; i++) {
    const by = seenBy(timestamps[i]!);
    if (by === undefined) {
      first = Math.min(first, i);
      last = i;
      continue;
    }
    if (graver !== 'calibration') graver = by;
    if (kept === score) kept = score.slice();
    if (!Number.isNaN(score[i]!)) left++;
    kept[i] = NaN;
  }
  if (graver === undefined) return { range, score, labels: told, left, refused: null };
  const nothing = last < 0;
  return {
    range: nothing ? { start: range.start, end: range.start } : { start: timestamps[first]!, end: timestamps[last]! + 1 },
    score: kept,
    labels: told,
    left,
    refused: nothing ? refusals[graver] : null,
  };
}

const refusals = {
  calibration: 'the threshold has seen this time',
  train: 'the model was trained on this time',
} as const satisfies Record<SeenSpan['by'], string>;

function sawLabel(label: Label, calibratedOn: Interval): boolean {
  return label.class === 'anomaly' && overlaps(label, calibratedOn);
}

function maskOf(label: Label): Label {
  return { ...label, class: 'ignore' };
}

function within(span: Span, guardMs: number, time: number): boolean {
  return time >= span.start - guardMs && time < span.end + guardMs;
}

/**
 * Labels as a threshold may see them: those that have a part inside the time of the rows that choose it, cut off at its end. What comes
 * later, also of a label that goes on, is not known there.
 */
export function labelsKnownBy(labels: readonly Label[], calibration: Interval): Label[] {
  return labels
    .filter((label) => overlaps(label, calibration))
    .map((label) => (label.end > calibration.end ? { ...label, end: calibration.end } : label));
}
