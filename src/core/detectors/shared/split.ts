import { FaultlineError } from '../../errors';
import type { Segment } from '../../prepare/prepared';
import { concat, windowEnds } from './windows';

/** Share of the rows kept apart at the end, and of the sequences that validate. */
const TAIL_SHARE = 0.15;
const VALIDATION_SHARE = 0.1;
const MAX_VALIDATION_BLOCKS = 5;

/**
 * Parts of the training rows that share no row: fit (with validation blocks inside) and the tail that no network sees. All are given
 * as rows at which a window or a sequence (a longer window; of equal length for a detector that has none) ends.
 */
export interface TrainingSplit {
  /** First row of the tail. */
  readonly tailFrom: number;
  readonly trainWindows: Int32Array;
  readonly validationWindows: Int32Array;
  readonly trainSequences: Int32Array;
  readonly validationSequences: Int32Array;
}

/** What is left out of the fit. */
export interface LeftOut {
  /** Whether the last rows are kept apart; default true. */
  readonly tail?: boolean;
  /** Rows that no window or sequence of the fit may touch. */
  readonly hole?: Segment;
}

/** Rows of a window and of a sequence (`span`), and what they are called in a refusal. */
export interface SplitShape {
  readonly window: number;
  readonly span: number;
  readonly what: string;
  /** Rows of the tail at least; one and a half sequences where absent. */
  readonly tailRows?: number;
}

/**
 * Cuts the rows once, in time: the last 15 % (at least one and a half sequences) are the tail; in the rest, up to five blocks of at least one
 * sequence each, evenly spaced, hold 10 % of the rows for validation. A window or sequence that crosses a border belongs to no part,
 * so nothing leaks from one to another. Segments too short for a validation sequence leave the validation part empty.
 *
 * @param rows - of the training data.
 * @throws FaultlineError 'detector/too-little-data' with rows present and rows needed.
 */
export function splitTraining(
  segments: readonly Segment[],
  rows: number,
  { window, span, what, tailRows = Math.ceil(1.5 * span) }: SplitShape,
  { tail = true, hole = { start: 0, end: 0 } }: LeftOut = {},
): TrainingSplit {
  const needed = 3 * span + tailRows;
  const tailFrom = tail ? rows - Math.max(tailRows, Math.ceil(TAIL_SHARE * rows)) : rows;
  const usable = [
    { start: 0, end: hole.start },
    { start: hole.end, end: tailFrom },
  ];
  const usableRows = usable.reduce((sum, range) => sum + lengthOf(range), 0);
  const validation = validationBlocks(usableRows, span);
  const training = validation.map(({ start }, i) => ({ start: validation[i - 1]?.end ?? 0, end: start }));
  training.push({ start: validation.at(-1)!.end, end: usableRows });
  /** Ends of windows inside the ranges, which count usable rows. */
  const inside = (ranges: readonly Segment[], length: number): Int32Array =>
    concat(ranges.flatMap((range) => within(usable, range)).map(({ start, end }) => windowEnds(segments, length, start, end)));
  const split: TrainingSplit = {
    tailFrom,
    trainWindows: inside(training, window),
    validationWindows: inside(validation, window),
    trainSequences: inside(training, span),
    validationSequences: inside(validation, span),
  };
  const tailSequences = tail ? windowEnds(segments, span, tailFrom, rows).length : 1;
  if (rows < needed || split.trainSequences.length === 0 || tailSequences === 0) {
    throw new FaultlineError(
      'detector/too-little-data',
      `The training period has ${rows} usable rows; ${what} need at least ${needed} rows, ` +
        `and runs without a gap of at least ${span} rows in their first half and at their end. Choose a longer period or fewer or shorter windows.`,
      { rows, needed, gapFreeRows: span },
    );
  }
  return split;
}

const lengthOf = ({ start, end }: Segment): number => Math.max(0, end - start);

/** The rows at positions `start`..`end` of some ranges in a row. */
function within(ranges: readonly Segment[], { start, end }: Segment): Segment[] {
  let before = 0;
  return ranges
    .map((range) => {
      const part = { start: range.start + Math.max(0, start - before), end: Math.min(range.end, range.start + end - before) };
      before += lengthOf(range);
      return part;
    })
    .filter((part) => lengthOf(part) > 0);
}

/** Evenly spaced, each at the end of its part of the rows 0..until. */
function validationBlocks(until: number, span: number): Segment[] {
  const count = Math.min(MAX_VALIDATION_BLOCKS, Math.max(1, Math.floor((VALIDATION_SHARE * until) / span)));
  const length = Math.max(span, Math.ceil((VALIDATION_SHARE * until) / count));
  return Array.from({ length: count }, (_, i) => {
    const end = Math.round(((i + 1) * until) / count);
    return { start: Math.max(0, end - length), end };
  });
}
