import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { DatasetInfo, ProjectState } from '../../contract/types';
import { api } from '../host/api';
import { useJobsStore } from './jobs';
import { useUiStore } from './ui';

/** The open project: what it holds, not the samples. Reloaded whenever the host says that it changed. */
export const useProjectStore = defineStore('project', () => {
  const jobs = useJobsStore();
  const ui = useUiStore();
  const state = shallowRef<ProjectState | null>(null);
  const loaded = ref(false);
  const datasetId = ref<string | null>(null);

  const datasets = computed(() => state.value?.datasets ?? []);
  /** The dataset the screens work on: the chosen one, else the one imported last. */
  const dataset = computed<DatasetInfo | null>(
    () => datasets.value.find((d) => d.id === datasetId.value) ?? datasets.value.at(-1) ?? null,
  );
  const stages = computed(() => state.value?.stages ?? []);

  async function enter(next: ProjectState): Promise<ProjectState> {
    const other = state.value?.id !== next.id;
    state.value = next;
    if (other) {
      datasetId.value = null;
      ui.clearUndo();
      await jobs.load();
    }
    return next;
  }

  /** Reads the state of the open project, or null when none is open. */
  async function load(): Promise<void> {
    const next = await api.call('project.state', {});
    if (next) await enter(next);
    else leave();
    loaded.value = true;
  }

  function leave(): void {
    state.value = null;
    datasetId.value = null;
    jobs.clear();
    ui.clearUndo();
  }

  const open = async (id: string, readOnly = false): Promise<ProjectState> =>
    enter(await api.call('project.open', { id, readOnly }));
  const openFile = async (fileToken: string): Promise<ProjectState> => enter(await api.call('project.open', { fileToken }));
  const openSample = async (): Promise<ProjectState> => enter(await api.call('project.openSample', {}));
  const create = async (name: string): Promise<ProjectState> => enter(await api.call('project.create', { name }));
  const rename = async (name: string): Promise<ProjectState> => enter(await api.call('project.rename', { name }));
  const saveAs = async (name: string): Promise<ProjectState> => enter(await api.call('project.saveAs', { name }));

  async function close(): Promise<void> {
    await api.call('project.close', {});
    leave();
  }

  // Several pushes in a row (an import writes many things) lead to one reload.
  let reloading: Promise<void> | undefined;
  let again = false;
  function reload(): void {
    if (reloading) {
      again = true;
      return;
    }
    reloading = load()
      .catch(ui.fail)
      .finally(() => {
        reloading = undefined;
        if (again) {
          again = false;
          reload();
        }
      });
  }
  api.subscribe('project', reload);

  return { state, loaded, datasets, dataset, datasetId, stages, load, open, openFile, openSample, create, rename, saveAs, close };
});
