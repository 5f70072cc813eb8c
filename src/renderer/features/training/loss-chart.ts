import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { EpochRecord } from '../../../core/detectors/detector';
import { stageTitle } from './job-words';
import type { Tokens } from '../../composables/useTokens';
import { bestPoint, noteLines, roundDown, roundUp, stepAxes, tick, type StepSpan } from './step-axes';

type Line = readonly (readonly [number, number | null])[];

/** Records of all stages on one axis of steps: each stage begins where the one before it ended. */
export interface Curve {
  readonly stages: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  /** Named losses as [step over all stages, value]; only positive finite values, since the axis is logarithmic; null where a stage ends. */
  readonly losses: ReadonlyMap<string, readonly (readonly [number, number | null])[]>;
  readonly rate: readonly (readonly [number, number])[];
  readonly gradient: readonly (readonly [number, number])[];
  /** Lowest validation loss of the last stage that has one. */
  readonly best: { readonly x: number; readonly step: number; readonly stage: string; readonly value: number } | null;
}

export function curveOf(history: readonly EpochRecord[]): Curve {
  const stages: { name: string; start: number; end: number }[] = [];
  const losses = new Map<string, [number, number | null][]>();
  const rate: [number, number][] = [];
  const gradient: [number, number][] = [];
  let best = null as Curve['best'];
  for (const record of history) {
    let stage = stages.at(-1);
    if (!stage || stage.name !== record.stage) {
      const start = stage?.end ?? 0;
      stage = { name: record.stage, start, end: start };
      stages.push(stage);
      // Losses of two stages do not compare: no line joins them.
      for (const line of losses.values()) line.push([start, null]);
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

/**
 * Losses over the steps on a logarithmic axis, stage boundaries, the best step ringed, what is still to come in grey.
 *
 * @param total - steps in all; 0 while unknown or when training has ended.
 * @param marks - where something was said about the training.
 */
export function lossOption(curve: Curve, total: number, marks: readonly StepSpan[], t: Tokens): EChartsOption {
  const { x, y } = stepAxes(t);
  const reached = curve.stages.at(-1)?.end ?? 0;
  const end = Math.max(total, reached, 1);
  const colours = lossColours([...curve.losses.keys()]);
  const values = [...curve.losses.values()].flat().flatMap((p) => (p[1] === null ? [] : [p[1]]));
  const low = values.length ? roundDown(Math.min(...values)) : 0.01;
  const high = values.length ? roundUp(Math.max(...values)) : 1;
  return {
    animation: false,
    grid: { left: 48, right: 22, top: 22, bottom: 24 },
    xAxis: { ...x, max: end },
    yAxis: {
      ...y,
      type: 'log',
      min: low,
      max: high === low ? low * 10 : high,
      axisLabel: {
        ...(y as { axisLabel: object }).axisLabel,
        formatter: tick,
      },
    },
    series: [
      frameSeries(curve, { reached, end, top: high === low ? low * 10 : high }, marks, t),
      ...[...curve.losses].map((line) => lossSeries(line, curve.best, end, colours, t)),
    ],
  };
}

/** Carries what is not a loss: stage boundaries and names, what was said, and the part to come. */
function frameSeries(
  curve: Curve,
  at: { readonly reached: number; readonly end: number; readonly top: number },
  marks: readonly StepSpan[],
  t: Tokens,
): LineSeriesOption {
  const text = { fontSize: 11, fontFamily: t('font') };
  return {
    type: 'line',
    data: [],
    markArea: {
      silent: true,
      itemStyle: { color: t('sunken') },
      label: { show: true, position: 'insideBottomRight', color: t('text-3'), ...text, formatter: 'to come' },
      data: at.end > at.reached && at.reached > 0 ? [[{ xAxis: at.reached }, { xAxis: at.end }]] : [],
    },
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: t('axis'), type: [2, 2], width: 1 },
      label: { show: false },
      data: [...curve.stages.slice(1).map((stage) => ({ xAxis: stage.start })), ...noteLines(marks, t)],
    },
    markPoint: {
      silent: true,
      data: curve.stages.map((stage) => ({
        name: stage.name,
        coord: [stage.start, at.top],
        symbol: 'circle',
        symbolSize: 0.01,
        label: {
          show: true,
          position: 'right',
          distance: 4,
          offset: [0, 9],
          formatter: stageTitle(stage.name),
          color: t('text-2'),
          fontWeight: 600,
          ...text,
        },
      })),
    },
  };
}

function lossSeries(
  [name, data]: readonly [string, Line],
  best: Curve['best'],
  end: number,
  colours: ReadonlyMap<string, string>,
  t: Tokens,
): LineSeriesOption {
  const colour = t(colours.get(name) ?? 'signal-1');
  const series: LineSeriesOption = {
    type: 'line',
    name: lossTitle(name),
    data: data.map((p) => [...p]),
    showSymbol: data.length < 3,
    symbolSize: 4,
    silent: true,
    lineStyle: { color: colour, width: 1.4, type: name === 'validation' ? [4, 3] : 'solid' },
    itemStyle: { color: colour },
  };
  return name === 'validation' && best ? { ...series, markPoint: bestPoint([best.x, best.value], end, t) } : series;
}
