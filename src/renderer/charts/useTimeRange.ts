import { computed, shallowReactive, type ComputedRef } from 'vue';
import type { TimeRange } from '../../core/series/series';
import { useProjectStore } from '../stores/project';
import { around, clampRange, goBack, goForward, leastSpan, sameRange, startHistory, visit, type ZoomHistory } from './zoom';

/** The time range that every trend of a project shares, its history, and the one cursor. */
export interface TimeView {
  readonly range: ComputedRef<TimeRange>;
  /** The whole dataset; the end is just after the last row. */
  readonly bounds: ComputedRef<TimeRange>;
  readonly stepMs: ComputedRef<number>;
  readonly cursor: ComputedRef<number | null>;
  readonly canGoBack: ComputedRef<boolean>;
  readonly canGoForward: ComputedRef<boolean>;
  /** Goes to a range, cut to the data. Steps with one `gesture` that follow each other closely are one entry of the history. */
  show(range: TimeRange, gesture?: string): void;
  showAll(): void;
  /** Goes to an interval with some context around it. */
  showAround(start: number, end: number): void;
  back(): void;
  forward(): void;
  point(time: number | null): void;
}

interface Shared {
  history: ZoomHistory;
  cursor: number | null;
  gesture: string;
  gestureAt: number;
}

const views = shallowReactive(new Map<string, Shared>());
const nowhere: TimeRange = { start: 0, end: 1 };
/** Pauses longer than this end a gesture. */
const gesturePauseMs = 700;

/** The time view of the open project's dataset. Kept for as long as the window lives, so that every stage shows the same time. */
export function useTimeRange(): TimeView {
  const project = useProjectStore();
  const stepMs = computed(() => project.dataset?.stepMs || 1000);
  return timeView(
    computed(() => `${project.state?.id ?? ''}/${project.dataset?.id ?? ''}`),
    computed<TimeRange>(() => {
      const data = project.dataset;
      return data ? { start: data.start, end: data.end + stepMs.value } : nowhere;
    }),
    stepMs,
  );
}

/** A view of its own, for a page that shows one part of the data; it never moves the shared one. */
export function useOwnRange(name: string, bounds: ComputedRef<TimeRange | null>): TimeView {
  const project = useProjectStore();
  return timeView(
    computed(() => `${project.state?.id ?? ''}/${project.dataset?.id ?? ''}/${name}/${bounds.value?.start ?? ''}`),
    computed(() => bounds.value ?? nowhere),
    computed(() => project.dataset?.stepMs || 1000),
  );
}

function timeView(key: ComputedRef<string>, bounds: ComputedRef<TimeRange>, stepMs: ComputedRef<number>): TimeView {
  const shared = computed<Shared>(
    () => views.get(key.value) ?? { history: startHistory(bounds.value), cursor: null, gesture: '', gestureAt: 0 },
  );
  const put = (change: Partial<Shared>): void => void views.set(key.value, { ...shared.value, ...change });
  const range = computed(() => shared.value.history.now);

  function show(wanted: TimeRange, gesture = ''): void {
    const next = clampRange(wanted, bounds.value, leastSpan(stepMs.value));
    if (sameRange(next, range.value)) return;
    const now = performance.now();
    const same = gesture !== '' && gesture === shared.value.gesture && now - shared.value.gestureAt < gesturePauseMs;
    put({ history: visit(shared.value.history, next, same), gesture, gestureAt: now });
  }

  return {
    range,
    bounds,
    stepMs,
    cursor: computed(() => shared.value.cursor),
    canGoBack: computed(() => shared.value.history.past.length > 0),
    canGoForward: computed(() => shared.value.history.future.length > 0),
    show,
    showAll: () => show(bounds.value),
    showAround: (start, end) => show(around(start, end, stepMs.value)),
    back: () => put({ history: goBack(shared.value.history), gesture: '' }),
    forward: () => put({ history: goForward(shared.value.history), gesture: '' }),
    point: (time) => put({ cursor: time === null ? null : Math.min(Math.max(time, bounds.value.start), bounds.value.end) }),
  };
}
