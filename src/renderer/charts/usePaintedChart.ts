import { onBeforeUnmount, onMounted, type Ref } from 'vue';
import { useChart } from '../composables/useChart';

/**
 * `useChart` for charts whose size is settled only after the first layout.
 *
 * zrender 6.1 paints inside `resize`, before it has noted the new size: a canvas that did not exist yet is made with the old one, and
 * what lies beyond it is never seen. So everything pending is painted before each resize. Observers are called in the order in which
 * they were made, hence this one comes first.
 */
export function usePaintedChart(...[element, option]: Parameters<typeof useChart>): void {
  let observer: ResizeObserver | undefined;
  let chart: ReturnType<typeof useChart> | null = null;
  onMounted(() => {
    observer = new ResizeObserver(() => chart?.value?.getZr().flush());
    const box: Ref<HTMLElement | null> = element;
    if (box.value) observer.observe(box.value);
  });
  onBeforeUnmount(() => observer?.disconnect());
  chart = useChart(element, option);
}
