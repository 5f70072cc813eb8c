import { onScopeDispose } from 'vue';

/** Keys as `ctrl+k`, `shift+ArrowLeft`, `n`, `Enter`; Command counts as Ctrl. The handler may return false to let the key pass. */
export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => unknown>>;

/** Normal form of a pressed key, as used for the names in {@link Hotkeys}. */
export function keyName(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // The character already contains Shift where it is not a letter ("?").
  const shift = event.shiftKey && (event.key.length > 1 || /^[a-z0-9]$/i.test(event.key));
  return `${event.ctrlKey || event.metaKey ? 'ctrl+' : ''}${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${key}`;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
function isOperating(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('button,a[href],[role="radio"],[role="option"],[role="menuitem"]') !== null
  );
}

/**
 * Keys of a page, for as long as the component lives. Single keys are not taken while someone types, nor Enter and Space from a
 * focused button; keys with Ctrl are always taken.
 */
export function useHotkeys(keys: Hotkeys, when: () => boolean = () => true): void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || !when()) return;
    const name = keyName(event);
    const handler = keys[name];
    if (!handler) return;
    if (!name.startsWith('ctrl+')) {
      if (isTyping(event.target)) return;
      if ((name === 'Enter' || name === 'Space') && isOperating(event.target)) return;
      // A panel that is closing no longer has the keys.
      if (document.querySelector('.n-modal-container, .n-popover:not(.popover-transition-leave-active)') && name !== 'Escape')
        return;
    }
    if (handler(event) !== false) event.preventDefault();
  };
  window.addEventListener('keydown', onKey);
  onScopeDispose(() => window.removeEventListener('keydown', onKey));
}
