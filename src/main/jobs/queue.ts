import type { JobSummary } from '../../contract/types';
import type { ParamValues } from '../../core/detectors/params';
import type { ThresholdOrder } from '../compute/client';
import type { StoredJob } from '../store';

/**
 * A queue of detectors is its jobs: ordinary trainings that share an id, the labels of one day and the rule of the threshold. What is
 * read here was written by 'queue.start', from checked values.
 */

type Params = Pick<StoredJob, 'params'>;

/** The queue that a job is one of; null: it stands alone. */
export function queueOf({ params }: Params): JobSummary['queue'] {
  return (params['queue'] as unknown as JobSummary['queue'] | undefined) ?? null;
}

/** The rule a training of a queue gets its threshold by; undefined for one that stands alone. */
export function orderOf({ params }: Params): ThresholdOrder | undefined {
  return params['threshold'] as unknown as ThresholdOrder | undefined;
}

interface QueuedSetup {
  readonly datasetId: string;
  readonly detectorId: string;
  readonly params: ParamValues;
}

/** What a training of a queue was started with. */
export function queuedSetup({ params }: Params): QueuedSetup {
  return params as unknown as QueuedSetup;
}
