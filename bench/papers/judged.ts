import { compositeF1 } from '../../src/core/metrics/event-metrics';
import { aucRoc, vus } from '../../src/core/metrics/rank';
import { paperWindow, paperWindowAt, paperWindows, type PaperWindowCounts } from '../../src/core/metrics/paper-window';
import { randomPaperWindow } from '../../src/core/metrics/random-peer';
import { quantile } from '../../src/core/detectors/shared/windows';
import { randomFrom } from '../../src/core/random';

/** Thresholds that no test label chose, and one that the labels of the first part of the test chose for the rest of it. */
export const thresholdRules = {
  largest: 'largest held-out normal score',
  q99: '99 % quantile of held-out normal scores',
  sixSigma: 'mean + 6 standard deviations of held-out normal scores',
  prefix: 'best on the test up to midway between anomalies 1 and 2, judged on the rest',
} as const;
export type ThresholdRule = keyof typeof thresholdRules;

/** Labelled rows, half-open. */
export interface LabelledRows {
  readonly start: number;
  readonly end: number;
}

/** What one threshold finds; `labels` counts those that could be found. */
export interface RuleResult extends PaperWindowCounts {
  readonly threshold: number;
  readonly labels: number;
}

export interface Judgement {
  /** Test rows that have a score, and labels among what these scores cover. */
  readonly rows: number;
  readonly labels: number;
  /** Protocol of the paper: threshold chosen on the test labels, found anomalies widened. An oracle. */
  readonly f1: number;
  /** Mean of what independent random scores reach in the same way. */
  readonly random: number;
  /** Without widening, still at the best threshold. */
  readonly f1Unwidened: number;
  readonly hits: number;
  readonly falseEpisodes: number;
  readonly auc: number;
  /** No threshold; a row is anomalous when one of the rows that its score covers is labelled. */
  readonly vusPr: number;
  /** Null where there are no held-out scores, or no second anomaly. */
  readonly rules: Readonly<Record<ThresholdRule, RuleResult | null>>;
}

/** Longest buffer of VUS in rows, as TSB-AD sets it. */
export const vusBuffer = 100;
const randomDraws = 20;

/**
 * Judges scores of single test rows against labelled rows.
 *
 * @param score - [n] NaN where none. @param counts - rows that are judged, if they have a score. @param labels - ascending, disjoint.
 * @param span - a row is anomalous when one of the `span` rows that end at it is labelled; 1: only labelled rows are.
 */
export function judge(
  score: Float32Array,
  counts: (row: number) => boolean,
  labels: readonly LabelledRows[],
  span: number,
  normalScores: Float32Array,
): Judgement {
  const part = (inside: (row: number) => boolean) => {
    const counted = Uint8Array.from(score, (value, row) => (Number.isFinite(value) && counts(row) && inside(row) ? 1 : 0));
    return { score: score.filter((_, row) => counted[row] === 1), windows: paperWindows(counted, labels, span) };
  };
  const whole = part(() => true);
  const found = paperWindow(whole.score, whole.windows);
  const truth = whole.windows.truth;
  const auc = aucRoc({ score: whole.score, truth });
  const volume = vus({ score: whole.score, truth }, vusBuffer);
  const random = randomPaperWindow(whole.windows, randomFrom(1), randomDraws);
  if (!found || !volume || auc === null || random === null) throw new Error('The test rows hold no label, or nothing else.');
  const at = ({ score: scores, windows }: typeof whole, threshold: number): RuleResult => ({
    ...paperWindowAt(scores, windows, threshold),
    threshold,
    labels: windows.spans.length,
  });
  const byNormals = (threshold: (values: Float32Array) => number): RuleResult | null =>
    normalScores.length > 0 ? at(whole, threshold(normalScores)) : null;
  const [one, other] = labels;
  const midway = one && other ? Math.floor((one.end + other.start) / 2) : null;
  const chosen = midway === null ? null : paperWindow(...columns(part((row) => row < midway)));
  return {
    rows: whole.score.length,
    labels: whole.windows.spans.length,
    ...{ f1: found.f1, random, f1Unwidened: found.f1Unwidened, hits: found.hits, falseEpisodes: found.falseEpisodes },
    ...{ auc, vusPr: volume.pr },
    rules: {
      largest: byNormals((values) => values.reduce((top, value) => Math.max(top, value), 0)),
      q99: byNormals((values) => quantile(values, 0.99)),
      sixSigma: byNormals((values) => {
        const m = values.reduce((sum, value) => sum + value / values.length, 0);
        return m + 6 * Math.sqrt(values.reduce((sum, value) => sum + (value - m) ** 2 / values.length, 0));
      }),
      prefix:
        chosen &&
        at(
          part((row) => row >= midway!),
          chosen.threshold,
        ),
    },
  };
}

function columns({ score, windows }: { score: Float32Array; windows: ReturnType<typeof paperWindows> }) {
  return [score, windows] as const;
}

/**
 * Precision of rows and recall of labels in one: an alarm without end finds every label, and is no good. 0 without held-out scores, where there is
 * no threshold.
 */
export function eventF1(result: RuleResult | null): number {
  return result ? compositeF1(result.precision, result.hits / result.labels) : 0;
}
