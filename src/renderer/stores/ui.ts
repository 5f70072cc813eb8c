import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { FaultlineError } from '../../core/errors';

/** One undoable act of the user. `undo` and `redo` resolve when the change is stored. */
export interface Undoable {
  /** Shown in the tooltip: "Undo add label". */
  readonly title: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** An entry of the command palette. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** 'Go to', 'Tag', 'Event', 'Action', 'Setting'. */
  readonly group: string;
  readonly keys?: string;
  /** More words to find it by. */
  readonly words?: string;
  run(): unknown;
}

const UNDO_LIMIT = 200;

/** State of the frame: undo stack, palette, inspector, and the failure that no panel claimed. */
export const useUiStore = defineStore('ui', () => {
  const done = shallowRef<readonly Undoable[]>([]);
  const undone = shallowRef<readonly Undoable[]>([]);
  const busy = ref(false);
  const paletteOpen = ref(false);
  const inspectorOpen = ref(window.innerWidth >= 1280);
  const failure = shallowRef<FaultlineError | null>(null);
  const providers = shallowRef<readonly (() => readonly Command[])[]>([]);

  const undoTitle = computed(() => done.value.at(-1)?.title ?? null);
  const redoTitle = computed(() => undone.value.at(-1)?.title ?? null);

  /** Remembers an act that has just been done; what had been undone before it can no longer be redone. */
  function registerUndo(act: Undoable): void {
    done.value = [...done.value, act].slice(-UNDO_LIMIT);
    undone.value = [];
  }

  async function move(back: boolean): Promise<void> {
    const from = back ? done : undone;
    const act = from.value.at(-1);
    if (!act || busy.value) return;
    busy.value = true;
    try {
      await (back ? act.undo() : act.redo());
      from.value = from.value.slice(0, -1);
      const to = back ? undone : done;
      to.value = [...to.value, act];
    } catch (error) {
      fail(error);
    } finally {
      busy.value = false;
    }
  }
  const undo = (): Promise<void> => move(true);
  const redo = (): Promise<void> => move(false);
  function clearUndo(): void {
    done.value = [];
    undone.value = [];
  }

  /** Shows a failure in the frame: for acts that have no panel of their own. */
  function fail(error: unknown): void {
    failure.value = asFaultline(error);
  }

  /** Does what has no panel of its own to fail in. */
  async function attempt(act: () => unknown): Promise<void> {
    try {
      await act();
    } catch (error) {
      fail(error);
    }
  }

  /** Adds entries to the command palette; gives the function that takes them away again (call it on unmount). */
  function registerCommands(provider: () => readonly Command[]): () => void {
    providers.value = [...providers.value, provider];
    return () => {
      providers.value = providers.value.filter((p) => p !== provider);
    };
  }

  return {
    undoTitle,
    redoTitle,
    busy,
    paletteOpen,
    inspectorOpen,
    failure,
    providers,
    registerUndo,
    undo,
    redo,
    clearUndo,
    fail,
    attempt,
    registerCommands,
  };
});

/** Any thrown thing as one of ours, so that every panel can show it. */
export function asFaultline(error: unknown): FaultlineError {
  if (error instanceof FaultlineError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new FaultlineError('internal/unexpected', message, {}, { cause: error });
}
