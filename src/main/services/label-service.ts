import { readFile, stat } from 'node:fs/promises';
import type { Handlers } from '../../contract/methods';
import type { LabelSet } from '../../core/labels/label';
import { parseLabels } from '../../core/labels/parse';
import { FaultlineError } from '../../core/errors';
import { reasonOf } from '../atomic-file';
import type { LabelChange, ProjectStore } from '../store';
import type { ServiceContext } from './context';

/** A label file is small; anything larger is something else. */
const LARGEST_FILE = 64 * 1024 * 1024;

export function labelService(context: ServiceContext): Pick<Handlers, Extract<keyof Handlers, `label.${string}`>> {
  const { session, files } = context;
  const apply = (store: ProjectStore, datasetId: string, change: LabelChange): LabelSet => {
    const set = store.labels.apply(datasetId, change);
    session.changed();
    return set;
  };

  return {
    'label.list': async ({ datasetId }) => session.current().labels.list(datasetId),
    'label.save': async ({ datasetId, add, update, remove }) => {
      const marked = add?.map((label) => ({ ...label, origin: 'user' }));
      return apply(session.current(), datasetId, { add: marked, update, remove });
    },
    'label.import': async ({ datasetId, fileToken }) => {
      const store = session.current();
      const dataset = store.datasets.get(datasetId);
      const { timeZone, timeFormat } = store.datasets.recipe(datasetId);
      const file = files.resolve(fileToken);
      const add = parseLabels(await readText(file.path, file.name), {
        fileName: file.name,
        dataFileName: dataset.sourceName,
        timeZone,
        timeFormat,
      });
      return add.length === 0 ? store.labels.list(datasetId) : apply(store, datasetId, { add });
    },
  };
}

/** @throws FaultlineError 'file/not-found', 'file/unreadable', 'labels/unreadable' for a file too large to hold labels. */
async function readText(path: string, name: string): Promise<string> {
  try {
    if ((await stat(path)).size > LARGEST_FILE) {
      throw new FaultlineError('labels/unreadable', `"${name}" is too large for a label file (limit 64 MB).`);
    }
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof FaultlineError) throw cause;
    throw new FaultlineError('file/unreadable', `"${name}" cannot be read: ${reasonOf(cause)}.`, {}, { cause });
  }
}
