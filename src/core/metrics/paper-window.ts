import type { ScoreColumn } from '../scoring/scores';
import { aucRoc } from './rank';

/** What the protocol counts at one threshold. */
export interface PaperWindowCounts {
  /** With widening. */
  readonly f1: number;
  readonly f1Unwidened: number;
  /** Share of detections in a window of a label, before widening; 0 without any. */
  readonly precision: number;
  /** Labels whose windows hold a detection. */
  readonly hits: number;
  /** Runs of detections that meet no label's window. */
  readonly falseEpisodes: number;
}

/**
 * Result of the seed paper's evaluation protocol. All thresholds are chosen on these very data; all counts are at the one
 * of `f1`, but `f1Unwidened` is the best of the same scores without widening, at a threshold of its own.
 */
export interface PaperWindow extends PaperWindowCounts {
  readonly threshold: number;
  /** Area under the ROC curve of window scores, not widened. */
  readonly auc: number;
}

/** Windows of rows and what each holds. */
export interface PaperWindows {
  /** [w] 1 where the window holds a labelled row. */
  readonly truth: Uint8Array;
  /** Windows of each label, half-open. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
  /** [w] 1 where the row before is not a window: an episode ends there. */
  readonly breaks: Uint8Array;
}

/** Even steps between the lowest and the highest window score, both included. */
const steps = 200;

/**
 * The windows of `length` rows that end at each counted row; their score is the score of that row, as detectors that read the last
 * `length` rows give it.
 *
 * @param counted - [n] 1 for rows with a score outside masks.
 * @param labels - labelled rows of the whole series, half-open, ascending, disjoint.
 */
export function paperWindows(
  counted: Uint8Array,
  labels: readonly { readonly start: number; readonly end: number }[],
  length: number,
): PaperWindows {
  const n = counted.length;
  const before = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) before[i + 1] = before[i]! + counted[i]!;
  const spans = labels
    .map(({ start, end }) => ({ start: before[start]!, end: before[Math.min(n, end + length - 1)]! }))
    .filter(({ start, end }) => end > start);
  const truth = new Uint8Array(before[n]!);
  for (const { start, end } of spans) truth.fill(1, start, end);
  const breaks = new Uint8Array(before[n]!);
  for (let i = 0; i < n; i++) if (counted[i] === 1 && (i === 0 || counted[i - 1] === 0)) breaks[before[i]!] = 1;
  return { truth, spans, breaks };
}

/**
 * Protocol of the Hreg-VAE-LSTM paper: a detection (score > θ) in any window of a label widens to all windows of that label; F1 over
 * windows; θ is the best of 200 even steps on these very data, an oracle. Independent random scores reach F1 0.95 to 0.97 under it.
 *
 * @param score - [w] of the counted rows.
 * @returns null where no window, or every window, holds a labelled row, or a score is infinite and there are no even steps.
 * @see Xu and Wang 2025, published evaluation code, with rows counted from 0.
 */
export function paperWindow(score: ScoreColumn, windows: PaperWindows): PaperWindow | null {
  const auc = aucRoc({ score, truth: windows.truth });
  if (auc === null || !score.every(Number.isFinite)) return null;
  const { thetas, f1, plain } = sweep(score, windows);
  const threshold = thetas[indexOfHighest(f1)]!;
  return { ...paperWindowAt(score, windows, threshold), f1Unwidened: plain[indexOfHighest(plain)]!, threshold, auc };
}

/**
 * The protocol at a threshold from elsewhere, e.g. one that no label of these data chose.
 *
 * @param score - [w] of the counted rows.
 */
export function paperWindowAt(score: ScoreColumn, windows: PaperWindows, threshold: number): PaperWindowCounts {
  const { truth, spans, breaks } = windows;
  const met = Array.from(reachOf(score, spans), (top) => top > threshold);
  const widened = new Uint8Array(truth.length);
  spans.forEach(({ start, end }, k) => met[k] && widened.fill(1, start, end));
  let [positives, found, foundWidened, falsely, falseEpisodes] = [0, 0, 0, 0, 0];
  let open = false;
  let meets = false;
  for (let i = 0; i <= score.length; i++) {
    const detected = i < score.length && score[i]! > threshold;
    if (open && (!detected || breaks[i] === 1)) {
      if (!meets) falseEpisodes++;
      open = false;
    }
    if (i === score.length) break;
    positives += truth[i]!;
    foundWidened += widened[i]!;
    if (!detected) continue;
    if (truth[i] === 1) found++;
    else falsely++;
    meets = open ? meets || truth[i] === 1 : truth[i] === 1;
    open = true;
  }
  const f1 = (hits: number): number => (positives === 0 ? 0 : (2 * hits) / (hits + falsely + positives));
  const precision = found / (found + falsely || 1);
  return { f1: f1(foundWidened), f1Unwidened: f1(found), precision, hits: met.filter(Boolean).length, falseEpisodes };
}

/** Best F1 of the protocol alone, for random peers. */
export function paperWindowF1(score: ScoreColumn, windows: PaperWindows): number {
  const { f1 } = sweep(score, windows);
  return f1[indexOfHighest(f1)]!;
}

interface Sweep {
  readonly thetas: Float64Array;
  readonly f1: Float64Array;
  readonly plain: Float64Array;
}

/** [labels] highest window score of each. */
function reachOf(score: ScoreColumn, spans: PaperWindows['spans']): Float64Array {
  return Float64Array.from(spans, ({ start, end }) => {
    let top = -Infinity;
    for (let i = start; i < end; i++) if (score[i]! > top) top = score[i]!;
    return top;
  });
}

/** F1 with and without widening at each step; one pass over the scores. */
function sweep(score: ScoreColumn, { truth, spans }: PaperWindows): Sweep {
  let low = Infinity;
  let high = -Infinity;
  for (const s of score) {
    if (s < low) low = s;
    if (s > high) high = s;
  }
  const thetas = Float64Array.from({ length: steps }, (_, k) => (k === steps - 1 ? high : low + ((high - low) * k) / (steps - 1)));
  /** Number of steps that a score lies above. */
  const above = (s: number): number => {
    let k = high > low ? Math.min(steps, Math.max(0, Math.ceil(((s - low) / (high - low)) * (steps - 1)))) : 0;
    while (k < steps && thetas[k]! < s) k++;
    while (k > 0 && thetas[k - 1]! >= s) k--;
    return k;
  };
  const reach = reachOf(score, spans);
  // A window of several labels is reached with the best of them.
  const widened = new Int32Array(steps + 1);
  const own = new Int32Array(steps + 1);
  const wrong = new Int32Array(steps + 1);
  let positives = 0;
  let first = 0;
  for (let i = 0; i < score.length; i++) {
    const k = above(score[i]!);
    if (truth[i] !== 1) {
      wrong[k]!++;
      continue;
    }
    positives++;
    own[k]!++;
    while (first < spans.length && spans[first]!.end <= i) first++;
    let top = -Infinity;
    for (let j = first; j < spans.length && spans[j]!.start <= i; j++) top = Math.max(top, reach[j]!);
    widened[above(top)]!++;
  }
  const f1 = new Float64Array(steps);
  const plain = new Float64Array(steps);
  let [found, foundWidened, falsely] = [0, 0, 0];
  for (let k = steps - 1; k >= 0; k--) {
    found += own[k + 1]!;
    foundWidened += widened[k + 1]!;
    falsely += wrong[k + 1]!;
    f1[k] = (2 * foundWidened) / (foundWidened + falsely + positives);
    plain[k] = (2 * found) / (found + falsely + positives);
  }
  return { thetas, f1, plain };
}

/** Of equal values the last: the higher threshold. */
function indexOfHighest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! >= values[best]!) best = i;
  return best;
}
