import type { ModelSummary, RunSummary } from '../../../contract/types';
import type { CompareMember } from '../../../core/compare/comparison';

/** What the runs to choose from come out of: the open project (id null) or another one of the list. */
export interface RunSource {
  readonly projectId: string | null;
  readonly datasets: readonly { readonly id: string; readonly name: string }[];
  readonly models: readonly Pick<ModelSummary, 'id' | 'detectorId' | 'params' | 'split' | 'seed'>[];
  readonly runs: readonly RunSummary[];
}

export interface RunChoice {
  readonly member: CompareMember;
  readonly title: string;
  readonly seed: number | null;
  readonly createdAt: number;
  readonly threshold: number | null;
  /** Is compared already. */
  readonly chosen: boolean;
  /** Why it cannot be chosen; '' when it can. */
  readonly reason: string;
}
export interface RunGroup {
  readonly datasetId: string;
  readonly dataset: string;
  readonly runs: readonly RunChoice[];
}

export const sameMember = (a: CompareMember, b: CompareMember): boolean => a.projectId === b.projectId && a.runId === b.runId;

/** Runs of a source by dataset, newest first; groups without a run are left out. */
export function runGroups(source: RunSource, members: readonly CompareMember[]): readonly RunGroup[] {
  const models = new Map(source.models.map((m) => [m.id, m]));
  return source.datasets
    .map((d) => ({
      datasetId: d.id,
      dataset: d.name,
      runs: source.runs
        .filter((r) => r.datasetId === d.id)
        .map((run) => choiceOf(run, source.projectId, models.get(run.modelId)?.seed ?? null, members))
        .sort((a, b) => b.createdAt - a.createdAt),
    }))
    .filter((group) => group.runs.length > 0);
}

function choiceOf(run: RunSummary, projectId: string | null, seed: number | null, members: readonly CompareMember[]): RunChoice {
  const member = { projectId, runId: run.id };
  return {
    member,
    title: run.title,
    seed,
    createdAt: run.createdAt,
    threshold: run.threshold?.value ?? null,
    chosen: members.some((m) => sameMember(m, member)),
    reason: run.threshold ? '' : 'no threshold kept yet',
  };
}

/** How many methods a comparison begins with. */
const FIRST_METHODS = 4;

/**
 * Runs to begin with when none were chosen: those of one dataset with a kept threshold and one split, of the newest settings. Runs
 * that differ in the seed alone are one setting and come together, so that their spread is seen.
 */
export function proposeMembers(source: RunSource, datasetId: string): readonly CompareMember[] {
  const models = new Map(source.models.map((m) => [m.id, m]));
  const usable = source.runs
    .filter((r) => r.datasetId === datasetId && r.threshold !== null)
    .sort((a, b) => b.createdAt - a.createdAt)
    .map((run) => ({ run, model: models.get(run.modelId) }));
  // Of different splits a comparison would be refused: the newest one that has two runs.
  const splitOf = ({ model }: (typeof usable)[number]): string => JSON.stringify(model?.split ?? null);
  const splits = usable.map(splitOf);
  const split = splits.find((s, i) => splits.indexOf(s, i + 1) > 0);
  const together = usable.filter((one) => splitOf(one) === split);
  const bySetting = new Map<string, { members: CompareMember[]; seeds: Set<unknown> }>();
  for (const { run, model } of together) {
    const setting = model ? JSON.stringify([model.detectorId, sorted(model.params)]) : run.id;
    const group = bySetting.get(setting) ?? { members: [], seeds: new Set() };
    bySetting.set(setting, group);
    const seed = model?.seed ?? run.id;
    // The same setting and seed scored twice says nothing new.
    if (group.seeds.has(seed)) continue;
    group.seeds.add(seed);
    group.members.push({ projectId: source.projectId, runId: run.id });
  }
  return [...bySetting.values()].slice(0, FIRST_METHODS).flatMap((g) => g.members);
}

const sorted = (params: Readonly<Record<string, unknown>>): unknown =>
  Object.entries(params).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
