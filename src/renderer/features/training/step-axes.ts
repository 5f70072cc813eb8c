import type { Tokens } from '../../composables/useTokens';
import { formatCount } from '../../composables/format';

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
