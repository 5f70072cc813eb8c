import type { Interval, Span } from '../labels/interval';
import type { Scaler, Split } from '../prepare/prepared';
import { countOf, formatCount, formatNumber, formatPercent, timeFormatter } from '../report/format';
import { lowerBound } from '../series/search';
import type { ThresholdChoice } from '../thresholds/threshold';
import type { RefereeCheck } from './report';

const check = (id: RefereeCheck['id'], title: string, state: RefereeCheck['state'], text: string): RefereeCheck => ({
  id,
  title,
  state,
  text,
});

export interface SharedWindowsInput {
  /** [n] rows of the run. */
  readonly timestamps: Float64Array;
  /** [n] 1 for judged rows. */
  readonly judged: Uint8Array;
  /** Rows before a row that its score depends on. */
  readonly warmUpRows: number;
  readonly split: Split;
  /** False when the model learned from another dataset. */
  readonly trainedHere: boolean;
}

/** Do judged rows have windows that reach back into the parts that trained or calibrated? */
export function sharedWindows({ timestamps, judged, warmUpRows, split, trainedHere }: SharedWindowsInput): RefereeCheck {
  let calibration = 0;
  let train = 0;
  for (let i = 0; i < timestamps.length; i++) {
    if (judged[i] !== 1) continue;
    const oldest = timestamps[Math.max(0, i - warmUpRows)]!;
    if (oldest < split.calibrateUntil) calibration++;
    if (trainedHere && oldest < split.trainUntil) train++;
  }
  const title = 'Windows shared between parts';
  const span = `A score depends on ${countOf(warmUpRows + 1, 'row')}; the gap before the test part holds ${formatCount(guardRows(timestamps, split))}.`;
  if (train > 0) {
    return check(
      'shared-windows',
      title,
      'failed',
      `${span} Windows of ${countOf(train, 'test row')} reach into rows that trained.`,
    );
  }
  if (calibration > 0) {
    const text = `${span} Windows of ${countOf(calibration, 'test row')} reach into the calibration part.`;
    return check('shared-windows', title, 'warning', text);
  }
  return check('shared-windows', title, 'passed', `${span} No window of a test row reaches into another part.`);
}

/** Rows of the guard gap before the test part. */
function guardRows(timestamps: Float64Array, { calibrateUntil, guardMs }: Split): number {
  return lowerBound(timestamps, calibrateUntil + guardMs) - lowerBound(timestamps, calibrateUntil);
}

/** From this share of time on, labels count as lying at the end. */
const endShare = 0.25;

/**
 * Would "everything after some moment" do? Run-to-failure series end with their anomaly, and then a score that only rises with time
 * wins (Wu and Keogh, TKDE 2021, section 2.5).
 *
 * @param truth - [n] judged rows in order of time, 1 anomaly.
 * @param detectorF1 - of the detector; null where it is not defined.
 */
export function labelsAtEnd(truth: Uint8Array, detectorF1: number | null): RefereeCheck {
  const title = 'Labels only at the end';
  const first = truth.indexOf(1);
  const n = truth.length;
  if (first < 0) return check('labels-at-end', title, 'unknown', 'No anomaly is labelled in the test part.');
  const positives = truth.reduce((sum, y) => sum + y, 0);
  let best = 0;
  for (let i = n - 1, hits = 0; i >= 0; i--) {
    hits += truth[i]!;
    best = Math.max(best, (2 * hits) / (n - i + positives));
  }
  const share = (n - first) / n;
  const rises = `A score that only rises with time would have F1 ${formatNumber(best)} at its best`;
  const beside = detectorF1 === null ? '.' : `, the detector has ${formatNumber(detectorF1)}.`;
  if (share <= endShare) {
    const where = `All labelled time lies in the last ${formatPercent(share)} of the test part.`;
    return check('labels-at-end', title, 'warning', `${where} ${rises}${beside}`);
  }
  if (detectorF1 !== null && best > detectorF1) return check('labels-at-end', title, 'warning', `${rises}${beside}`);
  const where = `Labelled time begins ${formatPercent(first / n)} into the test part.`;
  return check('labels-at-end', title, 'passed', `${where} ${rises}${beside}`);
}

export interface ScalerInput {
  readonly channels: readonly string[];
  /** The model's own. */
  readonly stored: Scaler;
  /** Recomputed from the rows of the train part outside labels. */
  readonly fromTrain: Scaler;
  /** Recomputed from all rows, the test part included. */
  readonly fromAll: Scaler;
  /** Labels of the training data have changed since, so that other rows would train today. */
  readonly labelsChanged: boolean;
}

/** Largest difference that is rounding, in standard deviations. */
const scalerTolerance = 1e-6;

/** Does the scaler follow from the train rows alone? */
export function scalerCheck({ channels, stored, fromTrain, fromAll, labelsChanged }: ScalerInput): RefereeCheck {
  const title = 'Scaler fitted on train rows';
  const own = furthest(stored, fromTrain);
  const all = furthest(stored, fromAll);
  const tags = countOf(channels.length, 'tag');
  if (own.distance <= scalerTolerance) {
    const text = `Mean and spread of ${tags}, computed again from the train rows, are those that the model uses.`;
    return check('scaler', title, 'passed', text);
  }
  const far = `differs by up to ${formatNumber(own.distance)} standard deviations (${channels[own.channel]!})`;
  if (all.distance <= scalerTolerance) {
    return check('scaler', title, 'failed', `The scaler is that of all rows, test part included; that of the train rows ${far}.`);
  }
  return labelsChanged
    ? check(
        'scaler',
        title,
        'unknown',
        `Labels changed since training, so the scaler of today's train rows ${far}. Train again to be sure.`,
      )
    : check('scaler', title, 'failed', `The scaler does not follow from the train rows: computed again it ${far}.`);
}

/** Largest difference of mean or spread, in standard deviations of `b`, and its tag. */
function furthest(a: Scaler, b: Scaler): { distance: number; channel: number } {
  let found = { distance: 0, channel: 0 };
  for (let j = 0; j < b.mean.length; j++) {
    const unit = b.std[j]! || 1;
    const distance = Math.max(Math.abs(a.mean[j]! - b.mean[j]!), Math.abs(a.std[j]! - b.std[j]!)) / unit;
    if (!(distance <= found.distance)) found = { distance, channel: j };
  }
  return found;
}

/** Has the time that chose the threshold a part in the test? @param left - rows of the test part left out because they were seen. */
export function thresholdSawTest(
  { objective, calibratedOn }: Pick<ThresholdChoice, 'objective' | 'calibratedOn'>,
  test: Span,
  left: number,
): RefereeCheck {
  const title = 'Threshold chosen without test labels';
  const done = (state: RefereeCheck['state'], text: string): RefereeCheck => check('threshold-saw-test', title, state, text);
  const leftOut = left > 0 ? ` ${countOf(left, 'row')} of the test part were seen before and are left out.` : '';
  if (objective.kind === 'manual') {
    return done('warning', `The threshold was set by hand; whoever set it may have seen the test part.${leftOut}`);
  }
  if (!calibratedOn) return done('unknown', 'Which time chose the threshold was not recorded. Keep it again to be sure.');
  const when = periodText(calibratedOn);
  if (calibratedOn.end >= test.start && calibratedOn.start < test.end) {
    return done('failed', `The threshold was chosen on ${when}, which reaches into the test part.${leftOut}`);
  }
  return done('passed', `The threshold was chosen on ${when}, none of it in the test part.${leftOut}`);
}

function periodText({ start, end }: Interval): string {
  const clock = timeFormatter('UTC');
  return `${clock.time(start)} to ${clock.time(end)} (UTC)`;
}

/**
 * Could results of the test part have been seen before the threshold was kept?
 *
 * @param before - thresholds kept for this run before the one that is judged.
 * @param otherRuns - other runs on these data that had a threshold by then.
 */
export function testWasSeen(before: number, otherRuns: number): RefereeCheck {
  const title = 'Test part looked at once';
  const others =
    otherRuns > 0
      ? ` ${countOf(otherRuns, 'other run')} on these data ${otherRuns === 1 ? 'was' : 'were'} judged before it; a detector picked among them by these results looks better than it is.`
      : '';
  if (before === 0) {
    return check('test-was-seen', title, 'passed', `No result of this run was shown before its threshold was kept.${others}`);
  }
  const text =
    `${countOf(before, 'threshold')} ${before === 1 ? 'was' : 'were'} kept for this run before this one, each with results of the test part: ` +
    `whoever chose this one could have seen them.${others}`;
  return check('test-was-seen', title, 'warning', text);
}
