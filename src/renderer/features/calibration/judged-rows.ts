import type { HiddenEvent } from '../../../core/events/event';
import type { Label } from '../../../core/labels/label';
import type { Consequences } from './consequences';

/** A line of the table of the calibration part: an event, a hidden event, or a label that no event finds. */
export interface JudgedRow {
  readonly key: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly label: Label | null;
  readonly explainedBy: Label | null;
  readonly foundAfterMs: number | null;
  readonly peakScore: number | null;
  readonly hidden: HiddenEvent | null;
  readonly missed: boolean;
  /** Comes nearest to breaking the contract, or breaks it. */
  readonly binding: boolean;
}

/**
 * Everything of the calibration part in order of time.
 *
 * @param binding - labels of the contract's binding promise.
 */
export function judgedRows({ events, hidden, missed }: Consequences, binding: readonly string[]): readonly JudgedRow[] {
  const binds = (label: Label | null): boolean => label !== null && binding.includes(label.id);
  const rows: JudgedRow[] = [
    ...events.map((event): JudgedRow => ({
      key: `e${event.start}`,
      name: event.name,
      start: event.start,
      end: event.end,
      label: event.label,
      explainedBy: event.explainedBy,
      foundAfterMs: event.foundAfterMs,
      peakScore: event.peakScore,
      hidden: null,
      missed: false,
      // Only the event that finds the label decides how late it is found.
      binding: event.foundAfterMs !== null && binds(event.label),
    })),
    ...hidden.map((event): JudgedRow => ({
      key: `h${event.start}`,
      name: event.name,
      start: event.start,
      end: event.end,
      label: event.label,
      explainedBy: null,
      foundAfterMs: null,
      peakScore: event.peakScore,
      hidden: event,
      missed: false,
      binding: false,
    })),
    ...missed.map((label): JudgedRow => ({
      key: `m${label.id}`,
      name: '–',
      start: label.start,
      end: label.end,
      label,
      explainedBy: null,
      foundAfterMs: null,
      peakScore: null,
      hidden: null,
      missed: true,
      binding: binds(label),
    })),
  ];
  return rows.sort((a, b) => a.start - b.start);
}
