import type { Handlers } from '../../contract/methods';
import type { SeriesWindow } from '../../contract/types';
import { FaultlineError } from '../../core/errors';
import type { ServiceContext } from './context';
import { toDatasetInfo } from './project-state';

/** Windows kept for going back and forth; one is at most a few hundred kilobytes. */
const CACHED_WINDOWS = 24;

export function datasetService(context: ServiceContext): Pick<Handlers, Extract<keyof Handlers, `dataset.${string}`>> {
  const { session } = context;
  const cache = new Map<string, SeriesWindow>();

  return {
    'dataset.window': async ({ datasetId, channels, start, end, buckets }) => {
      const store = session.current();
      checkRange(start, end);
      // Samples never change after the import, so a window of one project file stays right.
      const key = JSON.stringify([store.id, datasetId, channels, start, end, buckets]);
      const known = cache.get(key);
      cache.delete(key);
      const window = known ?? store.series.window(datasetId, channels, { start, end }, buckets);
      cache.set(key, window);
      const oldest = cache.keys().next().value;
      if (cache.size > CACHED_WINDOWS && oldest !== undefined) cache.delete(oldest);
      return window;
    },
    'dataset.update': async ({ datasetId, channel, ...change }) => {
      const dataset = session.current().datasets.updateChannel(datasetId, channel, change);
      session.changed();
      return toDatasetInfo(dataset);
    },
    'dataset.remove': async ({ datasetId }) => {
      if (context.jobs.busy()) {
        throw new FaultlineError('project/busy', 'A job is running in this project. Wait for it or cancel it first.');
      }
      session.current().datasets.remove(datasetId);
      session.changed();
      return null;
    },
  };
}

/** @throws FaultlineError 'contract/invalid-params' for an empty or reversed range. */
export function checkRange(start: number, end: number): void {
  if (start < end) return;
  throw new FaultlineError('contract/invalid-params', 'The end of the period must be later than its start.', { start, end });
}
