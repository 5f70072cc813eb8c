import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { Tokens } from '../../composables/useTokens';
import { bestPoint, noteLines, stepAxes, tick, type StepSpan } from './step-axes';

/** A few quantities over the steps on one linear axis. */
export interface LaneModel {
  readonly lines: readonly {
    readonly name: string;
    readonly colour: string;
    readonly points: readonly (readonly [number, number])[];
    readonly dashed?: boolean;
  }[];
  /** Ends of the axis; the data's when absent. */
  readonly low?: number;
  readonly high?: number;
  /** Level lines with what they mean. */
  readonly references?: readonly { readonly value: number; readonly text: string }[];
  /** About how many steps the axis has; 4 when absent. */
  readonly ticks?: number;
  /** Ringed. */
  readonly best?: readonly [number, number] | null;
}

/**
 * @param total - steps in all; 0 while unknown or when training has ended.
 * @param marks - drawn as a triangle on the axis of steps and a tint behind the lines.
 */
export function laneOption(lane: LaneModel, total: number, marks: readonly StepSpan[], t: Tokens): EChartsOption {
  const { x, y } = stepAxes(t);
  const end = Math.max(total, ...lane.lines.map((line) => line.points.at(-1)?.[0] ?? 0), 1);
  const references = lane.references ?? [];
  const all = [...lane.lines.flatMap((line) => line.points.map(([, value]) => value)), ...references.map((r) => r.value)];
  return {
    animation: false,
    grid: { left: 48, right: 14, top: 8, bottom: 22 },
    xAxis: { ...x, max: end },
    yAxis: {
      ...y,
      type: 'value',
      ...valueAxis(lane, all),
      axisLabel: { ...(y as { axisLabel: object }).axisLabel, formatter: tick },
    } as NonNullable<EChartsOption['yAxis']>,
    series: [
      frame(references, marks, t),
      ...lane.lines.map((line): LineSeriesOption => ({
        type: 'line',
        name: line.name,
        data: line.points.map((p) => [...p]),
        showSymbol: line.points.length < 3,
        symbolSize: 4,
        silent: true,
        lineStyle: { color: t(line.colour), width: 1.3, type: line.dashed ? [5, 3] : 'solid' },
        itemStyle: { color: t(line.colour) },
      })),
      ...(lane.best ? [{ type: 'line' as const, data: [], markPoint: bestPoint(lane.best, end, t) }] : []),
    ],
  };
}

/** Ends on round numbers, a few steps apart, that hold every value. */
function valueAxis({ low, high, ticks = 4 }: LaneModel, values: readonly number[]): { min: number; max: number; interval: number } {
  const least = low ?? Math.min(0, ...values);
  const most = high ?? Math.max(least, ...values);
  const rough = (most - least || 1) / ticks;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const interval = decade * ([1, 2, 2.5, 5].find((n) => n * decade >= rough * 0.999) ?? 10);
  const round = (value: number, to: (steps: number) => number): number => Number((to(value / interval) * interval).toPrecision(12));
  return {
    min: low ?? round(least, Math.floor),
    max: high ?? Math.max(round(most * 1.02, Math.ceil), least + interval),
    interval,
  };
}

/** Level lines, and what was said. */
function frame(references: NonNullable<LaneModel['references']>, marks: readonly StepSpan[], t: Tokens): LineSeriesOption {
  const label = { fontSize: 11, fontFamily: t('font'), color: t('text-2') };
  return {
    type: 'line',
    data: [],
    markArea: {
      silent: true,
      itemStyle: { color: t('warn-soft') },
      data: marks.map(({ from, to }) => [{ xAxis: from }, { xAxis: to }]),
    },
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: t('axis'), type: [6, 3], width: 1 },
      data: [
        ...references.map(({ value, text }) => ({
          yAxis: value,
          label: { show: text !== '', position: 'insideEndTop' as const, formatter: text, ...label },
        })),
        ...noteLines(marks, t),
      ],
    },
  };
}
