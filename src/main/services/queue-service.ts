import { randomUUID } from 'node:crypto';
import type { Handlers } from '../../contract/methods';
import type { QueueEntry, QueueResult } from '../../contract/types';
import type { Comparison } from '../../core/compare/comparison';
import { findDetector } from '../../core/detectors/registry';
import { FaultlineError } from '../../core/errors';
import { comparisonReport } from '../../core/report/compare-report';
import { formatDuration } from '../../core/report/format';
import { describeObjective } from '../../core/thresholds/objective';
import type { ThresholdOrder } from '../compute/client';
import { orderOf, queuedSetup, queueOf } from '../jobs/queue';
import { isResumable } from '../jobs/view';
import type { ProjectStore, StoredJob } from '../store';
import { createCompare } from './compare-service';
import type { ServiceContext } from './context';
import { fileNameOf } from './project-list';
import { jobsOfQueue, queueJobs } from './queue-jobs';
import { exportReport } from './report-files';
import { checkResumable } from './training-service';

type QueueHandlers = Pick<Handlers, Extract<keyof Handlers, `queue.${string}`>>;

/** Score lines are for the page Compare; a table needs none. */
const fewestBuckets = 2;

/** "Compare these": several detectors as one queue of trainings, and one table of what came of them. */
export function queueService(context: ServiceContext): QueueHandlers {
  const { session, jobs, clock, settings, options } = context;
  const tables = createTables(context);
  const resultOf = async (id: string, table = true): Promise<QueueResult> => {
    const store = session.current();
    const all = queueJobs(store, id);
    const order = orderOf(all[0]!);
    return {
      id,
      title: queueOf(all[0]!)!.title,
      datasetId: queuedSetup(all[0]!).datasetId,
      rule: order ? ruleOf(order) : '',
      entries: all.map(entryOf),
      ...(table ? await tables.of(store, all) : { comparison: null, common: false }),
    };
  };

  return {
    'queue.start': async (wanted) => {
      const store = session.current();
      const queueId = randomUUID();
      const jobIds = jobsOfQueue(store, queueId, wanted).map((job) => jobs.start(store, job).id);
      session.changed();
      return { queueId, jobIds };
    },
    'queue.result': ({ id, table }) => resultOf(id, table),
    'queue.cancel': async ({ id }) => {
      const store = session.current();
      // Those that wait first, so that none of them begins when the running one stops.
      const open = queueJobs(store, id).filter(({ status }) => status === 'queued' || status === 'running');
      for (const job of open.reverse()) jobs.cancel(store, job.id);
      return null;
    },
    'queue.resume': async ({ id }) => {
      const store = session.current();
      const left = queueJobs(store, id).filter(isResumable);
      if (left.length === 0) {
        throw new FaultlineError('job/not-resumable', 'Nothing of this comparison is left to train.', { id });
      }
      // All are looked at before the first goes on.
      for (const job of left) await checkResumable(context, job.id);
      return { jobIds: left.map((job) => jobs.resume(store, job.id).id) };
    },
    'queue.export': async ({ id, formats }) => {
      const { comparison, entries, title } = await resultOf(id);
      if (!comparison) {
        throw new FaultlineError('comparison/refused', 'No detector of this comparison has a result yet.', { id });
      }
      if (comparison.refused !== null) throw new FaultlineError('comparison/refused', comparison.refused, {});
      const report = comparisonReport(comparison, {
        title,
        createdAt: clock(),
        timeZone: settings.get().timeZone,
        appVersion: options.version,
        absent: entries.flatMap((entry) => (inTable(entry) ? [] : [{ title: entry.title, reason: reasonOf(entry) }])),
      });
      return exportReport(context, report, `${fileNameOf(title)}-comparison`, formats);
    },
  };
}

function ruleOf({ objectives, minDurationMs, mergeGapMs }: ThresholdOrder): string {
  const [first, ...others] = objectives.map(describeObjective);
  const rest = others.length > 0 ? `, where the scores allow it; else ${others.join(', ')}` : '';
  const shortest = minDurationMs > 0 ? `, of at least ${formatDuration(minDurationMs)}` : '';
  return `${first}${rest}; events within ${formatDuration(mergeGapMs)} are one${shortest}`;
}

function entryOf(job: StoredJob): QueueEntry {
  const { detectorId } = queuedSetup(job);
  const { runId, problem } = job.result;
  return {
    jobId: job.id,
    detectorId,
    title: findDetector(detectorId).info.title,
    seed: job.seed,
    status: job.status,
    error: job.error,
    problem: typeof problem === 'string' ? problem : null,
    resumable: isResumable(job),
    runId: typeof runId === 'string' ? runId : null,
  };
}

const inTable = ({ runId, problem }: QueueEntry): boolean => runId !== null && problem === null;

function reasonOf({ problem, error, status }: QueueEntry): string {
  return problem ?? error?.message ?? (status === 'cancelled' ? 'cancelled' : 'not trained yet');
}

interface Tables {
  of(store: ProjectStore, all: readonly StoredJob[]): Promise<Pick<QueueResult, 'comparison' | 'common'>>;
}

/** Comparisons of what is finished. A queue is looked at after each of its jobs: the last one is kept until something has changed. */
function createTables(context: ServiceContext): Tables {
  const compare = createCompare(context);
  let last: { readonly key: string; readonly table: ReturnType<Tables['of']> } | undefined;
  const compute = async (store: ProjectStore, runIds: readonly string[]): ReturnType<Tables['of']> => {
    if (runIds.length === 0) return { comparison: null, common: false };
    const members = runIds.map((runId) => ({ projectId: null, runId }));
    const ask = (common: boolean): Promise<Comparison> => compare(store, members, { common, buckets: fewestBuckets });
    const whole = await ask(false);
    // A guard that is too short for the longest window: all are judged on what lies behind it.
    if (whole.refused === null || !whole.commonPossible) return { comparison: whole, common: false };
    return { comparison: await ask(true), common: true };
  };
  return {
    of(store, all) {
      const runs = all
        .flatMap(({ result }) => (typeof result['runId'] === 'string' ? [store.runs.get(result['runId'])] : []))
        .filter(({ threshold }) => threshold !== null);
      const labels = runs[0] ? store.datasets.get(runs[0].datasetId).labelRevision : 0;
      const { timeZone } = context.settings.get();
      const key = [store.file, timeZone, labels, ...runs.map(({ id, threshold }) => `${id} ${threshold!.id}`)].join('|');
      if (last?.key === key) return last.table;
      const runIds = runs.map(({ id }) => id);
      const table = compute(store, runIds);
      last = { key, table };
      table.catch(() => {
        if (last?.table === table) last = undefined;
      });
      return table;
    },
  };
}
