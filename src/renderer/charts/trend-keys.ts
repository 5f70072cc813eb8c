import { moveBy, zoomAt } from './zoom';
import type { TimeView } from './useTimeRange';

/** Keys of a focused trend: arrows move the cursor by a sample (Shift: ten), plus and minus zoom, Home shows everything. */
export function trendKey(event: KeyboardEvent, view: TimeView, snap: (time: number) => number): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { start, end } = view.range.value;
  const span = end - start;
  const far = (event.shiftKey ? 10 : 1) * view.stepMs.value;
  const cursor = view.cursor.value;
  const at = cursor !== null && cursor >= start && cursor <= end ? cursor : (start + end) / 2;
  /** The view follows when the cursor leaves it. */
  const moveCursor = (time: number): void => {
    view.point(snap(time));
    if (time < start) view.show(moveBy(view.range.value, time - start - span * 0.1), 'cursor');
    if (time > end) view.show(moveBy(view.range.value, time - end + span * 0.1), 'cursor');
  };
  const acts: Record<string, () => void> = {
    ArrowLeft: () => moveCursor(at - far),
    ArrowRight: () => moveCursor(at + far),
    PageUp: () => view.show(moveBy(view.range.value, -0.8 * span)),
    PageDown: () => view.show(moveBy(view.range.value, 0.8 * span)),
    '+': () => view.show(zoomAt(view.range.value, at, 0.7), 'keys'),
    '-': () => view.show(zoomAt(view.range.value, at, 1 / 0.7), 'keys'),
    Home: () => view.showAll(),
  };
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
