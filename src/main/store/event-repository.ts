import { randomUUID } from 'node:crypto';
import { FaultlineError } from '../../core/errors';
import type { ChannelShare } from '../../core/events/event';
import type { Cell, Connection } from './connection';
import { asJson, asNumber, asText, damaged, SealedTable } from './sealed-table';
import type { EventRepository, EventReview, NewEvent, ReviewState, StoredEvent } from './types';

const eventColumns = [
  'id',
  'threshold_id',
  'run_id',
  'start_ms',
  'end_ms',
  'peak_ms',
  'peak_score',
  'channels',
  'review',
  'comment',
] as const;
type EventRow = Record<(typeof eventColumns)[number], Cell>;
const reviewColumns = ['event_id', 'at', 'state', 'comment'] as const;

/** Events of a threshold and what a person decided about them. */
export class Events implements EventRepository {
  private readonly events: SealedTable<(typeof eventColumns)[number]>;
  private readonly reviewTable: SealedTable<(typeof reviewColumns)[number]>;
  private readonly select;
  private readonly updateRow;
  private readonly expectedCount;

  constructor(private readonly connection: Connection) {
    this.events = new SealedTable(connection, 'event', eventColumns);
    this.reviewTable = new SealedTable(connection, 'event_review', reviewColumns);
    this.select = {
      byId: this.events.select('WHERE id = ?'),
      ofThreshold: this.events.select('WHERE threshold_id = ? ORDER BY start_ms, seq'),
      reviews: this.reviewTable.select('WHERE event_id = ? ORDER BY seq'),
    };
    this.updateRow = this.events.updater('id');
    this.expectedCount = connection.prepare('SELECT event_count FROM threshold WHERE id = ?');
  }

  /** Inside the transaction that keeps their threshold. */
  insert(thresholdId: string, runId: string, events: readonly NewEvent[]): void {
    for (const event of events) {
      this.events.insert({
        id: randomUUID(),
        threshold_id: thresholdId,
        run_id: runId,
        start_ms: event.start,
        end_ms: event.end,
        peak_ms: event.peak,
        peak_score: event.peakScore,
        channels: JSON.stringify(event.channels),
        review: event.review ?? 'new',
        comment: event.comment ?? '',
      });
    }
  }

  list(thresholdId: string): readonly StoredEvent[] {
    const events = this.select.ofThreshold(thresholdId).map(stored);
    // An event that vanished must not pass for one that was never found.
    const count = this.expectedCount.get(thresholdId)?.['event_count'];
    if (count !== undefined && count !== events.length) throw damaged(this.connection.file, 'event');
    return events;
  }

  get(eventId: string): StoredEvent {
    return stored(this.row(eventId));
  }

  review(eventId: string, state: ReviewState, comment: string): StoredEvent {
    return this.connection.transaction(() => {
      this.updateRow({ ...this.row(eventId), review: state, comment });
      this.reviewTable.insert({ event_id: eventId, at: this.connection.now(), state, comment });
      return this.get(eventId);
    });
  }

  reviews(eventId: string): readonly EventReview[] {
    return this.select.reviews(eventId).map((row) => ({
      at: asNumber(row.at),
      state: asText(row.state) as ReviewState,
      comment: asText(row.comment),
    }));
  }

  private row(eventId: string): EventRow {
    const [row] = this.select.byId(eventId);
    if (!row) throw new FaultlineError('event/not-found', 'This event is not in the project (any more).', { eventId });
    return row;
  }
}

function stored(row: EventRow): StoredEvent {
  return {
    id: asText(row.id),
    thresholdId: asText(row.threshold_id),
    runId: asText(row.run_id),
    start: asNumber(row.start_ms),
    end: asNumber(row.end_ms),
    peak: asNumber(row.peak_ms),
    peakScore: asNumber(row.peak_score),
    channels: asJson<readonly ChannelShare[]>(row.channels),
    review: asText(row.review) as ReviewState,
    comment: asText(row.comment),
  };
}
