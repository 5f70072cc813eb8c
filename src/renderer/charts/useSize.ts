import { onBeforeUnmount, onMounted, reactive, type Ref } from 'vue';

/** Inner size of an element in whole CSS pixels; the given one until the element is there. */
export function useSize(
  element: Readonly<Ref<HTMLElement | null>>,
  first = { width: 0, height: 0 },
): { readonly width: number; readonly height: number } {
  const size = reactive({ ...first });
  let observer: ResizeObserver | undefined;
  onMounted(() => {
    observer = new ResizeObserver(([entry]) => {
      size.width = Math.floor(entry?.contentRect.width ?? 0);
      size.height = Math.floor(entry?.contentRect.height ?? 0);
    });
    if (element.value) observer.observe(element.value);
  });
  onBeforeUnmount(() => observer?.disconnect());
  return size;
}
