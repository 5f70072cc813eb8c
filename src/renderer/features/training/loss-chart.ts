import type { EChartsOption } from 'echarts/types/dist/shared';
import type { EpochRecord } from '../../../core/detectors/detector';
import type { Tokens } from '../../composables/useTokens';
import { formatCount, formatNumber } from '../../composables/format';

/** Records of all stages on one axis of steps: each stage begins where the one before it ended. */
export interface Curve {
  readonly stages: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  /** Named losses as [step over all stages, value]; only positive finite values, since the axis is logarithmic. */
  readonly losses: ReadonlyMap<string, readonly (readonly [number, number])[]>;
  readonly rate: readonly (readonly [number, number])[];
  readonly gradient: readonly (readonly [number, number])[];
  /** Lowest validation loss of the last stage that has one. */
  readonly best: { readonly x: number; readonly step: number; readonly stage: string; readonly value: number } | null;
}

export function curveOf(history: readonly EpochRecord[]): Curve {
  const stages: { name: string; start: number; end: number }[] = [];
  const losses = new Map<string, [number, number][]>();
  const rate: [number, number][] = [];
  const gradient: [number, number][] = [];
  let best: { x: number; step: number; stage: string; value: number } | null = null;
  for (const record of history) {
    let stage = stages.at(-1);
    if (!stage || stage.name !== record.stage) {
      const start = stage?.end ?? 0;
      stage = { name: record.stage, start, end: start };
      stages.push(stage);
    }
    const x = stage.start + record.step;
    stage.end = Math.max(stage.end, x);
    for (const [name, value] of Object.entries(record.losses)) {
      if (!Number.isFinite(value)) continue;
      const line = losses.get(name) ?? [];
      losses.set(name, line);
      if (value > 0) line.push([x, value]);
    }
    const validation = record.losses['validation'];
    if (validation !== undefined && Number.isFinite(validation) && (best?.stage !== record.stage || validation < best.value))
      best = { x, step: record.step, stage: record.stage, value: validation };
    if (Number.isFinite(record.learningRate)) rate.push([x, record.learningRate]);
    if (Number.isFinite(record.gradientNorm)) gradient.push([x, record.gradientNorm]);
  }
  return { stages, losses, rate, gradient, best };
}

const titles: Readonly<Record<string, string>> = { kl: 'KL', hreg: 'Hreg penalty' };
/** A loss as it is called in the legend. */
export const lossTitle = (name: string): string => titles[name] ?? name;

/** Colours of the losses: the signals in order; validation is dashed ink. */
export function lossColours(names: readonly string[]): ReadonlyMap<string, string> {
  const order = ['reconstruction', 'kl', 'hreg', 'sequence'];
  const others = names.filter((n) => n !== 'validation' && !order.includes(n));
  return new Map(
    names.map((name) => {
      if (name === 'validation') return [name, 'signal-7'];
      const at = order.includes(name) ? order.indexOf(name) : order.length + others.indexOf(name);
      return [name, `signal-${(at % 6) + 1}`];
    }),
  );
}

function axes(t: Tokens): { readonly x: object; readonly y: object } {
  const label = { color: t('text-3'), fontSize: 11, fontFamily: t('font') };
  const line = { lineStyle: { color: t('axis') } };
  const grid = { lineStyle: { color: t('grid') } };
  return {
    x: {
      type: 'value',
      min: 0,
      axisLabel: { ...label, formatter: (step: number) => formatCount(step), hideOverlap: true },
      axisLine: line,
      axisTick: { show: false },
      splitLine: grid,
    },
    y: { axisLabel: label, axisLine: { ...line, show: true }, axisTick: { show: false }, splitLine: grid },
  };
}

/**
 * Losses over the steps on a logarithmic axis, stage boundaries, the best step ringed, what is still to come in grey.
 *
 * @param total - steps in all; 0 while unknown or when training has ended.
 */
export function lossOption(curve: Curve, total: number, t: Tokens): EChartsOption {
  const { x, y } = axes(t);
  const reached = curve.stages.at(-1)?.end ?? 0;
  const end = Math.max(total, reached, 1);
  const colours = lossColours([...curve.losses.keys()]);
  const values = [...curve.losses.values()].flat().map((p) => p[1]);
  // Whole decades, so that a running curve does not make the axis jump.
  const low = values.length ? 10 ** Math.floor(Math.log10(Math.min(...values))) : 0.01;
  const high = values.length ? 10 ** Math.ceil(Math.log10(Math.max(...values))) : 1;
  const ends = curve.stages.slice(1).map((stage) => stage.start);
  return {
    animation: false,
    grid: { left: 48, right: 22, top: 22, bottom: 24 },
    xAxis: { ...x, max: end },
    yAxis: {
      ...y,
      type: 'log',
      min: low,
      max: high === low ? low * 10 : high,
      axisLabel: { ...(y as { axisLabel: object }).axisLabel, formatter: (v: number) => formatNumber(v, 1) },
    },
    series: [
      {
        type: 'line',
        data: [],
        markArea: {
          silent: true,
          itemStyle: { color: t('sunken') },
          label: {
            show: true,
            position: 'insideBottomRight',
            color: t('text-3'),
            fontSize: 11,
            fontFamily: t('font'),
            formatter: 'to come',
          },
          data: end > reached && reached > 0 ? [[{ xAxis: reached }, { xAxis: end }]] : [],
        },
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: t('axis'), type: [2, 2], width: 1 },
          label: { show: false },
          data: ends.map((at) => ({ xAxis: at })),
        },
        markPoint: {
          silent: true,
          data: curve.stages.map((stage) => ({
            coord: [stage.start, high === low ? low * 10 : high],
            symbol: 'circle',
            symbolSize: 0.01,
            label: {
              show: true,
              position: 'right',
              distance: 4,
              formatter: stage.name,
              color: t('text-2'),
              fontSize: 11,
              fontWeight: 600,
              fontFamily: t('font'),
            },
          })),
        },
      },
      ...[...curve.losses].map(([name, data]) => ({
        type: 'line' as const,
        name: lossTitle(name),
        data: data.map((p) => [...p]),
        showSymbol: data.length < 3,
        symbolSize: 4,
        silent: true,
        lineStyle: {
          color: t(colours.get(name) ?? 'signal-1'),
          width: 1.4,
          type: name === 'validation' ? ([4, 3] as number[]) : ('solid' as const),
        },
        itemStyle: { color: t(colours.get(name) ?? 'signal-1') },
        ...(name === 'validation' && curve.best
          ? {
              markPoint: {
                silent: true,
                symbol: 'circle',
                symbolSize: 9,
                itemStyle: { color: 'transparent', borderColor: t('accent'), borderWidth: 2 },
                label: {
                  show: true,
                  position: 'top' as const,
                  distance: 6,
                  formatter: `best ${formatNumber(curve.best.value, 3)}`,
                  color: t('text'),
                  fontSize: 11,
                  fontWeight: 600 as const,
                  fontFamily: t('font'),
                },
                data: [{ coord: [curve.best.x, curve.best.value] }],
              },
            }
          : {}),
      })),
    ],
  };
}

/** One quantity over the steps on a linear axis (learning rate, gradient norm). */
export function stepOption(points: Curve['rate'], total: number, t: Tokens): EChartsOption {
  const { x, y } = axes(t);
  const end = Math.max(total, points.at(-1)?.[0] ?? 0, 1);
  return {
    animation: false,
    grid: { left: 48, right: 22, top: 6, bottom: 22 },
    xAxis: { ...x, max: end },
    yAxis: {
      ...y,
      type: 'value',
      min: 0,
      splitNumber: 2,
      axisLabel: { ...(y as { axisLabel: object }).axisLabel, formatter: (v: number) => formatNumber(v, 2) },
    },
    series: [
      {
        type: 'line',
        data: points.map((p) => [...p]),
        showSymbol: points.length < 3,
        symbolSize: 4,
        silent: true,
        lineStyle: { color: t('score'), width: 1.2 },
        itemStyle: { color: t('score') },
      },
    ],
  };
}
