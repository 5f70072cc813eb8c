import type { Random } from '../random';
import { affiliation } from './affiliation';
import { paperWindowF1, type PaperWindows } from './paper-window';
import { paKArea, paKCurve, pointAdjusted, segmentHits } from './point-adjust';
import { mergeAdjoining, onesBefore, segmentsOf, type Segment } from './segments';

/**
 * Exact expectation of the F1 of a random score with as many samples above its threshold: the denominator 2·TP + FP + FN = predicted +
 * anomalous does not depend on chance, and each predicted sample is anomalous with probability π.
 *
 * @param anomalies - anomalous rows, above 0.
 */
export function randomPointF1(predicted: number, anomalies: number, rows: number): number {
  return (2 * predicted * (anomalies / rows)) / (predicted + anomalies);
}

/** Rows above the threshold of a random score: `count` of `n`, every choice equally likely (Floyd 1987). @returns [n] 1 where chosen. */
export function randomPrediction(n: number, count: number, random: Random): Uint8Array {
  const inverted = count > n / 2;
  const chosen = new Uint8Array(n).fill(inverted ? 1 : 0);
  const mark = inverted ? 0 : 1;
  for (let j = n - (inverted ? n - count : count); j < n; j++) {
    const pick = random.int(j + 1);
    chosen[chosen[pick] === mark ? j : pick] = mark;
  }
  return chosen;
}

/** Means over draws; null where a metric was undefined in every draw. */
export interface PeerFigures {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

export interface RandomPeer {
  readonly pointAdjusted: PeerFigures;
  readonly affiliation: PeerFigures;
  readonly paKArea: number | null;
  /** [101] mean F1 of PA%K. */
  readonly paKCurve: Float64Array;
}

/**
 * What a random score reaches with `predicted` of `rows` samples above its threshold. These metrics are no linear function of the
 * chosen samples, so there is no closed form: means over `draws` choices.
 *
 * @param segments - labelled, at least one.
 * @param draws - at least 1.
 */
export function randomPeer(
  segments: readonly Segment[],
  rows: number,
  predicted: number,
  random: Random,
  draws: number,
): RandomPeer {
  const apart = mergeAdjoining(segments);
  const found = Array.from({ length: draws }, () => {
    const chosen = randomPrediction(rows, predicted, random);
    const hits = segmentHits(segments, onesBefore(chosen));
    return { adjusted: pointAdjusted(hits, 0), curve: paKCurve(hits), zones: affiliation(segmentsOf(chosen), apart, rows) };
  });
  const curve = Float64Array.from({ length: 101 }, (_, k) => mean(found.map((draw) => draw.curve[k]!)) ?? 0);
  return {
    pointAdjusted: means(found.map(({ adjusted }) => adjusted)),
    affiliation: means(found.map(({ zones }) => zones)),
    paKArea: paKArea(curve),
    paKCurve: curve,
  };
}

function means(draws: readonly PeerFigures[]): PeerFigures {
  const of = (key: keyof PeerFigures): number | null => mean(draws.flatMap((draw) => draw[key] ?? []));
  return { precision: of('precision'), recall: of('recall'), f1: of('f1') };
}

/** Mean over draws of the best F1 that independent uniform scores reach under the paper's protocol. */
export function randomPaperWindow(windows: PaperWindows, random: Random, draws: number): number | null {
  const score = new Float64Array(windows.truth.length);
  return mean(
    Array.from({ length: draws }, () => {
      for (let i = 0; i < score.length; i++) score[i] = random.next();
      return paperWindowF1(score, windows);
    }),
  );
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
