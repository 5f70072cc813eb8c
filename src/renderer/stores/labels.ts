import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Params } from '../../contract/methods';
import type { FaultlineError } from '../../core/errors';
import type { Label, LabelSet } from '../../core/labels/label';
import { api } from '../host/api';
import { asFaultline, useUiStore } from './ui';
import { applyChange, matchAdded, type LabelBody, type LabelChange } from './label-change';

/** Labels of the shown dataset. Every act is shown at once, saved at once, and can be undone. */
export const useLabelsStore = defineStore('labels', () => {
  const ui = useUiStore();
  const datasetId = ref<string | null>(null);
  const set = shallowRef<LabelSet | null>(null);
  const loading = ref(false);
  const error = shallowRef<FaultlineError | null>(null);
  const selectedId = ref<string | null>(null);
  const saving = ref(0);
  const savedAt = ref<number | null>(null);

  const labels = computed<readonly Label[]>(() =>
    [...(set.value?.labels ?? [])].sort((a, b) => a.start - b.start || a.end - b.end),
  );
  /** "L-01", in order of time. */
  const names = computed<ReadonlyMap<string, string>>(
    () => new Map(labels.value.map((label, i) => [label.id, `L-${String(i + 1).padStart(2, '0')}`])),
  );
  const selected = computed(() => labels.value.find((label) => label.id === selectedId.value) ?? null);

  async function load(id: string): Promise<void> {
    if (datasetId.value !== id) {
      datasetId.value = id;
      set.value = null;
      selectedId.value = null;
    }
    loading.value = true;
    try {
      const answer = await api.call('label.list', { datasetId: id });
      if (datasetId.value !== id) return;
      // While acts are on their way, the set on the screen is newer than the answer.
      if (saving.value === 0) set.value = answer;
      error.value = null;
    } catch (failure) {
      if (datasetId.value === id) error.value = asFaultline(failure);
    } finally {
      loading.value = false;
    }
  }

  // A label that is removed and brought back gets a new id; older steps of the undo stack still name the first one.
  const aliases = new Map<string, string>();
  const current = (id: string): string => {
    let now = id;
    while (aliases.has(now)) now = aliases.get(now)!;
    return now;
  };

  // Acts are saved one after the other, so that each one finds the ids of those before it.
  let queue: Promise<unknown> = Promise.resolve();
  function send(id: string, change: LabelChange): Promise<readonly Label[]> {
    saving.value++;
    const sent = queue.then(async () => {
      const before = new Set(set.value?.labels.filter((l) => !l.id.startsWith(draftPrefix)).map((l) => l.id));
      const body: Params<'label.save'> = { datasetId: id };
      if (change.add.length) body.add = change.add.map(plain);
      if (change.update.length) body.update = change.update.map((l) => ({ ...plain(l), id: current(l.id) }));
      if (change.remove.length) body.remove = change.remove.map(current);
      const answer = await api.call('label.save', body);
      const added = matchAdded(
        change.add,
        answer.labels.filter((l) => !before.has(l.id)),
      );
      if (datasetId.value === id && saving.value === 1) set.value = answer;
      savedAt.value = Date.now();
      error.value = null;
      return added;
    });
    queue = sent
      .catch(() => undefined)
      .finally(() => {
        saving.value--;
      });
    return sent;
  }

  /** Does, shows and saves one act, and puts it on the undo stack. What could not be saved is taken off the screen again. */
  async function act(title: string, change: Partial<LabelChange>): Promise<readonly Label[]> {
    const id = datasetId.value;
    if (!id || !set.value) return [];
    const whole: LabelChange = { add: change.add ?? [], update: change.update ?? [], remove: change.remove ?? [] };
    const before = new Map(set.value.labels.map((l) => [l.id, l]));
    set.value = applyChange(set.value, whole, draftPrefix);
    let added: readonly Label[];
    try {
      added = await send(id, whole);
    } catch (failure) {
      error.value = asFaultline(failure);
      ui.fail(failure);
      await load(id);
      return [];
    }
    const old = (ids: readonly string[]): Label[] => ids.flatMap((i) => before.get(i) ?? []);
    const updatedBefore = old(whole.update.map((l) => l.id));
    const removedBefore = old(whole.remove);
    const bringBack = async (gone: readonly Label[], rest: Partial<LabelChange>): Promise<void> => {
      const back = await send(id, { add: gone, update: [], remove: [], ...rest });
      gone.forEach((label, i) => {
        const old = current(label.id);
        const now = back[i]?.id;
        if (now === undefined || now === old) return;
        aliases.set(old, now);
        selectedId.value ??= now;
      });
    };
    ui.registerUndo({
      title,
      undo: () => bringBack(removedBefore, { update: updatedBefore, remove: added.map((l) => current(l.id)) }),
      redo: () => bringBack(added, { update: whole.update, remove: whole.remove }),
    });
    return added;
  }

  async function create(body: LabelBody): Promise<void> {
    const [label] = await act('add label', { add: [body] });
    if (label) selectedId.value = label.id;
  }
  function change(label: Label, to: Partial<LabelBody>, title: string): Promise<readonly Label[]> {
    return act(title, { update: [{ ...label, ...to }] });
  }
  async function remove(label: Label): Promise<void> {
    const list = labels.value;
    const next = list[list.findIndex((l) => l.id === label.id) + 1] ?? null;
    selectedId.value = next && next.id !== label.id ? next.id : null;
    await act(`delete label ${names.value.get(label.id) ?? ''}`.trim(), { remove: [label.id] });
  }

  /** Selects the next (1) or previous (−1) label in time and gives it. */
  function step(by: 1 | -1): Label | null {
    const list = labels.value;
    if (list.length === 0) return null;
    const at = list.findIndex((l) => l.id === selectedId.value);
    const next = list[at < 0 ? (by === 1 ? 0 : list.length - 1) : (at + by + list.length) % list.length]!;
    selectedId.value = next.id;
    return next;
  }

  /** Asks for a label file and adds what it holds; null when no file was chosen. Gives how many labels came. */
  async function importFile(): Promise<{ readonly added: number; readonly name: string } | null> {
    const id = datasetId.value;
    const file = await api.choose('labels');
    if (!id || !file) return null;
    const before = new Set(set.value?.labels.map((l) => l.id));
    const answer = await api.call('label.import', { datasetId: id, fileToken: file.fileToken });
    if (datasetId.value === id) set.value = answer;
    savedAt.value = Date.now();
    const added = answer.labels.filter((l) => !before.has(l.id));
    let present = added;
    ui.registerUndo({
      title: `import labels of ${file.name}`,
      undo: async () => void (await send(id, { add: [], update: [], remove: present.map((l) => l.id) })),
      redo: async () => {
        present = [...(await send(id, { add: added, update: [], remove: [] }))];
      },
    });
    return { added: added.length, name: file.name };
  }

  return {
    datasetId,
    set,
    labels,
    names,
    loading,
    error,
    selectedId,
    selected,
    saving,
    savedAt,
    load,
    create,
    change,
    remove,
    step,
    importFile,
  };
});

/** Ids of labels that are shown before the host has given them one. */
const draftPrefix = 'draft-';

const plain = ({
  start,
  end,
  class: name,
  comment,
  channels,
}: LabelBody): Params<'label.save'>['add'] extends (infer B)[] | undefined ? B : never => ({
  start,
  end,
  class: name,
  comment,
  channels: [...channels],
});
