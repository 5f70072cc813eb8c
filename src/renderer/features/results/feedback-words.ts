import type { FeedbackPreview } from '../../../contract/types';
import type { Evaluation } from '../../../core/metrics/evaluation';
import { fixed } from '../../charts/readout';
import { formatDuration, formatNumber } from '../../composables/format';

/** One figure before and after. */
export interface Change {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly same: boolean;
}

const change = (name: string, before: string, after: string): Change => ({ name, before, after, same: before === after });

/** What the threshold means on the calibration part before and after the labels are added; a figure that is not there is a dash. */
export function changesOf({ before, after }: FeedbackPreview): readonly Change[] {
  const then = 'evaluation' in after ? after : null;
  const row = (name: string, of: (e: Evaluation) => string): Change =>
    change(name, of(before.evaluation), then ? of(then.evaluation) : '–');
  return [
    change('Threshold θ', fixed(before.threshold.value, 2), then ? fixed(then.threshold.value, 2) : '–'),
    row('Labels caught', (e) => (e.labels > 0 ? `${e.caught} of ${e.labels}` : '–')),
    row('False events', (e) => String(e.falseEvents)),
    row('False events a day, 95 % limit', (e) => formatNumber(e.falseEventsPerDayUpper.value, 3)),
    row('Median time to find', (e) => formatDuration(e.medianDelayMs.value)),
    row('F1 per sample', (e) => formatNumber(e.f1.value, 3)),
  ];
}
