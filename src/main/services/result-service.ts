import type { Handlers } from '../../contract/methods';
import type { EventInfo, RunResult, ScoreWindow } from '../../contract/types';
import { FaultlineError } from '../../core/errors';
import { explainingClasses, ofClass, overlaps } from '../../core/labels/interval';
import type { Label } from '../../core/labels/label';
import { partAt } from '../../core/prepare/seen';
import { eventName } from '../event-names';
import { partsOfRun } from '../run-parts';
import type { ProjectStore, StoredRun, StoredThreshold } from '../store';
import type { ServiceContext } from './context';
import { checkRange } from './dataset-service';
import { driftOf } from './drift';
import type { Evaluations } from './evaluations';
import { staleReasons, toModelSummary, toRunSummary } from './project-state';
import type { RunColumns } from './run-columns';
import { scoreWindow } from './score-window';

type ResultHandlers = Pick<Handlers, 'run.result' | 'run.drift' | 'event.review' | 'score.window'>;

export function resultService(context: ServiceContext, evaluations: Evaluations, columns: RunColumns): ResultHandlers {
  const { session, queries } = context;
  return {
    'run.result': async ({ runId }) => runResult(session.current(), runId, evaluations),
    'run.drift': async ({ runId }) => driftOf(session.current(), queries, evaluations, runId),
    'event.review': async ({ id, state, comment }) => {
      const store = session.current();
      const event = store.events.review(id, state, comment);
      session.changed();
      const run = store.runs.get(event.runId);
      const events = eventInfos(store, run, event.thresholdId, store.labels.list(run.datasetId).labels);
      return events.find((info) => info.id === id)!;
    },
    'score.window': async ({ runId, channels, start, end, buckets }): Promise<ScoreWindow> => {
      checkRange(start, end);
      return scoreWindow(session.current(), columns, runId, channels, { start, end }, buckets);
    },
  };
}

/** Everything about a run with its kept threshold. @throws FaultlineError 'threshold/no-scores' when none was kept yet. */
export async function runResult(store: ProjectStore, runId: string, evaluations: Evaluations): Promise<RunResult> {
  const run = store.runs.get(runId);
  const threshold = currentThreshold(store, run);
  const { calibration, test, nearMisses, hidden, contract } = await evaluations.ofThreshold(store, threshold);
  return {
    run: toRunSummary(run),
    model: toModelSummary(store.models.get(run.modelId)),
    threshold,
    // Matched with the labels of today, so that a label added to a result is seen at once; the judgement keeps those of its day.
    events: eventInfos(store, run, threshold.id, store.labels.list(run.datasetId).labels),
    calibration,
    test,
    nearMisses,
    hidden,
    contract,
    // The history begins with the newest, which is this one.
    earlierThresholds: store.thresholds.history(runId).length - 1,
    stale: staleReasons(store, run, threshold),
  };
}

/** @throws FaultlineError 'threshold/no-scores'. */
export function currentThreshold(store: ProjectStore, run: StoredRun): StoredThreshold {
  const threshold = store.thresholds.current(run.id);
  if (threshold) return threshold;
  throw new FaultlineError('threshold/no-scores', 'No threshold was kept for this run yet. Choose one on the calibration page.', {
    runId: run.id,
  });
}

/** Events of a threshold in order of time, with name, part and the labels they match. */
export function eventInfos(
  store: ProjectStore,
  run: StoredRun,
  thresholdId: string,
  labels: readonly Label[],
): readonly EventInfo[] {
  const threshold = store.thresholds.history(run.id).find(({ id }) => id === thresholdId) ?? null;
  const parts = partsOfRun(store, run, store.models.get(run.modelId), threshold);
  const told = [...ofClass(labels, 'anomaly'), ...ofClass(labels, ...explainingClasses)];
  const events = store.events.list(thresholdId);
  return events.map((event, index) => ({
    id: event.id,
    name: eventName(index, events.length),
    start: event.start,
    end: event.end,
    peak: event.peak,
    peakScore: event.peakScore,
    channels: event.channels,
    // That of its highest score.
    part: partAt(parts, event.peak),
    matches: told.filter((label) => overlaps(event, label)).map((label) => label.id),
    review: event.review,
    comment: event.comment,
  }));
}
