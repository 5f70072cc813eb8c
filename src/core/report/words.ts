import type { Metric } from '../metrics/evaluation';
import type { Label } from '../labels/label';
import type { ReportEvent } from './model';
import { formatPercent } from './format';

/** A metric as text: the number as `write` puts it, or a dash. */
export function metricText(metric: Metric, write: (value: number) => string): string {
  return metric.value === null ? '–' : write(metric.value);
}

/** Why a metric has no number; '' when it has one. */
export function metricReason(metric: Metric): string {
  return metric.value === null ? metric.reason : '';
}

/** Smaller shares are not worth a line. */
const leastShare = 0.01;

/** "11-TI-2047.PV 40 %, 11-VI-2046.PV 40 %": the largest shares of an event. */
export function sharesText(event: Pick<ReportEvent, 'channels'>, most = 3): string {
  if (event.channels.length === 0) return 'not known';
  return event.channels
    .filter(({ share }, i) => i === 0 || share >= leastShare)
    .slice(0, most)
    .map(({ channel, share }) => `${channel} ${formatPercent(share)}`)
    .join(', ');
}

const reviews: Readonly<Record<string, string>> = {
  new: 'New',
  acknowledged: 'Acknowledged',
  investigating: 'Investigating',
  confirmed: 'Confirmed',
  'false-alarm': 'False alarm',
  'known-cause': 'Known cause',
};

export function reviewText(review: string): string {
  return reviews[review] ?? review;
}

/** Names of labels, "L-01" in order of time, by id. */
export function labelNames(labels: readonly Label[]): ReadonlyMap<string, string> {
  const sorted = labels.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const digits = Math.max(2, String(sorted.length).length);
  return new Map(sorted.map((label, i) => [label.id, `L-${String(i + 1).padStart(digits, '0')}`]));
}

/** "one", "two" … "nine" in running text, digits from ten on. */
export function inWords(count: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][count] ?? String(count);
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** "5e1c 90ab…7d42" of a hash. */
export function shortHash(hash: string): string {
  return hash.length <= 16 ? hash : `${hash.slice(0, 4)} ${hash.slice(4, 8)}…${hash.slice(-4)}`;
}
