import type { CompareEvent, Comparison } from '../../../core/compare/comparison';
import { formatDuration } from '../../composables/format';

export type FoundState = CompareEvent['found'][number]['state'];

/** What stands in a cell of the event table. */
export interface EventCell {
  readonly letter: string;
  readonly state: FoundState;
  readonly text: string;
  /** For screen readers and as tooltip. */
  readonly words: string;
  readonly runId: string;
  readonly eventId: string | null;
}
export interface EventLine {
  readonly event: CompareEvent;
  readonly cells: readonly EventCell[];
  /** 'all', 'none', 'A B'. */
  readonly foundBy: string;
}

export const eventFilters = ['all', 'differ', 'missed', 'false'] as const;
export type EventFilter = (typeof eventFilters)[number];

/** Lines of the event table; cells in the order of the rows. */
export function eventLines(comparison: Pick<Comparison, 'eventTable' | 'rows'>): readonly EventLine[] {
  const letters = comparison.rows.map((row) => row.letter);
  return comparison.eventTable.map((event) => {
    const cells = letters.map((letter) => cellOf(event, letter));
    const found = cells.filter((c) => c.state === 'caught' || c.state === 'false').map((c) => c.letter);
    return {
      event,
      cells,
      foundBy: found.length === 0 ? 'none' : found.length === letters.length ? 'all' : found.join(' '),
    };
  });
}

function cellOf(event: CompareEvent, letter: string): EventCell {
  const found = event.found.find((f) => f.letter === letter);
  const state = found?.state ?? 'none';
  const shared = { letter, state, runId: found?.runId ?? '', eventId: found?.eventId ?? null };
  switch (state) {
    case 'caught': {
      const delay = found?.delayMs ?? null;
      // An event that was running when the label began has no delay to speak of.
      const text = delay === null ? 'caught' : delay <= 0 ? 'at once' : formatDuration(delay);
      const words = delay === null ? 'caught' : delay <= 0 ? 'caught from its start' : `caught after ${formatDuration(delay)}`;
      return { ...shared, text, words: `${letter}: ${words}` };
    }
    case 'missed':
      return { ...shared, text: 'missed', words: `${letter}: missed` };
    case 'false':
      return { ...shared, text: 'false', words: `${letter}: false event` };
    case 'none':
      return { ...shared, text: '–', words: `${letter}: nothing found here` };
  }
}

/** Lines under a filter: where methods differ, what all missed, what is false. */
export function filterLines(lines: readonly EventLine[], filter: EventFilter): readonly EventLine[] {
  switch (filter) {
    case 'all':
      return lines;
    case 'differ':
      return lines.filter((l) => l.foundBy !== 'all' && l.foundBy !== 'none');
    case 'missed':
      return lines.filter((l) => l.event.labelId !== null && l.foundBy !== 'all');
    case 'false':
      return lines.filter((l) => l.event.labelId === null);
  }
}
