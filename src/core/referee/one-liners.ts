import type { PreparedSeries } from '../prepare/prepared';
import { oneLinerIds, type OneLinerId } from './report';
import { sliding } from './sliding';

/** Rows of a window where the detector has none of its own: the setting the detectors were chosen at. */
export const usualWindow = 24;

/** 0.75 quantile of the standard normal: makes the MAD an estimate of the standard deviation. */
const normalQ75 = 0.674489750196082;

export const oneLinerTitles: Readonly<Record<OneLinerId, string>> = {
  'max-abs-z': 'Largest z',
  'moving-range': 'Moving range',
  'robust-z': 'Robust z',
  'moving-std': 'Moving standard deviation',
  'first-difference': 'First difference',
  constant: 'Constant',
};

/**
 * Scores of the six one-line detectors. All look back only, never across a gap, and know nothing but the train rows; of several tags the
 * largest score counts. Tags are scaled by the train rows' mean and standard deviation already.
 *
 * - largest z: |x|
 * - moving range: largest minus smallest of the last `window` rows
 * - robust z: |x − median| / (MAD / 0.6745), median and MAD of the train rows; the standard deviation where the MAD is 0
 * - moving standard deviation: over the last `window` rows
 * - first difference: |x(t) − x(t−1)|
 * - constant: 0
 *
 * @param data - [n, c] scaled rows to be scored.
 * @param train - rows that trained, scaled the same way.
 * @returns [n] each; NaN for the rows of a segment that have too few rows before them.
 * @throws RangeError when the tags differ.
 */
export function oneLinerScores(data: PreparedSeries, train: PreparedSeries, window: number): Record<OneLinerId, Float32Array> {
  if (data.channels.join('\n') !== train.channels.join('\n')) throw new RangeError('scored and train rows have different tags');
  const n = data.timestamps.length;
  const c = data.channels.length;
  const scores = Object.fromEntries(oneLinerIds.map((id) => [id, new Float32Array(n).fill(NaN)])) as Record<
    OneLinerId,
    Float32Array
  >;
  const raise = (id: OneLinerId, row: number, value: number): void => {
    const known = scores[id][row]!;
    if (Number.isNaN(known) || value > known) scores[id][row] = value;
  };
  visitPlain(data, window, (id, row, _, value) => raise(id, row, value));
  const spreads = data.channels.map((_, j) => robust(train, j));
  for (const { start, end } of data.segments) {
    scores.constant.fill(0, start, end);
    for (let row = start; row < end; row++) {
      spreads.forEach(({ median, spread }, j) => raise('robust-z', row, Math.abs(data.values[row * c + j]! - median) / spread));
    }
  }
  return scores;
}

/** Those that say something and need no train rows. */
export const plainIds = ['max-abs-z', 'moving-range', 'moving-std', 'first-difference'] as const satisfies readonly OneLinerId[];
export type PlainId = (typeof plainIds)[number];

/** Every score of the plain ones, tag by tag; NaN where a segment has too few rows before. */
export function visitPlain(
  { values, channels, segments }: PreparedSeries,
  window: number,
  visit: (id: PlainId, row: number, tag: number, value: number) => void,
): void {
  const c = channels.length;
  const width = widthOf(window);
  for (let j = 0; j < c; j++) {
    for (const { start, end } of segments) {
      const at = (i: number): number => values[(start + i) * c + j]!;
      const { range, deviation } = sliding(at, end - start, width);
      for (let i = 0; i < end - start; i++) {
        visit('max-abs-z', start + i, j, Math.abs(at(i)));
        if (i > 0) visit('first-difference', start + i, j, Math.abs(at(i) - at(i - 1)));
        visit('moving-range', start + i, j, range[i]!);
        visit('moving-std', start + i, j, deviation[i]!);
      }
    }
  }
}

/** Rows of a window as they are taken: at least two. */
export const widthOf = (window: number): number => Math.max(2, Math.round(window));

/** Median and spread of one tag over the train rows; 0 and 1 (the scaler's own) without any. */
function robust({ values, channels, timestamps }: PreparedSeries, j: number): { median: number; spread: number } {
  const column = Float64Array.from({ length: timestamps.length }, (_, i) => values[i * channels.length + j]!).sort();
  if (column.length === 0) return { median: 0, spread: 1 };
  const median = middle(column);
  const mad = middle(column.map((value) => Math.abs(value - median)).sort());
  return { median, spread: mad > 0 ? mad / normalQ75 : 1 };
}

/** Median; of an even number the mean of the two middle ones. @param sorted - ascending, not empty. */
function middle(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
