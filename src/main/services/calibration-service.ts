import type { Handlers, Params } from '../../contract/methods';
import { normalScoresOf } from '../../core/thresholds/suggest';
import type { ThresholdChoice } from '../../core/thresholds/threshold';
import { FaultlineError } from '../../core/errors';
import type { DetectedEvent } from '../../core/events/event';
import { calibrationTime, carriedThreshold } from '../carried';
import { modesOfRows } from '../run-modes';
import { rowsOfRunPart } from '../run-parts';
import { sharesOf } from '../run-shares';
import type { NewEvent, ProjectStore, StoredRun } from '../store';
import type { ServiceContext } from './context';
import type { Evaluations } from './evaluations';
import { keepThreshold } from './keep-threshold';

type CalibrationHandlers = Pick<Handlers, Extract<keyof Handlers, `calibration.${string}`>>;

export function calibrationService(context: ServiceContext, evaluations: Evaluations): CalibrationHandlers {
  const { session, queries, settings } = context;
  return {
    'calibration.scores': async ({ runId, modes, shares }) => {
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
      return {
        range,
        timestamps,
        score,
        ...normalScoresOf(timestamps, score, labels, heldOut),
        modes: modes ? { rule: modes, rows: modesOfRows(store, run, timestamps, modes) } : null,
        shares: sharesOf(store, run, shares ?? [], rows),
      };
    },
    'calibration.suggest': async (request) => {
      const { file, runs } = session.current();
      runs.get(request.runId);
      return queries.run('calibration.suggest', { file, ...request });
    },
    'calibration.contract': async (request) => {
      const { file, runs } = session.current();
      runs.get(request.runId);
      return queries.run('calibration.contract', { file, ...request });
    },
    'calibration.feedback': async ({ runId }) => {
      const store = session.current();
      store.runs.get(runId);
      return queries.run('calibration.feedback', { file: store.file, runId });
    },
    'calibration.save': async ({ runId, ...given }) => {
      const store = session.current();
      const run = store.runs.get(runId);
      const { timeZone } = settings.get();
      const choice = choiceOf(store, run, given, timeZone);
      const labels = store.labels.list(run.datasetId);
      const evaluation = await evaluations.of(store, runId, choice, labels.labels);
      const threshold = store.transaction(() =>
        keepThreshold(store, runId, choice, labels, evaluation, timeZone, withReviews(store, runId, evaluation.events)),
      );
      evaluations.keep(threshold.id, evaluation);
      session.changed();
      return threshold;
    },
  };
}

/**
 * What is kept: the given choice with the time that chose it. A threshold is only taken for one that was carried over, and hence tested on
 * all of the run, when it is the one that can be carried; any other has seen the calibration part.
 *
 * @throws FaultlineError 'threshold/bad-objective'.
 */
function choiceOf(
  store: ProjectStore,
  run: StoredRun,
  given: Omit<Params<'calibration.save'>, 'runId'>,
  timeZone: string,
): ThresholdChoice {
  if (given.objective.kind === 'contract' && !given.contract) {
    throw new FaultlineError('threshold/bad-objective', 'A threshold chosen for a contract is kept with the contract.');
  }
  checkMode(given);
  if (given.objective.kind !== 'carried') return { ...given, calibratedOn: calibrationTime(store, run) };
  const carried = carriedThreshold(store, run, timeZone);
  if (carried && sameRule(carried, given)) return { ...carried, contract: given.contract ?? carried.contract };
  throw new FaultlineError(
    'threshold/bad-objective',
    carried
      ? 'This is not the threshold that the model carries over. Keep it as set by hand, or take the carried one unchanged.'
      : 'No threshold was kept for the data that trained this model, so none can be carried over.',
  );
}

/** @throws FaultlineError 'threshold/bad-objective' for a contract of a mode that the rule does not have. */
function checkMode({ contract, modes }: Pick<ThresholdChoice, 'contract' | 'modes'>): void {
  const mode = contract?.mode ?? null;
  if (mode === null || (modes && mode <= modes.edges.length)) return;
  throw new FaultlineError(
    'threshold/bad-objective',
    'The contract counts the false events of an operating mode that the threshold does not tell apart. Keep the modes with it, or count all time.',
    { mode },
  );
}

const knobs = ['value', 'minDurationMs', 'mergeGapMs', 'hysteresis', 'deadTimeMs', 'modes', 'suppress'] as const;

/** True when nothing of the rule differs; an absent knob is one that is 0 or empty. */
function sameRule(a: Pick<ThresholdChoice, (typeof knobs)[number]>, b: Pick<ThresholdChoice, (typeof knobs)[number]>): boolean {
  const plain = (choice: typeof a): string =>
    JSON.stringify(
      knobs.map((key) => {
        const value = choice[key];
        return value === undefined || value === 0 || (Array.isArray(value) && value.length === 0) ? null : value;
      }),
    );
  return plain(a) === plain(b);
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
