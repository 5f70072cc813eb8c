import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  DataZoomInsideComponent,
  GraphicComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { EChartsOption } from 'echarts';
import { onBeforeUnmount, onMounted, shallowRef, watch, type Ref, type ShallowRef } from 'vue';

use([
  BarChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  DataZoomInsideComponent,
  GraphicComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
]);

/**
 * Owns an ECharts instance in an element: made on mount, resized with the element, disposed on unmount. The option comes from a pure
 * function and replaces the whole chart when it changes.
 */
export function useChart(element: Ref<HTMLElement | null>, option: Ref<EChartsOption | null>): ShallowRef<ECharts | null> {
  const chart = shallowRef<ECharts | null>(null);
  let observer: ResizeObserver | undefined;
  onMounted(() => {
    const box = element.value;
    if (!box) return;
    const instance = init(box);
    chart.value = instance;
    // zrender 6.1 paints inside `resize` before it has noted the new size: a canvas that did not exist yet would be made with the old
    // one, and what lies beyond it is never seen. So everything pending is painted first.
    observer = new ResizeObserver(() => {
      instance.getZr().flush();
      instance.resize();
    });
    observer.observe(box);
    if (option.value) instance.setOption(option.value, { notMerge: true });
  });
  watch(option, (next) => {
    if (next) chart.value?.setOption(next, { notMerge: true, lazyUpdate: true });
    else chart.value?.clear();
  });
  onBeforeUnmount(() => {
    observer?.disconnect();
    chart.value?.dispose();
    chart.value = null;
  });
  return chart;
}
