import { shareInterval } from '../metrics/binomial';
import { countOf, formatNumber, formatScore } from '../report/format';
import { fitTail, paretoQuantile, type TailFit } from './tail';

/** One point of the quantile-quantile plot, in score units above `fit.initial`. */
export interface TailPoint {
  /** Excess that the fitted tail expects at this rank. */
  readonly model: number;
  /** Excess that was seen. */
  readonly seen: number;
  /** 95 % of samples from the fitted tail have this order statistic between these two. */
  readonly low: number;
  readonly high: number;
}

export interface TailDiagnostic {
  readonly fit: TailFit;
  /** Ascending; every excess, or an even choice of ranks that holds all of the highest. */
  readonly points: readonly TailPoint[];
  /** Points outside their band. */
  readonly outside: number;
  /** Whether the tail can be called of the fitted form: at most a tenth of the points outside. */
  readonly follows: boolean;
  /** The excess that the threshold asks for, above the highest one seen: how far the fit is stretched; 0 within the data. */
  readonly beyond: number;
  readonly sentence: string;
}

const mostPoints = 120;
const allowedOutside = 0.1;
/** From here on an order statistic is as good as normal. */
const normalFrom = 200;

/**
 * Shows whether a tail fit can be believed: excesses seen against those of the fitted generalised Pareto distribution, with a pointwise band.
 *
 * The i-th smallest of k excesses is expected at the quantile (i − 1/2)/k. As a share it follows Beta(i, k − i + 1), whose 2.5 and 97.5 %
 * quantiles, read through the model, are the band. That the two parameters were fitted to the same excesses is not in the band, which makes
 * it a little too wide; that neighbouring scores resemble each other is not either, which makes it too narrow.
 *
 * @param q - as in `fitTail`.
 * @throws FaultlineError 'threshold/no-scores' as `fitTail` does.
 * @see David and Nagaraja, "Order Statistics", 3rd edition, Eq. 2.1.5; Coles, "An Introduction to Statistical Modeling of Extreme Values",
 * 2001, section 4.3.5.
 */
export function tailDiagnostic(normal: Float32Array, q: number): TailDiagnostic {
  const fit = fitTail(normal, q);
  const excesses = Float64Array.from(normal.filter((s) => s > fit.initial))
    .map((s) => s - fit.initial)
    .sort();
  const k = excesses.length;
  const quantile = (share: number): number => paretoQuantile(1 - share, fit.shape, fit.scale);
  const points = ranks(k).map((i): TailPoint => {
    const { low, high } = orderStatistic(i, k);
    return { model: quantile((i - 0.5) / k), seen: excesses[i - 1]!, low: quantile(low), high: quantile(high) };
  });
  const outside = points.filter(({ seen, low, high }) => seen < low || seen > high).length;
  const follows = outside <= allowedOutside * points.length;
  const beyond = Math.max(0, fit.value - fit.initial - excesses[k - 1]!);
  return { fit, points, outside, follows, beyond, sentence: inWords(fit, points.length, outside, follows, beyond) };
}

/** Ranks 1..k; of many an even choice with the highest twenty. */
function ranks(k: number): number[] {
  if (k <= mostPoints) return Array.from({ length: k }, (_, i) => i + 1);
  const top = 20;
  const rest = mostPoints - top;
  const chosen = Array.from({ length: rest }, (_, j) => 1 + Math.floor((j * (k - top)) / rest));
  return [...chosen, ...Array.from({ length: top }, (_, j) => k - top + j + 1)];
}

/** 2.5 and 97.5 % quantiles of the i-th smallest of k uniform shares, by P(U₍ᵢ₎ <= u) = P(Binomial(k, u) >= i). */
function orderStatistic(i: number, k: number): { low: number; high: number } {
  const j = k - i + 1;
  if (i > normalFrom && j > normalFrom) {
    const mean = i / (k + 1);
    const spread = 1.959964 * Math.sqrt((mean * (1 - mean)) / (k + 2));
    return { low: mean - spread, high: mean + spread };
  }
  // The j-th largest is one less the j-th smallest; the shorter sum of the two.
  if (j < i) return { low: 1 - shareInterval(j - 1, k).high, high: 1 - shareInterval(j, k).low };
  return { low: shareInterval(i, k).low, high: shareInterval(i - 1, k).high };
}

function inWords(fit: TailFit, points: number, outside: number, follows: boolean, beyond: number): string {
  const where = `${countOf(fit.excesses, 'score')} above ${formatScore(fit.initial)}`;
  const share = `${outside} of ${countOf(points, 'point')} outside the 95 % band`;
  const stretch =
    beyond > 0
      ? ` The threshold lies ${formatScore(beyond)} above the highest of them, where the fit alone speaks.`
      : ' The threshold lies within the scores seen.';
  return follows
    ? `The ${where} agree with the fitted tail (${share}; shape ${formatNumber(fit.shape)}).${stretch}`
    : `The ${where} do not follow the fitted tail (${share}): the threshold cannot be relied on, take a quantile or label more.${stretch}`;
}
