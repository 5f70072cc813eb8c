import type { XyModel } from '../../charts/xy';
import type { TradeOff } from './consequences';

/** False events a day over the threshold as a line; the share of labels caught as a tinted area beneath, full height for all. */
export function priceModel(steps: readonly TradeOff[], high: number, width: number, height: number): XyModel {
  const most = Math.max(1, ...steps.map((s) => s.falsePerDay ?? 0));
  const labels = steps[0]?.labels ?? 0;
  const half = steps.length > 1 ? (steps[1]!.threshold - steps[0]!.threshold) / 2 : 0;
  const caught = steps.map((s) => ({ from: s.threshold - half, to: s.threshold + half, y: (s.caught / labels) * most }));
  return {
    width,
    height,
    x: [0, high],
    y: [0, most * 1.08],
    bars: labels ? [{ fill: 'label-anomaly-tint', bars: caught }] : [],
    lines: [
      {
        colour: 'detection',
        points: steps.filter((s) => s.falsePerDay !== null).map((s) => [s.threshold, s.falsePerDay!] as const),
      },
    ],
    points: [],
    xName: 'score',
    yName: '',
  };
}
