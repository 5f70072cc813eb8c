import { FaultlineError, isFaultline } from '../errors';
import { upperBound } from '../series/search';
import { conformalP } from '../thresholds/conformal';
import { fitTail, quantileOf } from '../thresholds/tail';

/**
 * Ensembles of scores that were computed by different detectors over the same rows. Scores of different detectors have no common unit,
 * so each is first turned into its conformal p-value against normal scores of its own detector; then the p-values are combined.
 */
export const ensembleMethods = ['rank-average', 'max-p'] as const;
export type EnsembleMethod = (typeof ensembleMethods)[number];

/** What an ensemble needs of one member. */
export interface EnsembleMember {
  /** For messages. */
  readonly title: string;
  /** [n] NaN where there is no score. */
  readonly score: Float32Array;
  /** Scores of normal data that chose nothing about the test part: see `normalScoresOf`. NaN is left out. */
  readonly normal: Float32Array;
  /** [n, c] row-major shares over the channels of the ensemble; 0 for a channel the member does not know. */
  readonly byChannel?: Float32Array | undefined;
}

/** −log10 of the p-value of one score: 0 means every normal score is as high, 3 means one normal score in a thousand is. */
export type Surprise = (score: number) => number;

/** Fewer normal scores than this cannot carry a p-value below 5 %. */
const neededNormals = 20;

/**
 * Conformal p-values of scores against normal ones, p = (1 + number of normal scores >= s) / (n + 1), as −log10 p.
 *
 * Above the highest normal score every s would have p = 1/(n + 1). There the tail goes on from that value with the generalised Pareto
 * tail fitted to the normal scores: p(s) = S(s) / S(max) / (n + 1), where S is the survival function of the fit. A negative shape is
 * taken as 0 (exponential): it would end the tail at a finite score, and all scores beyond would be equal. Hence the surprise is
 * strictly increasing above the highest normal score, nowhere decreasing, and never infinite for a finite score.
 *
 * @throws FaultlineError 'threshold/no-scores' for fewer than 20 normal scores, 'threshold/not-separable' when they have no spread.
 * @see Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005, Eq. 2.20; Siffer et al., KDD 2017, Eq. 1.
 */
export function surpriseAgainst(normal: Float32Array, title = 'a member'): Surprise {
  const sorted = normal.filter((s) => !Number.isNaN(s)).sort();
  const n = sorted.length;
  if (n < neededNormals) {
    throw new FaultlineError(
      'threshold/no-scores',
      `${title} has ${n} normal scores to compare with, and ${neededNormals} are needed. Use a longer calibration part.`,
      { scores: n },
    );
  }
  const tail = tailOf(sorted, title);
  const highest = sorted[n - 1]!;
  const start = Math.log10(n + 1);
  return (score) => {
    if (Number.isNaN(score)) return NaN;
    if (score <= highest) return -Math.log10(conformalP(sorted, score));
    return start + (tail(score) - tail(highest)) / Math.LN10;
  };
}

/** Cumulative hazard −ln S of the fitted tail, for scores above where it begins. */
function tailOf(sorted: Float32Array, title: string): (score: number) => number {
  const { initial, shape, scale } = fitOf(sorted, title);
  // log1p keeps the digits of a small shape; at 0 it is the exponential.
  return (score) => (shape > 1e-9 ? Math.log1p((shape * (score - initial)) / scale) / shape : (score - initial) / scale);
}

function fitOf(sorted: Float32Array, title: string): { initial: number; shape: number; scale: number } {
  try {
    const { initial, shape, scale } = fitTail(sorted, 0.999);
    return { initial, shape: Math.max(0, shape), scale };
  } catch (error) {
    if (!isFaultline(error, 'threshold/no-scores')) throw error;
  }
  // Too few for a fit of two parameters: an exponential tail over the median, whose scale is the mean excess.
  const initial = quantileOf(sorted, 0.5);
  const excesses = sorted.subarray(upperBound(sorted, initial));
  const scale = excesses.reduce((sum, s) => sum + (s - initial), 0) / excesses.length;
  if (!(scale > 0)) {
    throw new FaultlineError(
      'threshold/not-separable',
      `The normal scores of ${title} are all equal, so its scores cannot be ranked against them.`,
    );
  }
  return { initial, shape: 0, scale };
}

export interface EnsembleScores {
  /** [n] −log10 of a p-value; NaN where a member has no score. */
  readonly score: Float32Array;
  /** [n, c] only when every member has shares. */
  readonly byChannel?: Float32Array;
}

/**
 * Combined scores.
 *
 * - `rank-average`: r = mean over members of (1 − p), the mean percentile rank against normal scores. Given as −log10(1 − r), which is
 *   the −log10 of the mean p: the same order, and single precision does not make all extreme rows equal, as it does near r = 1.
 * - `max-p`: the largest −log10 p of the members, so one member that is sure is enough.
 *
 * Both depend on the order of each member's scores only where they lie among its normal scores, so a member may be rescaled by any
 * positive factor and shift. A row needs a score of every member.
 *
 * Shares: with `rank-average` the mean of the members' shares weighted by their ranks 1 − p, with `max-p` those of the member that
 * decides.
 *
 * @throws FaultlineError as `surpriseAgainst`; 'metrics/mismatch' for fewer than two members or other numbers of rows.
 */
export function combineScores(members: readonly EnsembleMember[], method: EnsembleMethod): EnsembleScores {
  const n = members[0]?.score.length ?? 0;
  if (members.length < 2 || members.some(({ score }) => score.length !== n)) {
    throw new FaultlineError('metrics/mismatch', 'An ensemble needs two members or more with scores of the same rows.');
  }
  const surprises = members.map(({ normal, title }) => surpriseAgainst(normal, title));
  const each = members.map(({ score }, m) => Float64Array.from(score, (s) => surprises[m]!(s)));
  const score = Float32Array.from({ length: n }, (_, row) => combined(each, row, method));
  const shares = members.map(({ byChannel }) => byChannel);
  return shares.every((share) => share !== undefined) ? { score, byChannel: combinedShares(each, shares, method) } : { score };
}

function combined(each: readonly Float64Array[], row: number, method: EnsembleMethod): number {
  // Math.min and Math.max give NaN when any of their arguments is NaN.
  if (method === 'max-p') return Math.max(...each.map((values) => values[row]!));
  const least = Math.min(...each.map((values) => values[row]!));
  // Taken out of the sum, so that powers far below 1e−300 do not become 0: mean p = 10^−least · mean of 10^(least − s).
  const mean = each.reduce((sum, values) => sum + 10 ** (least - values[row]!), 0) / each.length;
  // Rounding must not make it negative where all p are 1.
  return Math.max(0, least - Math.log10(mean));
}

function combinedShares(each: readonly Float64Array[], shares: readonly Float32Array[], method: EnsembleMethod): Float32Array {
  const rows = each[0]!.length;
  const c = rows === 0 ? 0 : shares[0]!.length / rows;
  const result = new Float32Array(rows * c).fill(NaN);
  for (let row = 0; row < rows; row++) {
    const surprise = each.map((values) => values[row]!);
    if (surprise.some(Number.isNaN)) continue;
    const weights = weightsOf(surprise, method);
    const all = weights.reduce((sum, w) => sum + w, 0);
    for (let j = 0; j < c; j++) {
      result[row * c + j] = weights.reduce((sum, w, m) => sum + (w === 0 ? 0 : w * shares[m]![row * c + j]!), 0) / all;
    }
  }
  return result;
}

function weightsOf(surprise: readonly number[], method: EnsembleMethod): number[] {
  if (method === 'max-p') {
    const top = surprise.indexOf(Math.max(...surprise));
    return surprise.map((_, m) => (m === top ? 1 : 0));
  }
  const ranks = surprise.map((s) => 1 - 10 ** -s);
  return ranks.some((rank) => rank > 0) ? ranks : ranks.map(() => 1);
}
