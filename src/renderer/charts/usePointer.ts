import { onScopeDispose, ref, type Ref } from 'vue';

/** What the pointer may do on a trend; decided where and how a press begins. */
export type DragKind = 'zoom' | 'label' | 'pan' | 'threshold';

export interface DragBox {
  readonly kind: DragKind;
  readonly fromX: number;
  readonly toX: number;
}

/** Positions are CSS pixels inside the element. */
export interface PointerActions {
  hover(x: number, y: number): void;
  leave(): void;
  /** What a press at this place begins. */
  kindAt(x: number, y: number, keys: { readonly shift: boolean; readonly space: boolean; readonly middle: boolean }): DragKind;
  /** Every movement of a drag. */
  drag(kind: DragKind, from: { x: number; y: number }, to: { x: number; y: number }): void;
  /** End of a drag that moved. */
  drop(kind: DragKind, from: { x: number; y: number }, to: { x: number; y: number }): void;
  /** A press that did not move. */
  click(x: number, y: number): void;
  /** @param steps - positive zooms out. */
  wheel(x: number, y: number, steps: number, ctrl: boolean): void;
  /** Sideways scrolling of a touch pad, in pixels. */
  scroll(pixels: number): void;
}

/** Movement below this is a click. */
const slack = 3;

/** Pointer, wheel and Space handling of a chart, apart from what they do. Bind the returned listeners to the overlay. */
export function usePointer(actions: PointerActions): {
  readonly box: Ref<DragBox | null>;
  readonly space: Ref<boolean>;
  readonly listeners: Record<string, (event: never) => void>;
} {
  const box = ref<DragBox | null>(null);
  const space = ref(false);
  let inside = false;
  let press: { kind: DragKind; x: number; y: number; id: number; moved: boolean } | null = null;

  const place = (event: PointerEvent | WheelEvent): { x: number; y: number } => {
    const bounds = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };

  function pointerdown(event: PointerEvent): void {
    if (event.button > 1) return;
    event.preventDefault();
    const element = event.currentTarget as HTMLElement;
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    const { x, y } = place(event);
    const kind = actions.kindAt(x, y, { shift: event.shiftKey, space: space.value, middle: event.button === 1 });
    press = { kind, x, y, id: event.pointerId, moved: false };
  }

  function pointermove(event: PointerEvent): void {
    const { x, y } = place(event);
    inside = true;
    actions.hover(x, y);
    if (!press || press.id !== event.pointerId) return;
    if (!press.moved && Math.hypot(x - press.x, y - press.y) < slack) return;
    press.moved = true;
    box.value = { kind: press.kind, fromX: press.x, toX: x };
    actions.drag(press.kind, press, { x, y });
  }

  function pointerup(event: PointerEvent): void {
    if (!press || press.id !== event.pointerId) return;
    const { x, y } = place(event);
    const done = press;
    press = null;
    box.value = null;
    if (done.moved) actions.drop(done.kind, done, { x, y });
    else actions.click(x, y);
  }

  function cancel(): void {
    press = null;
    box.value = null;
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    const { x, y } = place(event);
    const lines = event.deltaMode === 1 ? 33 : 1;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) actions.scroll(event.deltaX * lines);
    else actions.wheel(x, y, (event.deltaY * lines) / 100, event.ctrlKey);
  }

  const onKey = (event: KeyboardEvent): void => {
    if (event.code !== 'Space') return;
    const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(event.target.tagName);
    if (event.type === 'keydown' && inside && !typing) {
      space.value = true;
      event.preventDefault();
    }
    if (event.type === 'keyup') space.value = false;
  };
  window.addEventListener('keydown', onKey);
  window.addEventListener('keyup', onKey);
  onScopeDispose(() => {
    window.removeEventListener('keydown', onKey);
    window.removeEventListener('keyup', onKey);
  });

  return {
    box,
    space,
    listeners: {
      pointerdown,
      pointermove,
      pointerup,
      pointercancel: cancel,
      lostpointercapture: cancel,
      pointerleave: () => {
        inside = false;
        if (!press) actions.leave();
      },
      wheel,
    },
  };
}
