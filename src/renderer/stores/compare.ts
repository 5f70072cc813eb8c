import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { ProjectRuns, StoredComparison } from '../../contract/types';
import type { CompareMember, Comparison } from '../../core/compare/comparison';
import type { FaultlineError } from '../../core/errors';
import { proposeMembers, sameMember, type RunSource } from '../features/compare/run-choices';
import { api } from '../host/api';
import { useProjectStore } from './project';
import { asFaultline, useUiStore } from './ui';

/** Points of the score lines: about one a pixel on a wide screen. */
const BUCKETS = 1600;

/** What is compared, what came of it, and the comparisons that were kept. Stays while the user visits other pages. */
export const useCompareStore = defineStore('compare', () => {
  const project = useProjectStore();
  const ui = useUiStore();
  const members = shallowRef<readonly CompareMember[]>([]);
  const common = ref(false);
  /** The kept comparison that is shown, as long as it was not changed. */
  const savedId = ref<string | null>(null);
  const saved = shallowRef<readonly StoredComparison[]>([]);
  const comparison = shallowRef<Comparison | null>(null);
  const error = shallowRef<FaultlineError | null>(null);
  const loading = ref(false);
  /** Runs of other projects that were looked at, by project id. */
  const others = shallowRef<ReadonlyMap<string, ProjectRuns>>(new Map());

  const own = computed<RunSource>(() => ({
    projectId: null,
    datasets: project.state?.datasets ?? [],
    models: project.state?.models ?? [],
    runs: project.state?.runs ?? [],
  }));

  /** What the comparison depends on: a threshold kept anew or a label changed asks for another one. */
  const key = computed(() => {
    if (!project.state || members.value.length < 2) return '';
    const facts = members.value.map((m) => {
      const run = m.projectId === null ? own.value.runs.find((r) => r.id === m.runId) : undefined;
      const dataset = run && project.datasets.find((d) => d.id === run.datasetId);
      return [m.projectId ?? '', m.runId, run?.threshold?.id ?? '', dataset?.labelRevision ?? ''].join(' ');
    });
    return [project.state.id, common.value, ...facts].join('|');
  });

  let turn = 0;
  let shownKey = '';
  /** Compares, unless what is shown is still right. */
  async function load(again = false): Promise<void> {
    const asked = key.value;
    if (asked === '') {
      turn += 1;
      comparison.value = null;
      error.value = null;
      loading.value = false;
      shownKey = '';
      return;
    }
    if (!again && asked === shownKey) return;
    const mine = ++turn;
    shownKey = asked;
    loading.value = true;
    error.value = null;
    try {
      const answer = await api.call('compare.runs', { members: [...members.value], common: common.value, buckets: BUCKETS });
      if (mine === turn) comparison.value = answer;
    } catch (failure) {
      if (mine !== turn) return;
      comparison.value = null;
      error.value = asFaultline(failure);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  function set(next: readonly CompareMember[]): void {
    members.value = next.filter((m, i) => next.findIndex((other) => sameMember(other, m)) === i);
    savedId.value = null;
  }
  const add = (more: readonly CompareMember[]): void => set([...members.value, ...more]);
  const remove = (runIds: readonly string[]): void => set(members.value.filter((m) => !runIds.includes(m.runId)));
  function judgeCommon(on: boolean): void {
    common.value = on;
    savedId.value = null;
  }
  /** Runs to begin with, when none were chosen: the newest settings of the shown dataset. */
  function begin(): void {
    if (members.value.length === 0 && project.dataset) members.value = proposeMembers(own.value, project.dataset.id);
  }

  async function loadSaved(): Promise<void> {
    saved.value = await api.call('comparison.list', {});
  }
  async function save(name: string): Promise<void> {
    const kept = await api.call('comparison.save', { name, members: [...members.value], common: common.value });
    savedId.value = kept.id;
    await loadSaved();
  }
  function open(kept: StoredComparison): void {
    members.value = kept.members;
    common.value = kept.common;
    savedId.value = kept.id;
    // Only the names are wanted; a project that is gone is said by the comparison itself.
    for (const id of new Set(kept.members.map((m) => m.projectId))) if (id !== null) loadOther(id).catch(() => undefined);
  }
  async function removeSaved(kept: StoredComparison): Promise<void> {
    await api.call('comparison.remove', { id: kept.id });
    if (savedId.value === kept.id) savedId.value = null;
    await loadSaved();
    ui.registerUndo({
      title: `delete comparison "${kept.name}"`,
      undo: async () => {
        await api.call('comparison.save', { name: kept.name, members: [...kept.members], common: kept.common });
        await loadSaved();
      },
      redo: async () => {
        const same = saved.value.find((s) => s.name === kept.name);
        if (same) await api.call('comparison.remove', { id: same.id });
        await loadSaved();
      },
    });
  }

  async function loadOther(projectId: string): Promise<ProjectRuns> {
    const known = others.value.get(projectId);
    if (known) return known;
    const runs = await api.call('project.runs', { id: projectId });
    others.value = new Map([...others.value, [projectId, runs]]);
    return runs;
  }
  /** Title of a run that is compared, with its seed where several have that title; null while it is not known. */
  function titleOf(member: CompareMember): string | null {
    const source = member.projectId === null ? own.value : others.value.get(member.projectId);
    const run = source?.runs.find((r) => r.id === member.runId);
    if (!source || !run) return null;
    const seed = source.models.find((m) => m.id === run.modelId)?.seed;
    const alone = source.runs.filter((r) => r.title === run.title).length < 2;
    return alone || seed === undefined ? run.title : `${run.title}, seed ${seed}`;
  }

  // Another project has other runs.
  watch(
    () => project.state?.id,
    () => {
      turn += 1;
      members.value = [];
      common.value = false;
      savedId.value = null;
      saved.value = [];
      comparison.value = null;
      error.value = null;
      loading.value = false;
      shownKey = '';
      others.value = new Map();
    },
  );

  return {
    members,
    common,
    savedId,
    saved,
    comparison,
    error,
    loading,
    own,
    others,
    key,
    load,
    set,
    add,
    remove,
    judgeCommon,
    begin,
    loadSaved,
    save,
    open,
    removeSaved,
    loadOther,
    titleOf,
  };
});
