import type { Estimate } from '../../../core/referee/report';
import { niceTicks } from '../../charts/xy';

/** One axis for all rows of the table: VUS-PR from 0 to the end of the farthest interval, rounded up. */
export interface WhiskerAxis {
  readonly high: number;
  readonly ticks: readonly number[];
}

const MOST_TICKS = 5;

/** @param estimates - of all rows, referee included. A value without interval counts as it is. */
export function whiskerAxis(estimates: readonly Estimate[], spreads: readonly number[] = []): WhiskerAxis {
  const ends = estimates.flatMap((e) => {
    const high = 'high' in e.interval ? [e.interval.high] : [];
    return e.value.value === null ? high : [e.value.value, ...high];
  });
  if (ends.length === 0 && spreads.length === 0) return { high: 1, ticks: [0, 0.5, 1] };
  const farthest = Math.min(1, Math.max(0.05, ...ends, ...spreads));
  const step = niceTicks(0, farthest, MOST_TICKS - 1);
  const width = step.length > 1 ? step[1]! - step[0]! : farthest;
  // A farthest end just beyond a tick would else give an axis that ends in nothing.
  const high = Math.min(1, Number((Math.ceil(farthest / width - 1e-9) * width).toPrecision(6)));
  return { high, ticks: niceTicks(0, high, MOST_TICKS - 1) };
}

/** Share of the drawn width left free on either side, so that the marks at the ends are whole. */
const MARGIN = 0.02;

/** Place of a value on the axis as a percentage of the drawn width. */
export function placeOn(axis: WhiskerAxis, value: number): string {
  const share = Math.min(1, Math.max(0, value / axis.high));
  return `${((MARGIN + share * (1 - 2 * MARGIN)) * 100).toFixed(3)}%`;
}

/** The interval in words, or why there is none. */
export function intervalText(estimate: Estimate, format: (value: number) => string): string {
  return 'high' in estimate.interval
    ? `95 % interval ${format(estimate.interval.low)} to ${format(estimate.interval.high)}`
    : `no interval: ${estimate.interval.reason}`;
}
