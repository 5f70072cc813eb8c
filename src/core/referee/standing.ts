import { formatNumber } from '../report/format';
import type { PairedDifference, Standing } from './report';

/**
 * With fewer anomalies no interval can be trusted to tell two methods apart: of two equal ones it would call a quarter of the cases
 * with 3 anomalies, and half of those with 2, different (see bootstrap.test.ts; a sign test cannot reach 5 % below 6 either).
 */
export const fewestEvents = 5;

/** Where a stands to b, by whether the interval of their difference leaves out 0. */
export function standingOf({ value, interval, events }: PairedDifference): Standing {
  if (value.value === null || interval.low === null) return 'cannot-tell';
  if (interval.low <= 0 && interval.high >= 0) return 'no-difference';
  if (events < fewestEvents) return 'cannot-tell';
  return interval.low > 0 ? 'ahead' : 'behind';
}

/** "+0.11 VUS-PR (95 % interval 0.02 to 0.19, 7 events)"; without an interval the reason stands in its place. */
export function differenceText({ value, interval, events }: PairedDifference): string {
  if (value.value === null) return value.reason;
  const inside =
    interval.low === null
      ? interval.reason
      : `95 % interval ${twoDigits(interval.low)} to ${twoDigits(interval.high)}, ${events} event${events === 1 ? '' : 's'}`;
  return `${value.value > 0 ? '+' : ''}${twoDigits(value.value)} VUS-PR (${inside})`;
}

/**
 * One sentence: whether the detector beats the best one-liner, by how much, and how sure that is.
 *
 * @param best - title of the one-liner.
 */
export function verdictOf(title: string, best: string, difference: PairedDifference, standing: Standing, part: string): string {
  const rival = `the best one-liner (${best.charAt(0).toLowerCase()}${best.slice(1)})`;
  const { value, interval, events } = difference;
  if (value.value === null)
    return `Cannot tell: ${events === 0 ? `no labelled anomaly that can be judged in the ${part}` : value.reason}.`;
  const by = differenceText(difference);
  switch (standing) {
    case 'ahead':
      return `${title} beats ${rival} by ${by}.`;
    case 'behind':
      return `${title} does not beat ${rival}: ${by}.`;
    case 'no-difference':
      return `No significant difference between ${title} and ${rival}: ${by}.`;
    case 'cannot-tell':
      return interval.low === null
        ? `Cannot tell whether ${title} beats ${rival}: ${by}.`
        : `Cannot tell whether ${title} beats ${rival}: ${by}; with fewer than ${fewestEvents} events such an interval leaves out 0 by chance too often.`;
  }
}

/** Two decimals; smaller numbers with the digits they need, up to four decimals. */
function twoDigits(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 0.01) return value.toFixed(2).replace('-', '−');
  return Math.abs(value) >= 1e-4 ? formatNumber(value, 1) : '0.0000';
}

/** Against the best one-liner, in a table; the difference and the number of events stand beside it. */
export const standingWords: Readonly<Record<Standing, string>> = {
  ahead: 'better',
  behind: 'worse',
  'no-difference': 'cannot tell',
  'cannot-tell': 'cannot tell',
};
