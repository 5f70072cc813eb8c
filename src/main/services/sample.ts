import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectState } from '../../contract/types';
import { FaultlineError } from '../../core/errors';
import { parseLabels } from '../../core/labels/parse';
import { openProject, type ProjectStore } from '../store';
import type { ServiceContext } from './context';
import type { PendingImports } from './import-service';
import { projectState } from './project-state';

const DATA = 'pump-train.csv';
const LABELS = 'pump-train-labels.csv';
const TAGS = 'pump-train-tags.json';
const NAME = 'Feed pump P-1104A (sample)';

/**
 * Opens the sample project at `file`: as it was left, or built from the bundled data through the ordinary import.
 *
 * @param enter - makes a store the open project.
 * @throws FaultlineError 'file/not-found' when no sample is bundled; the errors of an import.
 */
export async function openSample(
  context: ServiceContext,
  pending: PendingImports,
  file: string,
  enter: (store: ProjectStore) => ProjectState,
): Promise<ProjectState> {
  const { clock } = context;
  if (existsSync(file)) return enter(openProject(file, { now: clock }));
  return build(context, pending, join(context.options.resourcesDir, 'sample'), file, enter);
}

async function build(
  context: ServiceContext,
  pending: PendingImports,
  folder: string,
  file: string,
  enter: (store: ProjectStore) => ProjectState,
): Promise<ProjectState> {
  const { queries, jobs, session, clock } = context;
  const path = join(folder, DATA);
  if (!existsSync(path)) {
    throw new FaultlineError('file/not-found', 'The sample data is not part of this installation. Import a file of your own.');
  }
  const preview = await queries.run('import.preview', { path });
  const store = openProject(file, { create: true, name: NAME, sample: true, now: clock });
  try {
    enter(store);
    const { sha256, bytes, recipe } = preview;
    const job = jobs.start(store, {
      kind: 'import',
      title: `Import of ${DATA}`,
      seed: 0,
      params: { name: 'Pump train', sourceName: DATA, sha256, bytes },
    });
    pending.set(job.id, { path, recipe });
    await jobs.settled(job.id);
    const { status, error, result } = store.jobs.get(job.id);
    if (status !== 'succeeded') {
      throw new FaultlineError(error?.code ?? 'import/unreadable', error?.message ?? 'The sample could not be imported.');
    }
    const datasetId = String(result['datasetId']);
    const meanings = JSON.parse(await readFile(join(folder, TAGS), 'utf8')) as Readonly<Record<string, string>>;
    for (const [channel, description] of Object.entries(meanings))
      store.datasets.updateChannel(datasetId, channel, { description });
    const text = await readFile(join(folder, LABELS), 'utf8');
    store.labels.apply(datasetId, {
      add: parseLabels(text, { fileName: LABELS, dataFileName: DATA, timeZone: recipe.timeZone }),
    });
    session.changed();
    return projectState(store);
  } catch (error) {
    // Half a sample would be opened as the whole one next time.
    session.replace(undefined);
    await rm(file, { force: true });
    throw error;
  }
}
