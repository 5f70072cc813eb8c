import { extname, resolve } from 'node:path';
import type { Params } from '../../../contract/methods';
import type { DatasetInfo, ExportedFile, ModelSummary, ProjectState, ReportFormat, RunSummary } from '../../../contract/types';
import { FaultlineError } from '../../../core/errors';
import type { Recipe, RowTimes } from '../../../core/ingest/recipe';
import { copyWhole } from '../copy-whole';
import type { Client } from './client';
import { driftOption } from './drift-option';
import { paramsOf, splitWith, usage, wholeNumber } from './options';

/** The acts that several commands share; each is a few calls of the contract. */

type Text = string | undefined;

/** Imports one file the way Faultline reads it by itself; every doubt is told. */
export async function importFile(
  client: Client,
  path: string,
  given: {
    readonly labelColumn?: Text;
    readonly name?: Text;
    readonly leaveOut?: readonly string[] | undefined;
    readonly rowTimes?: RowTimes | undefined;
    readonly mayLack?: boolean;
  },
): Promise<DatasetInfo> {
  const fileToken = client.file(path);
  const preview = await client.call('import.preview', {
    fileToken,
    ...(given.labelColumn === undefined ? {} : { labelColumnName: given.labelColumn }),
    ...(given.rowTimes && { rowTimes: given.rowTimes }),
  });
  if (given.labelColumn !== undefined && preview.recipe.labelColumn === null) {
    throw new FaultlineError(
      'labels/no-column',
      `There is no column "${given.labelColumn}". Columns: ${preview.columns.join(', ')}.`,
    );
  }
  for (const { choice, text, doubt } of preview.evidence) if (doubt) client.note(`In doubt: ${choice} (${text})`);
  const name = (given.name ?? preview.sourceName.replace(/\.[^.]*$/, '')).trim().slice(0, 200) || 'data';
  const { statusTexts } = preview.recipe;
  const recipe = {
    ...preview.recipe,
    ...withoutTags(preview.recipe, given.leaveOut ?? [], given.mayLack === true ? null : preview.columns),
    statusTexts: [...statusTexts],
  };
  const job = await client.job(() => client.call('import.start', { fileToken, recipe, name, allowRepeat: true }));
  const id = String(job.result['datasetId']);
  return pick((await requireProject(client)).datasets, 'dataset', id);
}

/**
 * The tags of a recipe without those of the given names.
 *
 * @param columns - of the file; null when a name may be missing in it.
 * @throws FaultlineError 'cli/usage' for a name that is no column.
 */
function withoutTags(
  recipe: Pick<Recipe, 'valueColumns' | 'tags'>,
  names: readonly string[],
  columns: readonly string[] | null,
): { valueColumns: number[]; tags: Recipe['tags'][number][] } {
  for (const name of names) {
    if (columns && !columns.includes(name)) {
      usage(`--leave-out "${name}": there is no such column. Columns: ${columns.join(', ')}.`);
    }
  }
  const kept = recipe.tags.map((tag) => !names.includes(tag.name));
  if (!kept.includes(true)) usage('--leave-out leaves no tag.');
  return {
    valueColumns: recipe.valueColumns.filter((_, i) => kept[i]),
    tags: recipe.tags.filter((_, i) => kept[i]),
  };
}

/** Takes labels from a file and gives the dataset with them. */
export async function importLabels(client: Client, dataset: DatasetInfo, path: string): Promise<DatasetInfo> {
  await client.call('label.import', { datasetId: dataset.id, fileToken: client.file(path) });
  return pick((await requireProject(client)).datasets, 'dataset', dataset.id);
}

export interface TrainChoices {
  readonly detector?: Text;
  readonly preset?: Text;
  readonly params?: Text;
  readonly drift?: Text;
  readonly seed?: Text;
  readonly name?: Text;
  readonly 'train-until'?: Text;
  readonly 'calibrate-until'?: Text;
}

/** What was proposed for a dataset, except for what the user gave. @throws FaultlineError 'detector/unknown', 'cli/usage'. */
export async function planOf(
  client: Client,
  dataset: DatasetInfo,
  given: Pick<TrainChoices, 'detector' | 'preset' | 'params' | 'drift' | 'train-until' | 'calibrate-until'>,
): Promise<Params<'training.plan'>> {
  const params = given.params === undefined ? {} : paramsOf(given.params);
  const proposal = await client.call('training.propose', { datasetId: dataset.id });
  const proposed =
    given.detector === undefined
      ? (proposal.detectors.find((detector) => detector.recommended) ?? proposal.detectors[0])
      : proposal.detectors.find((detector) => detector.id === given.detector);
  const detectorId = proposed?.id ?? given.detector;
  if (detectorId === undefined) throw new FaultlineError('detector/unknown', 'There is no detector for this dataset.');
  if (!proposed && !(await client.call('detector.list', {})).some(({ id }) => id === detectorId)) {
    throw new FaultlineError('detector/unknown', `There is no detector "${detectorId}". See "faultline detectors".`, {
      detectorId,
    });
  }
  const drift = driftOption(given.drift, proposal.drift);
  return {
    datasetId: dataset.id,
    detectorId,
    params: { ...proposed?.params, ...(await presetParams(client, detectorId, given.preset)), ...params },
    split: splitWith(proposal.split, dataset, given),
    preparation: { ...proposal.preparation, channels: [...proposal.preparation.channels], ...(drift && { drift }) },
  };
}

async function presetParams(client: Client, detectorId: string, preset: Text): Promise<Params<'training.plan'>['params']> {
  if (preset === undefined) return {};
  const presets = (await client.call('detector.list', {})).find(({ id }) => id === detectorId)?.presets ?? [];
  const found = presets.find(({ id }) => id === preset);
  if (found) return { ...found.params };
  return usage(
    presets.length === 0
      ? `"${detectorId}" has no presets. Leave out --preset, or set its parameters with --params.`
      : `"${detectorId}" has no preset "${preset}". It has ${presets.map(({ id }) => id).join(', ')}.`,
  );
}

/** Trains on a dataset by `planOf`. The job scores the same dataset. */
export async function train(
  client: Client,
  dataset: DatasetInfo,
  given: TrainChoices,
): Promise<{ model: ModelSummary; run: RunSummary }> {
  const seed = wholeNumber('--seed', given.seed ?? '1');
  const plan = await planOf(client, dataset, given);
  for (const warning of (await client.call('training.plan', plan)).warnings) client.note(warning);
  const start = { ...plan, seed, ...(given.name === undefined ? {} : { name: given.name }) };
  const job = await client.job(() => client.call('training.start', start));
  const { models, runs } = await requireProject(client);
  return { model: pick(models, 'model', String(job.result['modelId'])), run: pick(runs, 'run', String(job.result['runId'])) };
}

/** Scores a dataset with a trained model. */
export async function score(client: Client, model: ModelSummary, dataset: DatasetInfo): Promise<RunSummary> {
  const job = await client.job(() => client.call('scoring.start', { modelId: model.id, datasetId: dataset.id }));
  return pick((await requireProject(client)).runs, 'run', String(job.result['runId']));
}

/** Where an exported file is to go, by the ending of its name. */
export function formatOf(path: string): ReportFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const formats = ['html', 'pdf', 'csv', 'json'] as const;
  return formats.find((format) => format === ending) ?? usage(`--out "${path}" must end with .html, .pdf, .csv or .json.`);
}

/** Writes the report of a run to each path. */
export async function writeReports(client: Client, run: RunSummary, paths: readonly string[]): Promise<WrittenFile[]> {
  return writeFormats(client, paths, (formats) => client.call('report.export', { runId: run.id, formats }));
}

/** Asks once for all formats that the paths end with, and writes each file to its place. */
export async function writeFormats(
  client: Client,
  paths: readonly string[],
  make: (formats: ReportFormat[]) => Promise<readonly ExportedFile[]>,
): Promise<WrittenFile[]> {
  if (paths.length === 0) return [];
  const files = await make([...new Set(paths.map(formatOf))]);
  const written: WrittenFile[] = [];
  for (const path of paths) {
    const format = formatOf(path);
    const file = files.find((made) => made.format === format);
    if (file) written.push(await writeOut(client, file, path, format));
  }
  return written;
}

export async function writeScores(client: Client, run: RunSummary, path: string): Promise<WrittenFile> {
  return writeOut(client, await client.call('scores.export', { runId: run.id }), path, 'scores');
}

export interface WrittenFile {
  readonly format: string;
  readonly file: string;
  readonly bytes: number;
}

async function writeOut(client: Client, file: ExportedFile, path: string, format: string): Promise<WrittenFile> {
  const target = resolve(path);
  await copyWhole(client.app.files.resolve(file.fileToken).path, target);
  return { format, file: target, bytes: file.bytes };
}

export async function requireProject(client: Client): Promise<ProjectState> {
  const state = await client.call('project.state', {});
  if (!state) throw new FaultlineError('project/none-open', 'No project is open.');
  return state;
}

interface Named {
  readonly id: string;
  readonly name?: string;
  readonly title?: string;
  readonly createdAt: number;
}

/**
 * The one that is meant: by id or by name; the newest when nothing is given.
 *
 * @throws FaultlineError 'cli/usage' when there is none or more than one of the name.
 */
export function pick<T extends Named>(list: readonly T[], what: string, wanted: Text): T {
  const newestFirst = [...list].sort((a, b) => b.createdAt - a.createdAt);
  const [newest] = newestFirst;
  if (!newest) return usage(`The project has no ${what} yet.`);
  if (wanted === undefined) return newest;
  const found = newestFirst.filter((item) => item.id === wanted || (item.name ?? item.title) === wanted);
  const [first, second] = found;
  if (!first) {
    return usage(
      `There is no ${what} "${wanted}". There is: ${newestFirst.map((item) => `${item.name ?? item.title ?? ''} (${item.id})`).join(', ')}.`,
    );
  }
  return second && first.id !== wanted
    ? usage(`Several ${what}s are called "${wanted}". Give the id: ${found.map((item) => item.id).join(', ')}.`)
    : first;
}
