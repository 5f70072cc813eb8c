import type { Handlers } from '../../contract/methods';
import { normalScoresOf } from '../../core/thresholds/suggest';
import { FaultlineError } from '../../core/errors';
import type { DetectedEvent } from '../../core/events/event';
import { rowsOfRunPart } from '../run-parts';
import type { NewEvent, ProjectStore } from '../store';
import type { ServiceContext } from './context';
import type { Evaluations } from './evaluations';

type CalibrationHandlers = Pick<Handlers, Extract<keyof Handlers, `calibration.${string}`>>;

const notYet = (): never => {
  throw new Error('not built yet');
};

export function calibrationService(context: ServiceContext, evaluations: Evaluations): CalibrationHandlers {
  const { session, queries } = context;
  return {
    'calibration.scores': async ({ runId }) => {
      const store = session.current();
      const run = store.runs.get(runId);
      const rows = rowsOfRunPart(store, run, 'calibration');
      if (rows.to <= rows.from) {
        throw new FaultlineError(
          'threshold/no-scores',
          'The calibration part of this run has no scored row. Move the split and train again.',
        );
      }
      const timestamps = store.runs.timestamps(runId, rows);
      const score = store.runs.score(runId, rows);
      const { labels } = store.labels.list(run.datasetId);
      const heldOut = store.models.content(run.modelId).normalScores;
      const range = { start: timestamps[0]!, end: timestamps.at(-1)! };
      return { range, timestamps, score, ...normalScoresOf(timestamps, score, labels, heldOut), modes: null, shares: [] };
    },
    'calibration.suggest': async ({ runId, objective, minDurationMs, mergeGapMs }) => {
      const store = session.current();
      store.runs.get(runId);
      return queries.run('calibration.suggest', { file: store.file, runId, objective, minDurationMs, mergeGapMs });
    },
    'calibration.contract': () => notYet(),
    'calibration.feedback': () => notYet(),
    'calibration.save': async ({ runId, ...choice }) => {
      const store = session.current();
      const run = store.runs.get(runId);
      const labels = store.labels.list(run.datasetId);
      const evaluation = await evaluations.of(store, runId, choice, labels.labels);
      const { threshold } = store.transaction(() => {
        const saved = store.thresholds.save(runId, choice, labels, withReviews(store, runId, evaluation.events));
        store.setLastResult(evaluations.inWords(evaluation));
        return saved;
      });
      evaluations.keep(threshold.id, evaluation);
      session.changed();
      return threshold;
    },
  };
}

/** A new threshold finds much the same events: one with the same peak keeps its verdict and comment. */
function withReviews(store: ProjectStore, runId: string, events: readonly DetectedEvent[]): readonly NewEvent[] {
  const before = store.thresholds.current(runId);
  const reviewed = new Map((before ? store.events.list(before.id) : []).map((event) => [event.peak, event]));
  return events.map((event) => {
    const known = reviewed.get(event.peak);
    return known && known.review !== 'new' ? { ...event, review: known.review, comment: known.comment } : event;
  });
}
