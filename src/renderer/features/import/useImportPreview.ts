import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { ImportPreview } from '../../../contract/types';
import type { FaultlineError } from '../../../core/errors';
import { guessRecipe, type GuessOptions } from '../../../core/ingest/guess';
import type { Recipe, RowTimes } from '../../../core/ingest/recipe';
import { api, type ChosenFile } from '../../host/api';
import { asFaultline } from '../../stores/ui';

export type ShownRows = 'first' | 'problem' | 'last';

/** How a chosen file is read, and what changing a word of the sentence does. */
export interface PreviewState {
  readonly preview: ShallowRef<ImportPreview | null>;
  readonly recipe: ComputedRef<Recipe | null>;
  /** Words the user chose: there is no doubt about them any more. */
  readonly settled: ShallowRef<Partial<Recipe>>;
  readonly error: ShallowRef<FaultlineError | null>;
  readonly loading: Ref<boolean>;
  readonly shown: Ref<ShownRows>;
  /** Changes words of the sentence; the file is read again at once. */
  change(words: Partial<Recipe>): Promise<void>;
  /** Takes the file as one without times: rows a fixed time apart. */
  makeTimes(rowTimes: RowTimes): Promise<void>;
  /** Back to the guess. */
  reset(): Promise<void>;
}

/** Changing one of these changes which columns there are: names, tags and marks are guessed again under it. */
const structural = ['delimiter', 'headerLine', 'unitLine', 'timeColumn'] as const;

/** Follows the file; a new file is guessed from nothing. */
export function useImportPreview(file: Ref<ChosenFile | null>): PreviewState {
  const preview = shallowRef<ImportPreview | null>(null);
  const error = shallowRef<FaultlineError | null>(null);
  const loading = ref(false);
  const shown = ref<ShownRows>('problem');
  /** What was asked for last, also when it could not be read: the sentence shows it, so that it can be corrected. */
  const asked = shallowRef<Recipe | null>(null);
  const settled = shallowRef<Partial<Recipe>>({});
  let turn = 0;

  async function read(recipe: Recipe | null, rowTimes?: RowTimes): Promise<void> {
    const current = file.value;
    if (!current) return;
    turn += 1;
    const mine = turn;
    loading.value = true;
    asked.value = recipe;
    try {
      const answer = await api.call('import.preview', {
        fileToken: current.fileToken,
        ...(recipe ? { recipe: writable(recipe) } : {}),
        ...(rowTimes ? { rowTimes } : {}),
        show: shown.value,
      });
      if (mine !== turn) return;
      preview.value = answer;
      asked.value = answer.recipe;
      error.value = null;
    } catch (failure) {
      if (mine === turn) error.value = asFaultline(failure);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  async function change(words: Partial<Recipe>): Promise<void> {
    const base = asked.value ?? preview.value?.recipe;
    const seen = preview.value;
    if (!base || !seen) return;
    settled.value = { ...settled.value, ...words };
    // Without a time column the others stay as they are.
    if (words.timeColumn === null || !structural.some((name) => name in words)) return read({ ...base, ...words });
    try {
      await read(rearranged(seen, base, settled.value));
    } catch (failure) {
      asked.value = { ...base, ...words };
      error.value = asFaultline(failure);
    }
  }

  function makeTimes(rowTimes: RowTimes): Promise<void> {
    const words = { timeColumn: null, rowTimes, timeFormat: 'iso', timeZone: 'UTC' } as const;
    return preview.value ? change(words) : read(null, rowTimes);
  }

  function reset(): Promise<void> {
    settled.value = {};
    return read(null);
  }

  watch(
    file,
    () => {
      preview.value = null;
      asked.value = null;
      error.value = null;
      settled.value = {};
      void read(null);
    },
    { immediate: true },
  );
  watch(shown, () => void read(asked.value));

  return { preview, recipe: computed(() => asked.value), settled, error, loading, shown, change, makeTimes, reset };
}

/**
 * The recipe for other columns: what the user settled stays, everything that hangs on the columns is guessed again from the lines
 * that are on the screen.
 *
 * @throws FaultlineError 'import/…' when nothing can be read that way.
 */
export function rearranged(seen: ImportPreview, base: Recipe, chosen: Partial<Recipe>): Recipe {
  const options: GuessOptions = {
    delimiter: chosen.delimiter ?? base.delimiter,
    timeZone: chosen.timeZone ?? base.timeZone,
    ...(chosen.headerLine === undefined ? {} : { headerLine: chosen.headerLine }),
    ...(chosen.unitLine === undefined ? {} : { unitLine: chosen.unitLine }),
    ...(typeof chosen.timeColumn === 'number' ? { timeColumn: chosen.timeColumn } : base.rowTimes && { rowTimes: base.rowTimes }),
  };
  const text = linesAsText(seen.rawLines);
  const { recipe } = guessRecipe({ text, partial: false, encoding: base.encoding }, options);
  const kept = {
    ...(chosen.decimal === undefined ? {} : { decimal: chosen.decimal }),
    ...(chosen.thousands === undefined ? {} : { thousands: chosen.thousands }),
    statusTexts: chosen.statusTexts ?? base.statusTexts,
  };
  return { ...recipe, ...kept };
}

/** The shown lines at their places; lines between that are not shown become empty, so that line numbers stay right. */
function linesAsText(lines: ImportPreview['rawLines']): string {
  const beginning: string[] = [];
  for (const { line, text } of lines) if (line === beginning.length + 1) beginning.push(text);
  return beginning.join('\n');
}

/** The contract's validators give mutable arrays; the recipe's are read-only. */
type Writable<T> = T extends readonly (infer E)[]
  ? Writable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Writable<T[K]> }
    : T;
export function writable<T>(value: T): Writable<T> {
  return structuredClone(value) as Writable<T>;
}
