import type { XyModel } from './xy';

/** Time spent at each height of the score, apart for normal and labelled rows. */
export interface ScoreHistogram {
  /** [bins + 1] edges; the last bin holds everything above as well. */
  readonly edges: readonly number[];
  /** [bins] minutes, or seconds of quick data. */
  readonly normal: readonly number[];
  readonly labelled: readonly number[];
}

/**
 * @param score - [n] NaN entries do not count.
 * @param kinds - [n] 0 normal, 1 labelled anomaly, anything else left out.
 * @param high - upper end; higher scores fall into the last bin.
 * @param unit - minutes, or seconds of quick data, that one row stands for.
 */
export function scoreHistogram(score: Float32Array, kinds: Uint8Array, high: number, bins: number, unit: number): ScoreHistogram {
  const normal = new Array<number>(bins).fill(0);
  const labelled = new Array<number>(bins).fill(0);
  for (let i = 0; i < score.length; i++) {
    const value = score[i]!;
    if (Number.isNaN(value) || kinds[i]! > 1) continue;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value / high) * bins)));
    const side = kinds[i] === 1 ? labelled : normal;
    side[bin]! += unit;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => (i / bins) * high), normal, labelled };
}

/** Bars on a logarithmic axis of time: normal outlined and full width, labelled solid and half width in front. */
export function histogramModel(histogram: ScoreHistogram, width: number, height: number): XyModel {
  const { edges, normal, labelled } = histogram;
  const positive = [...normal, ...labelled].filter((n) => n > 0);
  const least = positive.length ? Math.min(1, ...positive) : 1;
  const most = Math.max(10, ...positive);
  const bottom = 10 ** Math.floor(Math.log10(least));
  const bars = (values: readonly number[], from: number): { from: number; to: number; y: number }[] =>
    values.map((y, i) => ({ from: edges[i]! + (edges[i + 1]! - edges[i]!) * from, to: edges[i + 1]!, y }));
  return {
    width,
    height,
    x: [0, edges.at(-1)!],
    // A bar of the smallest count must still be seen, so the axis begins a little below it.
    y: [bottom * 0.7, most * 1.6],
    logY: true,
    bars: [
      { fill: 'score-fill', stroke: 'score', bars: bars(normal, 0) },
      { fill: 'label-anomaly', bars: bars(labelled, 0.45) },
    ],
    lines: [],
    points: [],
    xName: 'score',
    yName: '',
  };
}
