import type { Handlers } from '../../contract/methods';
import { FaultlineError, type JsonObject } from '../../core/errors';
import type { Recipe } from '../../core/ingest/recipe';
import type { ComputeClient, ImportDelivery } from '../compute/client';
import type { JobRunner } from '../jobs/manager';
import type { ServiceContext } from './context';
import { latestOnly } from './latest';

/** What the job's row must not hold: a path is nobody else's business. */
interface PendingImport {
  readonly path: string;
  readonly recipe: Recipe;
}

/** Imports that were queued, by job. */
export type PendingImports = Map<string, PendingImport>;

export function importService(context: ServiceContext, pending: PendingImports): Pick<Handlers, 'import.preview' | 'import.start'> {
  const { session, files, queries } = context;
  const newestPreview = latestOnly();
  return {
    'import.preview': async ({ fileToken, recipe, labelColumnName, rowTimes, show }) => {
      const file = files.resolve(fileToken);
      const choices = {
        ...(recipe ? { recipe } : {}),
        ...(labelColumnName === undefined ? {} : { labelColumnName }),
        ...(rowTimes ? { rowTimes } : {}),
        ...(show ? { show } : {}),
      };
      const preview = await queries.run('import.preview', { path: file.path, ...choices }, { signal: newestPreview() });
      const before = session.peek()?.datasets.findByHash(preview.sha256) ?? [];
      return { ...preview, sourceName: file.name, importedBefore: before.map((dataset) => dataset.name) };
    },
    'import.start': async ({ fileToken, recipe, name, allowRepeat }) => {
      const store = session.current();
      const file = files.resolve(fileToken);
      checkRecipe(recipe);
      const { sha256, bytes } = await queries.run('import.hash', { path: file.path });
      const before = store.datasets.findByHash(sha256);
      if (before.length > 0 && allowRepeat !== true) {
        throw new FaultlineError(
          'import/already-imported',
          `This file is already in the project as "${before[0]!.name}". Use that dataset, or import it once more on purpose.`,
          { datasetId: before[0]!.id, sha256 },
        );
      }
      const job = context.jobs.start(store, {
        kind: 'import',
        title: `Import of ${name}`,
        seed: 0,
        params: { name, sourceName: file.name, sha256, bytes },
      });
      pending.set(job.id, { path: file.path, recipe });
      session.changed();
      return { jobId: job.id };
    },
  };
}

/** @throws FaultlineError 'import/bad-recipe'. */
function checkRecipe(recipe: Recipe): void {
  if (recipe.tags.length === recipe.valueColumns.length) return;
  throw new FaultlineError(
    'import/bad-recipe',
    `The recipe names ${recipe.tags.length} tags for ${recipe.valueColumns.length} columns; each column needs one name.`,
  );
}

/** Reads the file in the compute process and stores its rows here, chunk by chunk; result: datasetId. */
export function importRunner(compute: ComputeClient, pending: PendingImports): JobRunner {
  return async (run) => {
    const { store, job } = run;
    const waiting = pending.get(job.id);
    pending.delete(job.id);
    if (!waiting) throw new FaultlineError('job/not-resumable', 'The file of this import is no longer known. Import it again.');
    const { path, recipe } = waiting;
    // Written by 'import.start' above.
    const source = job.params as {
      readonly name: string;
      readonly sourceName: string;
      readonly sha256: string;
      readonly bytes: number;
    };
    const { name, sourceName, sha256, bytes } = source;
    const datasetId = store.datasets.beginDataset({ name, sourceName, sha256, bytes, recipe, channels: recipe.tags });
    try {
      const result = await compute.run(
        'import.run',
        { path, recipe },
        {
          signal: run.signal,
          onProgress: (progress) => run.progress(progress),
          onMemory: (resident) => run.memory(resident),
          onDelivery: (rows) => store.datasets.appendRows(datasetId, rows as ImportDelivery),
        },
      );
      if (result.sha256 !== sha256) {
        throw new FaultlineError(
          'import/unreadable',
          'The file changed while it was being read. Import it again when it is complete.',
        );
      }
      run.log(`${result.rows} rows of ${result.report.fileRows} taken.`);
      return (): JsonObject => {
        store.datasets.finishDataset(datasetId, result.report);
        const add = result.labelIntervals.map(({ start, end }) => ({
          ...{ start, end, class: 'anomaly' as const, comment: '', channels: [], origin: sourceName },
        }));
        if (add.length > 0) store.labels.apply(datasetId, { add });
        return { datasetId };
      };
    } catch (error) {
      store.datasets.cancelDataset(datasetId);
      throw error;
    }
  };
}
