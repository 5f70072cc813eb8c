import { isFaultline } from '../../../core/errors';
import { tailDiagnostic, type TailDiagnostic } from '../../../core/thresholds/tail-diagnostic';
import type { XyModel } from '../../charts/xy';

/** How well the fitted tail describes the highest normal scores. */
export interface TailView {
  /** Null when there are too few scores; the sentence then says so. */
  readonly diagnostic: TailDiagnostic | null;
  readonly sentence: string;
}

/** @param q - quantile (or probability of exceeding) that the threshold is asked for. */
export function tailView(normal: Float32Array, q: number): TailView {
  try {
    const diagnostic = tailDiagnostic(normal, q);
    return { diagnostic, sentence: diagnostic.sentence };
  } catch (failure) {
    if (isFaultline(failure)) return { diagnostic: null, sentence: failure.message };
    throw failure;
  }
}

/** Quantile-quantile plot: scores seen over those that the fit expects, with the band that holds 95 % of each; on the diagonal they agree. */
export function tailModel({ fit, points }: TailDiagnostic, width: number, height: number): XyModel {
  const from = fit.initial;
  const last = points.at(-1);
  const right = from + (last?.model ?? 1) * 1.04;
  // The band of the very highest can be endless; what was seen and the diagonal set the axis.
  const top = Math.max(right, from + Math.max(0, ...points.map((p) => p.seen)) * 1.04);
  return {
    width,
    height,
    x: [from, right],
    y: [from, top],
    bars: [],
    bands: [
      {
        fill: 'expected-fill',
        edge: 'expected-edge',
        points: points.map((p) => [from + p.model, from + p.low, Math.min(top, from + p.high)] as const),
      },
    ],
    lines: [
      { colour: 'text-3', points: [[from, from] as const, [right, right] as const], dash: [4, 3] },
      ...(fit.value < top
        ? [{ colour: 'threshold' as const, points: [[from, fit.value] as const, [right, fit.value] as const] }]
        : []),
    ],
    dots: [{ colour: 'score', points: points.map((p) => [from + p.model, from + p.seen] as const) }],
    points: [],
    xName: 'score expected by the fit',
    yName: 'score seen',
  };
}
