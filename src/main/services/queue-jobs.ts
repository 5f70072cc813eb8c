import type { Params } from '../../contract/methods';
import { resolveParams } from '../../core/detectors/params';
import { FaultlineError, type JsonObject } from '../../core/errors';
import { ofClass, overlaps } from '../../core/labels/interval';
import { partSpan, validateSplit } from '../../core/prepare/split';
import type { Objective } from '../../core/thresholds/threshold';
import { queueOf } from '../jobs/queue';
import type { NewJob, ProjectStore, StoredJob } from '../store';
import { requireTrained } from './training-service';

type Wanted = Params<'queue.start'>;

/** Where no label can tell better: a tail fit at this level of the normal scores, or the plain quantile where they are too few to fit. */
const withoutLabels: readonly Objective[] = [
  { kind: 'pot', q: 0.999 },
  { kind: 'quantile', q: 0.999 },
];
/** Of one run and its own person: no rule for several detectors. */
const ownOnly: readonly Objective['kind'][] = ['manual', 'carried', 'contract'];

/**
 * The jobs, all detectors with the first seed before the next seed. What a person can put right is refused before the first job; what
 * one detector cannot do with these data or on this computer is the error of its own job, and the others go on.
 *
 * @throws FaultlineError 'detector/unknown', 'detector/untrainable', 'detector/bad-params', 'prepare/bad-split',
 * 'prepare/no-channel', 'threshold/bad-objective', 'dataset/not-found'.
 */
export function jobsOfQueue(store: ProjectStore, id: string, wanted: Wanted): NewJob[] {
  const { datasetId, split, preparation, minDurationMs, mergeGapMs } = wanted;
  const dataset = store.datasets.get(datasetId);
  const chosen = wanted.detectors.map(({ detectorId, params }) => {
    const { info } = requireTrained(detectorId);
    return { info, params: resolveParams(info.params, params) };
  });
  const twice = chosen.find(({ info }, i) => chosen.findIndex((other) => other.info.id === info.id) !== i);
  if (twice) {
    throw new FaultlineError(
      'detector/bad-params',
      `"${twice.info.title}" is named twice. Settings of one detector are compared by a sweep.`,
    );
  }
  validateSplit(split, store.series.readTimestamps(datasetId));
  const missing = preparation.channels.find((name) => dataset.channels.every((channel) => channel.name !== name));
  if (missing !== undefined) throw new FaultlineError('prepare/no-channel', `The dataset has no tag "${missing}".`, { missing });
  const { labels, revision } = store.labels.list(datasetId);
  const labelled = ofClass(labels, 'anomaly').some((label) => overlaps(label, partSpan(split, 'calibration')));
  const threshold = { objectives: objectivesOf(wanted.objective, labelled), minDurationMs, mergeGapMs };
  const seeds = [...new Set(wanted.seeds)];
  const queue = { id, title: wanted.name ?? titleOf(chosen.length, dataset.name) };
  return seeds.flatMap((seed) =>
    chosen.map(({ info, params }): NewJob => {
      const setup = { datasetId, detectorId: info.id, params, split, preparation, labelRevision: revision, threshold, queue };
      return {
        kind: 'train',
        title: `${info.title} on ${dataset.name}${seeds.length > 1 ? ` (seed ${seed})` : ''}`,
        seed,
        params: setup as unknown as JsonObject,
      };
    }),
  );
}

function titleOf(count: number, dataset: string): string {
  return `${count === 1 ? '1 detector' : `${count} detectors`} on ${dataset}`;
}

/** @throws FaultlineError 'threshold/bad-objective'. */
function objectivesOf(given: Wanted['objective'], labelled: boolean): readonly Objective[] {
  if (!given) return labelled ? [{ kind: 'f1' }] : withoutLabels;
  if (!ownOnly.includes(given.kind)) return [given];
  throw new FaultlineError(
    'threshold/bad-objective',
    'Detectors that are compared get their thresholds by one rule that needs no person: an objective with labels, or one without.',
    { kind: given.kind },
  );
}

/** Jobs of a queue in the order of their turn. @throws FaultlineError 'job/not-found'. */
export function queueJobs(store: Pick<ProjectStore, 'jobs'>, id: string): StoredJob[] {
  const found = store.jobs
    .list()
    .filter((job) => queueOf(job)?.id === id)
    .reverse();
  if (found.length === 0) throw new FaultlineError('job/not-found', 'This comparison of detectors is not in the project.', { id });
  return found;
}
