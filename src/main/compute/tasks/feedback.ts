import type { FeedbackPreview } from '../../../contract/types';
import { FaultlineError, isFaultline } from '../../../core/errors';
import { detect } from '../../../core/events/events';
import type { Label } from '../../../core/labels/label';
import { evaluate } from '../../../core/metrics/evaluate';
import type { Evaluation } from '../../../core/metrics/evaluation';
import { partAt } from '../../../core/prepare/seen';
import type { TimeRange } from '../../../core/series/series';
import { feedbackOf, onlyIn, type Feedback } from '../../../core/thresholds/feedback';
import { suggestThreshold } from '../../../core/thresholds/suggest';
import type { ThresholdChoice, ThresholdRule } from '../../../core/thresholds/threshold';
import { calibrationTime } from '../../carried';
import { eventName } from '../../event-names';
import { partsOfRun } from '../../run-parts';
import type { ProjectReader, StoredModel, StoredRun, StoredThreshold } from '../../store';
import { partView, scoredRowsOf } from '../judge-run';
import { calibrationInput } from './calibrate';
import { withProject } from './data';

export interface FeedbackRequest {
  readonly file: string;
  readonly runId: string;
}

/**
 * What the verdicts on the kept events would add to the labels of the calibration part, and which threshold the same objective would then
 * choose. Both thresholds are judged with the added labels, so that what differs is the threshold's doing. Changes nothing.
 *
 * @throws FaultlineError 'threshold/no-scores' when no threshold was kept yet.
 */
export function previewFeedback({ file, runId }: FeedbackRequest): Promise<FeedbackPreview> {
  return withProject(file, (reader) => {
    const run = reader.runs.get(runId);
    const { threshold } = run;
    if (!threshold)
      throw new FaultlineError('threshold/no-scores', 'No threshold was kept for this run yet, so there are no events.');
    const model = reader.models.get(run.modelId);
    const { labels } = reader.labels.list(run.datasetId);
    const feedback = feedbackFor(reader, run, model, threshold, labels);
    const added = [...labels, ...feedback.labels.map(asLabel)];
    const before = judgement(reader, run, model, threshold, added);
    const found = newThreshold(reader, run, threshold, added);
    const shared = { ...feedback, before: { threshold, evaluation: before.evaluation } };
    if ('reason' in found) return { ...shared, after: { threshold: null, reason: found.reason }, appear: [], vanish: [] };
    const after = judgement(reader, run, model, found.choice, added);
    return {
      ...shared,
      after: { threshold: found.choice, evaluation: after.evaluation },
      appear: onlyIn(after.events, before.events),
      vanish: onlyIn(before.events, after.events),
    };
  });
}

function feedbackFor(
  reader: ProjectReader,
  run: StoredRun,
  model: StoredModel,
  threshold: StoredThreshold,
  labels: readonly Label[],
): Feedback {
  const parts = partsOfRun(reader, run, model, threshold);
  const events = reader.events.list(threshold.id);
  const reviewed = events.map((event, index) => ({
    ...event,
    name: eventName(index, events.length),
    part: partAt(parts, event.peak),
  }));
  return feedbackOf(reviewed, labels, calibrationTime(reader, run) ?? null);
}

function asLabel({ eventId, start, end, class: kind, comment }: Feedback['labels'][number]): Label {
  return { id: `feedback-${eventId}`, start, end, class: kind, comment, channels: [], origin: 'user' };
}

/** Events and judgement of the calibration part. */
function judgement(
  reader: ProjectReader,
  run: StoredRun,
  model: StoredModel,
  threshold: ThresholdChoice,
  labels: readonly Label[],
): { readonly evaluation: Evaluation; readonly events: readonly TimeRange[] } {
  const rows = scoredRowsOf(reader, run, threshold);
  const parts = partsOfRun(reader, run, model, threshold);
  const { events, hidden } = detect(rows, threshold);
  const { range, name } = partView('calibration', { rows, labels, threshold, parts });
  const vusBuffer = model.warmUpRows > 0 ? model.warmUpRows : undefined;
  return {
    evaluation: evaluate({ ...rows, labels, rule: threshold, events, hidden, range, part: name, vusBuffer }),
    events: events.filter((event) => partAt(parts, event.peak) === 'calibration').map(({ start, end }) => ({ start, end })),
  };
}

/** By the objective and with the knobs of the kept threshold. */
function newThreshold(
  reader: ProjectReader,
  run: StoredRun,
  kept: StoredThreshold,
  labels: readonly Label[],
): { readonly choice: ThresholdChoice } | { readonly reason: string } {
  const { objective, modes, contract } = kept;
  if (objective.kind === 'manual') return { reason: 'The threshold was set by hand, so it stays as it is.' };
  if (objective.kind === 'carried') return { reason: 'The threshold was carried over from earlier data, so it stays as it is.' };
  try {
    const rule: ThresholdRule = kept;
    const modeRule = modes && { channel: modes.channel, edges: modes.edges };
    const input = calibrationInput(reader, run, labels, { ...knobsOf(rule), modes: modeRule, contract });
    return { choice: { ...suggestThreshold(objective, input), contract } };
  } catch (error) {
    if (isFaultline(error)) return { reason: error.message };
    throw error;
  }
}

function knobsOf({ minDurationMs, mergeGapMs, hysteresis, deadTimeMs, suppress }: ThresholdRule) {
  return { minDurationMs, mergeGapMs, hysteresis, deadTimeMs, suppress };
}
