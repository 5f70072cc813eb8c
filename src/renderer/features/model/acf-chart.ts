import type { EChartsOption } from 'echarts';
import type { TrainingProposal } from '../../../contract/types';
import type { Tokens } from '../../composables/useTokens';
import { formatDuration } from '../../composables/format';

/** Autocorrelation over the lag, with the window it leads to as a tinted region up to its edge. */
export function acfOption(acf: TrainingProposal['autocorrelation'], stepMs: number, t: Tokens): EChartsOption {
  const last = Math.max(1, acf.values.length - 1);
  const lowest = Math.floor(Math.min(0, ...acf.values) * 2) / 2;
  const axis = {
    axisLine: { lineStyle: { color: t('axis') } },
    axisTick: { show: false },
    axisLabel: { color: t('text-3'), fontSize: 11, fontFamily: t('font') },
    splitLine: { lineStyle: { color: t('grid') } },
  };
  return {
    animation: false,
    grid: { left: 28, right: 12, top: 6, bottom: 20 },
    xAxis: {
      type: 'value',
      min: 0,
      max: last,
      interval: Math.max(1, last / 2),
      ...axis,
      axisLabel: { ...axis.axisLabel, formatter: (lag: number) => (lag === 0 ? '0' : formatDuration(lag * stepMs)) },
    },
    yAxis: { type: 'value', min: lowest, max: 1, interval: 0.5, ...axis },
    series: [
      {
        type: 'line',
        showSymbol: false,
        silent: true,
        data: acf.values.map((value, lag) => [lag, value]),
        lineStyle: { color: t('signal-1'), width: 1.25 },
        itemStyle: { color: t('signal-1') },
        markArea: {
          silent: true,
          itemStyle: { color: t('accent-soft') },
          data: [[{ xAxis: 0 }, { xAxis: Math.min(last, acf.windowSamples) }]],
        },
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: t('accent'), width: 1.5, type: 'solid' },
          data: [{ xAxis: Math.min(last, acf.windowSamples) }],
        },
      },
    ],
  };
}
