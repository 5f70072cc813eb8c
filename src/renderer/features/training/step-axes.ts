import type { LineSeriesOption } from 'echarts';
import type { Tokens } from '../../composables/useTokens';
import { formatCount, formatNumber } from '../../composables/format';

/** The next 1, 2 or 5 times a power of ten: the axis stays put while a running curve wanders. */
export function roundUp(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return decade * ([1, 2, 5].find((n) => n * decade >= value) ?? 10);
}
/** The next below. */
export function roundDown(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return decade * ([5, 2].find((n) => n * decade <= value) ?? 1);
}

/** A value of an axis, three digits at most. */
export const tick = (value: number): string =>
  value >= 1000 ? formatCount(value) : String(Number(value.toPrecision(3))).replace('-', '−');

/** Axis of steps, and what value axes over steps have in common. */
export function stepAxes(t: Tokens): { readonly x: object; readonly y: object } {
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

/** Where something was said about the training, in steps. */
export interface StepSpan {
  readonly from: number;
  readonly to: number;
}
type MarkLines = NonNullable<NonNullable<LineSeriesOption['markLine']>['data']>;

/** A triangle on the axis of steps with its line, where something was said. */
export const noteLines = (notes: readonly StepSpan[], t: Tokens): MarkLines =>
  notes.map(({ from }) => ({
    xAxis: from,
    symbol: ['triangle', 'none'],
    symbolSize: 8,
    lineStyle: { color: t('warn'), type: 'solid', width: 1 },
    label: { show: false },
  }));

/** The state that is kept: a ring with its value. @param end - of the axis of steps. */
export const bestPoint = (
  [x, y]: readonly [number, number],
  end: number,
  t: Tokens,
): NonNullable<LineSeriesOption['markPoint']> => ({
  silent: true,
  symbol: 'circle',
  symbolSize: 9,
  itemStyle: { color: 'transparent', borderColor: t('accent'), borderWidth: 2 },
  label: {
    show: true,
    position: 'top',
    // Towards the middle where the words would leave the chart.
    align: x > 0.85 * end ? 'right' : 'center',
    distance: 6,
    formatter: `best ${formatNumber(y, 3)}`,
    color: t('text'),
    fontSize: 11,
    fontWeight: 600,
    fontFamily: t('font'),
  },
  data: [{ name: 'best', coord: [x, y] }],
});
