/** Unwidened F1 at span L: a row counts as anomalous when one of the L rows that end at it is a labelled point. */

export interface F1 {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Labelled points met by at least one row above the threshold, and runs of such rows that meet none. */
  readonly hits: number;
  readonly falseEpisodes: number;
}

export interface Judged {
  /** Scores of the test rows that have one, with the number of the run of rows they belong to. */
  readonly scores: readonly number[];
  readonly truth: readonly boolean[];
  readonly rows: readonly number[];
  readonly points: readonly number[];
  readonly span: number;
}

/** Scores and truth of the test rows. @param rows - the test rows, ascending in each segment. */
export function judge(score: Float32Array, rows: readonly number[], points: readonly number[], span: number): Judged {
  const scored = rows.filter((row) => !Number.isNaN(score[row]));
  return {
    scores: scored.map((row) => score[row]!),
    truth: scored.map((row) => points.some((point) => row >= point && row < point + span)),
    rows: scored,
    points,
    span,
  };
}

/** Counts at one threshold. */
export function f1At({ scores, truth, rows, points, span }: Judged, threshold: number): F1 {
  let [tp, fp, fn] = [0, 0, 0];
  let falseEpisodes = 0;
  let inside = false;
  let met = false;
  const close = (): void => {
    if (inside && !met) falseEpisodes++;
    inside = false;
    met = false;
  };
  const hit = new Set<number>();
  scores.forEach((score, i) => {
    if (i > 0 && rows[i] !== rows[i - 1]! + 1) close();
    if (score < threshold) {
      if (truth[i]) fn++;
      close();
      return;
    }
    inside = true;
    if (truth[i]) {
      tp++;
      met = true;
      points.filter((point) => rows[i]! >= point && rows[i]! < point + span).forEach((point) => hit.add(point));
    } else fp++;
  });
  close();
  const precision = tp / (tp + fp || 1);
  const recall = tp / (tp + fn || 1);
  return { threshold, precision, recall, f1: (2 * tp) / (2 * tp + fp + fn || 1), hits: hit.size, falseEpisodes };
}

/** Best F1 on the test rows themselves, over every score as a threshold: an oracle, an upper bound and nothing that can be deployed. */
export function oracleF1(judged: Judged): F1 {
  const order = judged.scores.map((_, i) => i).sort((a, b) => judged.scores[b]! - judged.scores[a]!);
  const positives = judged.truth.filter(Boolean).length;
  let tp = 0;
  let best = { f1: -1, threshold: Number.POSITIVE_INFINITY };
  order.forEach((i, taken) => {
    if (judged.truth[i]) tp++;
    if (judged.scores[order[taken + 1] ?? -1] === judged.scores[i]) return;
    const f1 = (2 * tp) / (taken + 1 + positives);
    if (f1 > best.f1) best = { f1, threshold: judged.scores[i]! };
  });
  return f1At(judged, best.threshold);
}
